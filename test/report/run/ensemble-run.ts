/**
 * A made-up run that was measured in ensembles on a busy machine: with twins, undecided cells and a noisy time.
 */
import { measureNoise } from '../../../src/compare/measure-noise.ts';
import type { ForkOutcome, MicroCellId } from '../../../src/model/cell.ts';
import type { RunPlan } from '../../../src/model/run-plan.ts';
import type { RunNoise } from '../../../src/model/noise.ts';
import type { RunRecord } from '../../../src/run-file/records.ts';
import { assembleOutcomes, cellId, timed } from '../../compare/outcomes.ts';
import { storeMicro } from '../../records.ts';
import { syntheticRun } from './synthetic-run.ts';

/** Times of five rounds around 1. */
const steady = [1, 1.01, 0.99, 1.005, 0.995];
const loose = [1.05, 0.95, 1.06, 0.94, 1];
const wild = [1, 2.4, 0.7, 1.9, 0.6];

const quiet = { cleanShare: 0.95, stolenShare: 0, othersShare: 0.01 };
const busy = { cleanShare: 0.4, stolenShare: 0.04, othersShare: 0.3 };

interface Row {
  readonly id: Partial<MicroCellId>;
  readonly latencyNs: number;
  readonly rounds: readonly number[];
  readonly machine: typeof quiet;
}

const rows: readonly Row[] = [
  { id: { contender: 'plain', items: 10 }, latencyNs: 10_000, rounds: steady, machine: quiet },
  // 1.04x, which more ensembles would tell from 1.
  { id: { contender: 'compiled', items: 10 }, latencyNs: 9_600, rounds: loose, machine: quiet },
  { id: { contender: 'packed', items: 10 }, latencyNs: 5_000, rounds: steady, machine: quiet },
  { id: { contender: 'plain', items: 100 }, latencyNs: 100_000, rounds: steady, machine: busy },
  // 1.01x: nobody needs to know.
  { id: { contender: 'compiled', items: 100 }, latencyNs: 99_000, rounds: [1.02, 0.98, 1, 1.01, 0.99], machine: busy },
  // So wide that no number of ensembles is reasonable.
  { id: { contender: 'shaky', items: 100 }, latencyNs: 92_000, rounds: wild, machine: busy },
  { id: { contender: 'packed', items: 100 }, latencyNs: 50_000, rounds: [1, 1.3, 0.95, 1.25, 0.9], machine: busy },
];

function outcomesOf(shares: (machine: typeof quiet) => object): ForkOutcome[] {
  return rows.flatMap(({ id, latencyNs, rounds, machine }) =>
    timed(
      cellId(id),
      rounds.map((factor) => latencyNs * factor),
      shares(machine),
    ),
  );
}

/** The reference beside itself, in each of its groups. */
function twins(): ForkOutcome[] {
  return [10, 100].flatMap((items, group) =>
    timed(
      cellId({ items }),
      steady.map((factor, round) => items * 1000 * factor * (0.995 + 0.009 * group + 0.012 * (round % 2))),
    ).map((outcome) => ({ ...outcome, isTwin: true })),
  );
}

const plan: RunPlan = { selection: {}, code: { program: 'p', bench: 'b' }, options: {} };

/** As a run file has it. */
export function ensembleRun(): RunRecord {
  const outcomes = [...outcomesOf((machine) => machine), ...twins()];
  return {
    ...syntheticRun(),
    warnings: [],
    cells: storeMicro(assembleOutcomes(outcomes, { speed: 'plain' })),
    noise: measureNoise(outcomes) as RunNoise,
    plan,
  };
}
