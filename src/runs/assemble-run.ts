/**
 * Puts a run file's content together from what was planned and what the forks gave.
 *
 * Used for a finished run, an interrupted one and the journal of a killed one, so that all three read alike: a round
 * that was cut in its middle counts in none of them, and `--resume` measures it again.
 */
import { assembleForks } from '../compare/assemble-forks.ts';
import { measureNoise } from '../compare/measure-noise.ts';
import { describeMetrics } from '../compare/metrics.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { Run } from '../model/run.ts';
import type { PlannedSample, RunPlan } from '../model/run-plan.ts';
import type { Plan } from '../measure/plan.ts';
import { describeSource } from '../record/sample.ts';
import { keepWholeForkRounds } from './whole-fork-rounds.ts';
import type { JournalHeader } from '../store/journal.ts';
import type { Addition } from '../store/journal-file.ts';

/**
 * What was being added to a finished run when it was stopped makes it no interrupted one: it has all that it had, and a
 * warning.
 * @param request.elapsedMs measuring time, earlier sessions included.
 * @param request.interrupted true where planned forks are missing.
 */
export function assembleRun(request: {
  header: JournalHeader;
  plan: Plan;
  outcomes: readonly ForkOutcome[];
  elapsedMs: number;
  interrupted: boolean;
}): Run {
  const { header, plan, elapsedMs, interrupted } = request;
  const outcomes = keepWholeForkRounds(plan, request.outcomes);
  const noise = measureNoise(outcomes);
  return {
    startedAt: header.startedAt,
    durationMs: Math.round(elapsedMs),
    seed: header.seed,
    profile: header.profile,
    ...(interrupted && header.addition === undefined ? { interrupted } : {}),
    environment: header.environment,
    ...recordPlan(header, plan),
    metrics: describeMetrics(plan.metrics, 'fork'),
    cells: assembleForks(plan, outcomes),
    ...(noise === undefined ? {} : { noise }),
    ...(interrupted && header.addition !== undefined ? { warnings: [tellAddition(header.addition)] } : {}),
  };
}

function tellAddition({ from }: Addition): string {
  return `this finished run of ${from} ${from === 1 ? 'round' : 'rounds'} was being added to and the addition was stopped: some cells have more rounds than others, and \`--resume\` goes on with it`;
}

/** Run files are passed on: addresses in them have no query. */
function describeSample({ source, schema, ...sample }: PlannedSample): PlannedSample {
  return {
    ...sample,
    source: describeSource(source),
    ...(schema === undefined ? {} : { schema: describeSource(schema) }),
  };
}

/** Nothing for journals of versions that recorded neither code nor options, so that nobody takes them for complete. */
function recordPlan({ code, options, selection, forks, sample }: JournalHeader, { shard }: Plan): { plan?: RunPlan } {
  if (code === undefined || options === undefined) return {};
  const asked = {
    selection,
    ...(forks === undefined ? {} : { forks }),
    ...(sample === undefined ? {} : { sample: describeSample(sample) }),
  };
  return { plan: { ...asked, code, options, ...(shard === undefined ? {} : { shard }) } };
}
