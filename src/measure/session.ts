/**
 * Carries out a plan: round by round, one ensemble at a time; sizes and observations one process at a time.
 *
 * Yields each outcome as soon as its process has ended, so that the caller can save it.
 */
import path from 'node:path';

import { type MeasuringCore, openMeasuringCore } from '../machine/measuring-core.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { ObservationSuite } from '../model/suite.ts';
import type { Runtime } from '../model/runtime.ts';
import { forkJob } from './fork.ts';
import type { Job } from './job.ts';
import type { MaterializedCorpus } from './materialize.ts';
import { materializeCorpus } from './materialize.ts';
import type { Plan, PlannedCell } from './plan.ts';
import { nameCell } from '../compare/cells.ts';
import { forkTimeLimitMs } from './profiles.ts';
import { measureGroup } from './measure-group.ts';
import { orderRound } from './schedule.ts';

/** What the session is about to do or has done; for progress, in the order it happens. */
export type SessionEvent =
  /** Cells of one group. */
  | { readonly type: 'start'; readonly cells: readonly PlannedCell[]; readonly round: number }
  | { readonly type: 'outcome'; readonly outcome: ForkOutcome };

/**
 * Measures a plan.
 * @param request.done outcomes of whole rounds of earlier sessions of the same plan; they are not measured again.
 * @param request.spentMs milliseconds of the budget that those sessions took.
 * @param request.signal ends the running process and the session at once when aborted.
 * @param request.runtime what the workers run under; the runtime of this process without it.
 * @param request.now milliseconds of a monotonic clock; decides whether another round fits into the budget.
 */
export async function* runPlan(request: {
  plan: Plan;
  done?: readonly ForkOutcome[];
  signal: AbortSignal;
  now: () => number;
  spentMs?: number;
  timeLimitMs?: number;
  runtime?: Runtime;
}): AsyncGenerator<SessionEvent, void, undefined> {
  const { plan, signal, now, done = [], spentMs = 0, timeLimitMs = forkTimeLimitMs, runtime } = request;
  const corpus = materializeCorpus({ seed: plan.seed, catalogs: plan.settings.sampler.catalogs });
  let core: MeasuringCore | undefined;
  try {
    const state = new SessionState(done);
    for (const cell of plan.cells) {
      if (cell.unsupported === undefined || state.has(cell, 0)) continue;
      yield { type: 'outcome', outcome: { cell: cell.id, round: 0, status: 'unsupported', reason: cell.unsupported } };
    }
    const options = {
      signal,
      timeLimitMs,
      scratchDirectory: path.join(corpus.directory, 'runtime'),
      ...(runtime === undefined ? {} : { runtime }),
    };
    const startedMs = now() - spentMs;
    // Until a round was measured here, those before say how long one is.
    const doneRounds = new Set(done.map(({ round }) => round)).size;
    let longestRoundMs = doneRounds === 0 ? 0 : spentMs / doneRounds;
    for (let round = 0; ; round += 1) {
      const groups = orderRound(plan, round)
        .map((group) => group.filter((cell) => state.isWorthForking(cell, round)))
        .filter((group) => group.length > 0);
      if (groups.length === 0) {
        if (
          plan.cells.every((cell) => round >= cell.forks.max || cell.unsupported !== undefined || state.isSettled(cell))
        )
          return;
        continue;
      }
      const optional = groups.flat().every((cell) => round >= cell.forks.min);
      const leftMs = plan.settings.budgetMs === undefined ? Infinity : plan.settings.budgetMs - (now() - startedMs);
      if (optional && leftMs < longestRoundMs) return;

      const roundStartedMs = now();
      for (const group of groups) {
        if (signal.aborted) return;
        const known = group.flatMap((cell) => state.knownFailure(cell, round) ?? []);
        const cells = group.filter((cell) => state.knownFailure(cell, round) === undefined);
        yield* noteAll(known);
        if (cells.length === 0) continue;
        if (cells[0]?.suite.method === 'latency') {
          yield { type: 'start', cells, round };
          core ??= await openMeasuringCore({ signal });
          const twin = cells.find(({ key }) => plan.twins.has(key));
          const outcomes = await measureGroup({ cells, twin, round, plan, corpus }, { ...options, core });
          if (outcomes === undefined) return;
          yield* noteAll(outcomes);
          continue;
        }
        for (const cell of cells) {
          if (signal.aborted) return;
          yield { type: 'start', cells: [cell], round };
          const outcome = await forkJob(makeJob({ cell, round, plan, corpus }), options);
          if (outcome === undefined) return;
          yield* noteAll([outcome]);
        }
      }
      longestRoundMs = Math.max(longestRoundMs, now() - roundStartedMs);

      function* noteAll(outcomes: readonly ForkOutcome[]): Generator<SessionEvent> {
        for (const outcome of outcomes) {
          state.note(outcome);
          yield { type: 'outcome', outcome };
        }
      }
    }
  } finally {
    await core?.end();
    corpus.remove();
  }
}

/** What earlier forks have settled, so that no time goes into repeating a failure. */
class SessionState {
  readonly #done = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #unavailable = new Map<string, string>();

  constructor(done: readonly ForkOutcome[]) {
    for (const outcome of done) this.note(outcome);
  }

  note({ cell, round, status, reason, isTwin }: ForkOutcome): void {
    if (isTwin === true) return;
    this.#done.add(`${nameCell(cell)} ${round}`);
    // A cell that did not come out well in one fork will not do better in the next, and a hang costs a minute each.
    if (status !== 'ok') this.#settled.add(nameCell(cell));
    if (status === 'unavailable') this.#unavailable.set(cell.contender, reason ?? 'no reason given');
  }

  has(cell: PlannedCell, round: number): boolean {
    return this.#done.has(`${cell.key} ${round}`);
  }

  isSettled(cell: PlannedCell): boolean {
    return this.#settled.has(cell.key);
  }

  isWorthForking(cell: PlannedCell, round: number): boolean {
    return !this.isSettled(cell) && !this.has(cell, round);
  }

  /** A library that did not load for one cell does not load for another. */
  knownFailure(cell: PlannedCell, round: number): ForkOutcome | undefined {
    const reason = this.#unavailable.get(cell.contender.id);
    return reason === undefined ? undefined : { cell: cell.id, round, status: 'unavailable', reason };
  }
}

function makeJob(request: { cell: PlannedCell; round: number; plan: Plan; corpus: MaterializedCorpus }): Job {
  const { cell, round, plan, corpus } = request;
  const job = {
    method: cell.suite.method,
    cell: cell.id,
    round,
    contenderUrl: cell.contender.url,
    settings: plan.settings.sampler,
    ...(cell.contender.python === undefined ? {} : { python: cell.contender.python }),
  };
  if (cell.payload !== undefined) return { ...job, corpus: corpus.filesOf(cell.payload, cell.id.items) };
  const { inputs } = cell.suite as ObservationSuite;
  return {
    ...job,
    observation: { suiteUrl: cell.suite.url, inputs: inputs.map(({ title }, index) => ({ index, title })) },
  };
}
