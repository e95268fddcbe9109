import { describe, expect, it } from 'vitest';

import { burdensOf, compareSimplicity, notAccepted } from '../../../src/choose/decision/simplicity.ts';
import { contender, reference } from '../synthetic-workload.ts';

describe('simplicity', () => {
  it('finds nothing to take on with what the runtime has, and a package with the rest', () => {
    expect(burdensOf(contender(reference))).toEqual([]);
    expect(burdensOf(contender('other'))).toEqual(['dependency']);
    expect(burdensOf({ capabilities: [], package: 'named' })).toEqual(['dependency']);
  });

  it('lists burdens from the heaviest on', () => {
    expect(burdensOf(contender('other', ['sorts-keys', 'needs-schema', 'binary']))).toEqual([
      'binary',
      'needs-schema',
      'sorts-keys',
      'dependency',
    ]);
  });

  it('prefers fewer burdens, then lighter ones', () => {
    expect(compareSimplicity([], ['dependency'])).toBeLessThan(0);
    expect(compareSimplicity(['binary'], ['needs-schema', 'dependency'])).toBeLessThan(0);
    expect(compareSimplicity(['sorts-keys', 'dependency'], ['native-code', 'dependency'])).toBeLessThan(0);
    expect(compareSimplicity(['binary'], ['dependency'])).toBeGreaterThan(0);
    expect(compareSimplicity(['dependency'], ['dependency'])).toBe(0);
  });

  it('names what was not accepted', () => {
    expect(notAccepted(['binary', 'needs-schema'], ['needs-schema'])).toEqual(['binary']);
  });
});
