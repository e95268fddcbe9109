/**
 * Puts a run file's content together from what was planned and what the forks gave.
 *
 * Used for a finished run, an interrupted one and the journal of a killed one, so that all three read alike: a round
 * that was cut in its middle counts in none of them, and `--resume` measures it again.
 */
import { assembleForks } from '../compare/assemble-forks.ts';
import { describeMetrics } from '../compare/metrics.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { Run } from '../model/run.ts';
import type { Plan } from '../measure/plan.ts';
import { keepWholeForkRounds } from './whole-fork-rounds.ts';
import type { JournalHeader } from '../store/journal.ts';

/**
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
  const { header, plan, outcomes, elapsedMs, interrupted } = request;
  return {
    startedAt: header.startedAt,
    durationMs: Math.round(elapsedMs),
    seed: header.seed,
    profile: header.profile,
    ...(interrupted ? { interrupted } : {}),
    environment: header.environment,
    metrics: describeMetrics(plan.metrics, 'fork'),
    cells: assembleForks(plan, keepWholeForkRounds(plan, outcomes)),
  };
}
