/**
 * Answers of two servers to the same requests, compared.
 */
import { describe, expect, it } from 'vitest';

import { compareAnswers } from '../../../src/load/client/answers.ts';
import { scenariosById } from '../scenarios.ts';

describe('compareAnswers', () => {
  const [scenario] = scenariosById(['export']) as [ReturnType<typeof scenariosById>[number] & object];

  it('names the first difference with its request', () => {
    const wrong = compareAnswers({ actual: [{ entities: [1] }], expected: [{ entities: [2] }], scenario });
    expect(wrong).toBe('GET /export at /entities/0: answered 1 where 2 was expected');
  });

  it('leaves volatile values out and nothing else', () => {
    expect(
      compareAnswers({ actual: [{ exported_at: 'a', n: 1 }], expected: [{ exported_at: 'b', n: 1 }], scenario }),
    ).toBeUndefined();
    expect(
      compareAnswers({ actual: [{ a: { exported_at: 'a' } }], expected: [{ a: { exported_at: 'b' } }], scenario }),
    ).toContain('/a/exported_at');
  });
});
