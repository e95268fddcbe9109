import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Plan, planRun } from '../../src/measure/plan.ts';
import { orderRound } from '../../src/measure/schedule.ts';
import { keepWholeForkRounds } from '../../src/runs/whole-fork-rounds.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

function planOf(forks: number, seed = 1): Plan {
  return planRun({
    registry,
    profile: 'quick',
    selection: { suites: ['plain', 'looks'], contenders: ['honest', 'liar', 'thrower'] },
    seed,
    forks,
  });
}

/**
 * Every outcome of a session in its order; a contender other than the honest one may fail in a round and is not asked
 * again.
 */
function outcomesOf(plan: Plan, failing: ReadonlyMap<string, number> = new Map()): ForkOutcome[] {
  const rounds = Math.max(...plan.cells.map(({ forks }) => forks.max));
  const failed = new Set<string>();
  return Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    orderRound(plan, round)
      .flat()
      .flatMap((cell): ForkOutcome[] => {
        if (failed.has(cell.key)) return [];
        const fails = failing.get(cell.id.contender) === round;
        if (fails) failed.add(cell.key);
        return [
          fails
            ? { cell: cell.id, round, status: 'failed', reason: 'made up' }
            : { cell: cell.id, round, status: 'ok' },
        ];
      }),
  );
}

const latency =
  (plan: Plan) =>
  ({ cell }: ForkOutcome): boolean =>
    plan.cells.find(({ id }) => id.suite === cell.suite)?.suite.method === 'latency';
const groupOf = ({ cell, round }: ForkOutcome): string =>
  [cell.suite, cell.payload, cell.items, cell.variant, cell.sink, round].join(' ');

describe('keepWholeForkRounds', () => {
  it('keeps all of a session that was not cut', () => {
    const plan = planOf(3);
    for (const failing of [
      new Map(),
      new Map([
        ['liar', 0],
        ['thrower', 1],
      ]),
    ]) {
      const outcomes = outcomesOf(plan, failing);
      expect(keepWholeForkRounds(plan, outcomes)).toEqual(outcomes);
    }
  });

  it('drops the round of a group that was cut in the middle, and nothing else, wherever that was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.option(fc.integer({ min: 0, max: 2 })),
        fc.nat(),
        (seed, failsIn, cutAt) => {
          const plan = planOf(3, seed);
          const whole = outcomesOf(plan, failsIn === null ? new Map() : new Map([['liar', failsIn]]));
          const cut = whole.slice(0, cutAt % (whole.length + 1));
          const kept = keepWholeForkRounds(plan, cut);
          const isLatency = latency(plan);
          const last = cut.at(-1);
          const isCut =
            last !== undefined &&
            isLatency(last) &&
            whole.slice(cut.length).some((outcome) => groupOf(outcome) === groupOf(last));
          expect(kept).toEqual(isCut ? cut.filter((outcome) => groupOf(outcome) !== groupOf(last)) : cut);
        },
      ),
    );
  });

  it('keeps every size and observation, which are held against nothing', () => {
    const plan = planOf(1);
    const look = outcomesOf(plan).find((outcome) => !latency(plan)(outcome)) as ForkOutcome;
    expect(keepWholeForkRounds(plan, [look])).toEqual([look]);
  });

  it('never pairs what two sessions have measured, however often they were cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }), (cuts) => {
        const plan = planOf(2);
        const all = outcomesOf(plan);
        let journal: (ForkOutcome & { session: number })[] = [];
        [...cuts, Infinity].forEach((length, session) => {
          const done = keepWholeForkRounds(plan, journal) as typeof journal;
          const known = new Set(done.map((outcome) => JSON.stringify([outcome.cell, outcome.round])));
          const rest = all.filter((outcome) => !known.has(JSON.stringify([outcome.cell, outcome.round])));
          journal = [...done, ...rest.slice(0, length).map((outcome) => ({ ...outcome, session }))];
        });
        expect(journal).toHaveLength(all.length);
        const sessionsOf = Map.groupBy(journal.filter(latency(plan)), groupOf);
        for (const outcomes of sessionsOf.values())
          expect(new Set(outcomes.map(({ session }) => session)).size).toBe(1);
      }),
    );
  });
});
