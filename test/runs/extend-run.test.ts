/**
 * A finished run as the journal of a longer one: nothing is lost on the way there and back.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { orderRound } from '../../src/measure/schedule.ts';
import type { Fork, ForkOutcome } from '../../src/model/cell.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { fromRecord } from '../../src/run-file/read.ts';
import { toRecord } from '../../src/run-file/write.ts';
import { assembleRun } from '../../src/runs/assemble-run.ts';
import { extendHeader, outcomesOfRun } from '../../src/runs/extend-run.ts';
import { planAsked } from '../../src/runs/plan-asked.ts';
import { keepWholeForkRounds } from '../../src/runs/whole-fork-rounds.ts';
import type { Run } from '../../src/model/run.ts';
import type { JournalHeader } from '../../src/store/journal.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';
import { forkOf } from './made-up-shards.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

const header: JournalHeader = {
  journalVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  profile: 'quick',
  seed: 1,
  forks: 3,
  selection: { suites: ['plain', 'looks'], contenders: ['honest', 'liar', 'thrower', 'unwilling'] },
  environment: imaginaryEnvironment,
  code: { program: 'p', bench: 'b' },
  options: { seed: 1, forks: 3 },
};
const { plan } = planAsked(header, registry);

/** The second round has a warning. */
const timed = (round: number, latencyNs: number): Fork => ({
  ...forkOf(round, latencyNs),
  ...(round === 1 ? { warnings: ['warm'] } : {}),
});

/** A session to its end; `fates` say what becomes of a contender in a round. */
function outcomesOf(fates: Readonly<Record<string, ForkOutcome['status']>>): ForkOutcome[] {
  const settled = new Set<string>();
  const rounds = [0, 1, 2].flatMap((round) =>
    orderRound(plan, round)
      .flat()
      .flatMap((cell, index): ForkOutcome[] => {
        if (settled.has(cell.key)) return [];
        const status = fates[`${cell.id.contender} ${round}`] ?? 'ok';
        const outcome = { cell: cell.id, round, status };
        if (status !== 'ok') {
          settled.add(cell.key);
          return [
            { ...outcome, reason: `${status} in ${round}`, ...(status === 'incorrect' ? { example: 'wrong' } : {}) },
          ];
        }
        if (cell.suite.method === 'observation')
          return [{ ...outcome, observations: [{ input: 'one', outcome: 'kept', output: '1' }] }];
        const latencyNs = 100 + 7 * index + round;
        const own = { ...outcome, fork: timed(round, latencyNs), example: `example of ${round}` };
        // A power of two, so that what is put together again is the same to the last digit.
        return cell.id.contender === 'honest'
          ? [own, { ...own, isTwin: true, fork: timed(round, 2 * latencyNs) }]
          : [own];
      }),
  );
  const unsupported = plan.cells.flatMap(({ id, unsupported: reason }): ForkOutcome[] =>
    reason === undefined ? [] : [{ cell: id, round: 0, status: 'unsupported', reason }],
  );
  return [...unsupported, ...rounds];
}

const assemble = (outcomes: readonly ForkOutcome[]): Run =>
  assembleRun({ header, plan, outcomes, elapsedMs: 5, interrupted: false });
/** As the file has it. */
const stored = (run: Run): Run => fromRecord(toRecord(run), run.metrics);

const fates = fc.dictionary(
  fc.tuple(fc.constantFrom('honest', 'liar', 'thrower'), fc.integer({ min: 0, max: 2 })).map((pair) => pair.join(' ')),
  fc.constantFrom('failed' as const, 'incorrect' as const, 'unavailable' as const),
  { maxKeys: 3 },
);

describe('the outcomes of a stored run', () => {
  it('make the same run again, whatever became of single rounds', () => {
    fc.assert(
      fc.property(fates, (own) => {
        const run = assemble(outcomesOf(own));
        const again = assemble(outcomesOfRun(stored(run), plan));
        expect(toRecord(again)).toEqual(toRecord(run));
      }),
    );
  });

  it('are whole rounds, so that none is measured again', () => {
    fc.assert(
      fc.property(fates, (own) => {
        const outcomes = outcomesOfRun(stored(assemble(outcomesOf(own))), plan);
        const longer = planAsked({ ...header, forks: 5 }, registry).plan;
        expect(keepWholeForkRounds(longer, outcomes)).toEqual(outcomes);
      }),
    );
  });
});

