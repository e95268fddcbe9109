/**
 * The first look: which cells need fresh forks, and which first.
 */
import { describe, expect, it } from 'vitest';

import { findSuspects } from '../../../src/gate/decision/suspects.ts';
import type { Duet } from '../../../src/model/gate.ts';
import { evidence, forksOf, unchangedScreen, unmeasured } from './forks.ts';

describe('findSuspects', () => {
  it('leaves an unchanged cell alone', () => {
    expect(findSuspects([evidence(unchangedScreen)])).toEqual([]);
  });

  it('orders slowdowns by their size, then the unclear, then improvements', () => {
    const screen = (change: number, spread = 0.005): Duet[] => forksOf({ stage: 'screen', forks: 4, change, spread });
    const suspects = findSuspects([
      evidence(screen(-0.05), 1),
      evidence(screen(0.05), 2),
      evidence(screen(0, 0.1), 3),
      evidence(screen(0.5), 4),
      evidence(screen(-0.2), 5),
      evidence(screen(0.02), 6),
    ]);
    expect(suspects.map(({ cell }) => cell.contender)).toEqual(
      [4, 2, 6, 3, 5, 1].map((number) => `contender-${number}`),
    );
    expect(suspects.map(({ kind }) => kind)).toEqual(['slower', 'slower', 'slower', 'unclear', 'faster', 'faster']);
  });

  it('suspects a slowdown of more than half of the tolerance only', () => {
    const screen = (change: number): Duet[] => forksOf({ stage: 'screen', forks: 4, change, spread: 0.001 });
    expect(findSuspects([evidence(screen(0.016))])).toHaveLength(1);
    expect(findSuspects([evidence(screen(0.014))])).toHaveLength(0);
  });

  it('finds too few forks unclear', () => {
    expect(findSuspects([evidence(unchangedScreen.slice(0, 1))])).toMatchObject([
      { kind: 'unclear', reason: 'only 1 duet at first look' },
    ]);
    expect(findSuspects([evidence([])])).toMatchObject([{ kind: 'unclear', reason: 'only 0 duets at first look' }]);
  });

  it('finds counts that rose in some forks unclear', () => {
    const [first, ...others] = forksOf({
      stage: 'screen',
      forks: 4,
      change: 0,
      side: { baseline: { outputBytes: 100 }, candidate: { outputBytes: 100 } },
    });
    const grown = { ...(first as Duet), candidate: { status: 'ok' as const, outputBytes: 150 } };
    expect(findSuspects([evidence([grown, ...others])])).toMatchObject([
      { kind: 'unclear', reason: 'the output grew in duets of the first look' },
    ]);
  });

  it('has nothing to ask where the statuses decide', () => {
    expect(
      findSuspects([evidence([unmeasured({ status: 'ok' }, { status: 'incorrect', reason: '/0/id differs' })])]),
    ).toEqual([]);
  });

  it('does not look at forks that were measured to confirm', () => {
    expect(
      findSuspects([evidence([...unchangedScreen, ...forksOf({ stage: 'confirm', forks: 12, change: 0.2 })])]),
    ).toEqual([]);
  });
});
