import { describe, expect, it } from 'vitest';

import { invoke } from './invoke.ts';

describe('the documents', () => {
  it('hold what the registry, the help texts and the committed run say today', async () => {
    expect(await invoke(['docs', '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