describe('twins', () => {
  const originals = outcomesOf({});
  const twinsOf = (fate: (round: number) => Partial<ForkOutcome>): ForkOutcome[] =>
    originals.flatMap((outcome) => {
      const { cell, round, fork } = outcome;
      if (fork === undefined || cell.contender !== 'honest' || cell.variant !== 'text') return [];
      const twin = { ...outcome, isTwin: true, fork: { ...fork, latencyNs: fork.latencyNs * (1.01 + round / 100) } };
      return [{ ...twin, ...fate(round) }];
    });

  it('read the same again beside their originals', () => {
    const run = assemble([...originals, ...twinsOf(() => ({}))]);
    const again = assemble(outcomesOfRun(stored(run), plan));
    expect(run.noise?.twins.length).toBeGreaterThan(0);
    const rounded = ({ noise }: Run): unknown =>
      noise?.twins.map(({ cell, rounds }) => [cell, rounds.map(({ round, ratio }) => [round, ratio.toFixed(9)])]);
    expect(rounded(again)).toEqual(rounded(run));
    expect(again.cells).toEqual(run.cells);
  });

  it('that fail are no loss of the cell', () => {
    const failed = { status: 'failed' as const, reason: 'made up' };
    const run = assemble([...originals, ...twinsOf((round) => (round === 1 ? failed : {}))]);
    expect(run.cells).toEqual(assemble(originals).cells);
  });
});

describe('sizes', () => {
  it('are the same again, whatever single rounds took', async () => {
    const asked: JournalHeader = {
      ...header,
      profile: 'thorough',
      selection: { suites: ['output-size'], contenders: ['json-stringify'], payloads: ['tools'], variants: ['text'] },
    };
    const sized = planAsked(asked, await loadRegistry()).plan;
    const rounds = [0, 1, 2];
    expect(sized.cells.every(({ forks }) => forks.max === rounds.length)).toBe(true);
    const outcomes = sized.cells.flatMap(({ id }) =>
      rounds.map((round): ForkOutcome => {
        const encoded = [{ encoding: 'gzip' as const, level: 6, sizeBytes: 5, latencyNs: 100 + round * round }];
        return { cell: id, round, status: 'ok', size: { outputBytes: 10, encoded } };
      }),
    );
    const assembleSizes = (own: readonly ForkOutcome[]): Run =>
      assembleRun({ header: asked, plan: sized, outcomes: own, elapsedMs: 5, interrupted: false });
    const run = assembleSizes(outcomes);
    const again = outcomesOfRun(stored(run), sized);
    expect(again).toHaveLength(outcomes.length);
    expect(toRecord(assembleSizes(again))).toEqual(toRecord(run));
  });
});

describe('the header of a longer run', () => {
  const run = stored(assemble(outcomesOf({})));
  const extend = (changed: Partial<Run>, wanted: Parameters<typeof extendHeader>[0]['wanted'] = { more: 2 }) =>
    extendHeader({ run: { ...run, ...changed }, file: 'run.json', wanted });

  it('asks for the rounds that there are and those to add, and for nothing else', () => {
    const expected = { ...header, forks: 5, options: { ...header.options, forks: 5 }, addition: { from: 3 } };
    expect(extend({})).toEqual(expected);
    expect(extend({}, { total: 5 })).toEqual(expected);
  });

  it('keeps the shard', () => {
    const { plan: own } = run;
    if (own === undefined) throw new Error('the run has no plan');
    expect(extend({ plan: { ...own, shard: { index: 1, of: 2, groups: ['a', 'b'] } } }).shard).toEqual({
      index: 1,
      of: 2,
    });
  });

  it('is refused where nothing can be added, each time with the reason', () => {
    const { plan: _plan, ...unplanned } = run;
    const refusal = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(refusal(() => extend({}, { total: 3 }))).toBe(
      'nothing to add with --forks 3: run.json has 3 rounds already',
    );
    expect(refusal(() => extendHeader({ run: unplanned, file: 'run.json', wanted: { more: 1 } }))).toContain(
      'the version of wirebench that measured it did not record how',
    );
    expect(refusal(() => extend({ shards: { of: 2, parts: [] } }))).toContain('it was joined of shards');
    const looks = run.cells.filter(({ id }) => id.suite === 'looks');
    expect(refusal(() => extend({ cells: looks }))).toContain('nothing but sizes and observations');
  });
});
