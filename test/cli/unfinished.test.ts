/**
 * What a refusal says of options of every kind.
 */
import { describe, expect, it } from 'vitest';

import { refuseOtherOptions, resuming } from '../../src/cli/unfinished.ts';

describe('an option that the unfinished run was not planned with', () => {
  const refuse = (earlier: object, options: Readonly<Record<string, unknown>>): void =>
    refuseOtherOptions({ ...earlier }, { options, given: new Set(Object.keys(options)), free: [] }, resuming);

  it.each([
    [{ seed: 1 }, { seed: 2 }, 'with --seed 2: the unfinished run was planned with --seed 1'],
    [{}, { strict: true }, 'with --strict: the unfinished run was planned without it'],
    [{ suite: ['a'] }, { suite: ['a', 'b'] }, 'with --suite a,b: the unfinished run was planned with --suite a'],
    [
      { headerEnv: { 'x-key': 'A' } },
      { headerEnv: { 'x-key': 'B', via: 'C' } },
      'with --header-env x-key=B,via=C: the unfinished run was planned with --header-env x-key=A',
    ],
  ])('is shown as it is typed: %j and %j', (earlier, options, message) => {
    expect(() => refuse(earlier, options)).toThrow(`cannot resume ${message}`);
  });

  it('is no matter where it is the same', () => {
    expect(() => refuse({ headerEnv: { via: 'C' } }, { headerEnv: { via: 'C' } })).not.toThrow();
  });
});
