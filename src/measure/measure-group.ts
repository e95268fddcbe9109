/**
 * One round of a group of timed cells: its contenders as an ensemble, and what each of them gave as an outcome.
 */
import { statSync } from 'node:fs';

import type { MeasuringCore } from '../machine/measuring-core.ts';
import type { ForkOutcome } from '../model/cell.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import type { Runtime } from '../model/runtime.ts';
import type { Bytes } from '../model/values.ts';
import type { ArmProcess, ArmResult } from './ensemble/arm.ts';
import { runEnsemble, type EnsembleResult } from './ensemble/ensemble.ts';
import { selectTurns } from './ensemble/select-turns.ts';
import { startArm } from './ensemble/start-arm.ts';
import type { ArmJob } from './ensemble-messages.ts';
import type { JobCorpus } from './job.ts';
import { fitIntoMemory } from './fit-memory.ts';
import type { MaterializedCorpus } from './materialize.ts';
import type { Plan, PlannedCell } from './plan.ts';
import { startPythonArm } from './python/start-python-arm.ts';
import { currentRuntime, startOf } from './runtimes.ts';

export interface GroupOptions {
  readonly core: MeasuringCore;
  readonly signal: AbortSignal;
  readonly timeLimitMs: number;
  readonly scratchDirectory: string;
  /** What JavaScript contenders run under; the runtime of this very process without it. */
  readonly runtime?: Runtime;
  /** The program that runs contenders of Python; `python3` without it. */
  readonly interpreter?: string;
}

/**
 * Measures the cells of one group once, beside each other.
 * @param request.cells at least one, of one group, and each with a payload.
 * @param request.twin a cell that takes part once more, as itself.
 * @returns an outcome a cell, the twin's last; `undefined` where `signal` ended it.
 */
export async function measureGroup(
  request: {
    cells: readonly PlannedCell[];
    twin: PlannedCell | undefined;
    round: number;
    plan: Pick<Plan, 'settings' | 'seed'>;
    corpus: MaterializedCorpus;
  },
  options: GroupOptions,
): Promise<ForkOutcome[] | undefined> {
  const { cells, twin, round, plan, corpus } = request;
  const others = cells.filter((cell) => cell !== twin).map((cell) => ({ cell, isTwin: false }));
  // A cell and its twin stand beside each other, so that parts do not part them.
  const pair = twin === undefined ? [] : [false, true].map((isTwin) => ({ cell: twin, isTwin }));
  const members = [...pair, ...others];
  const parts = fitIntoMemory(members, {
    catalogBytes: catalogBytesOf(cells[0], corpus),
    freeBytes: process.availableMemory(),
  });
  const outcomes: ForkOutcome[] = [];
  for (const part of parts) {
    const warnings =
      parts.length === 1 ? [] : [`measured in ${parts.length} parts: all at once would not fit into memory`];
    const own = await measureTogether(part, { round, plan, corpus, warnings }, options);
    if (own === undefined) return undefined;
    outcomes.push(...own);
  }
  return outcomes.toSorted((a, b) => Number(a.isTwin === true) - Number(b.isTwin === true));
}

/**
 * Bytes of text of a catalog beyond which its values, several times as large, fill the caches that a core has to itself:
 * then two catalogs are as good as three.
 */
const uncachedBytes: Bytes = 1e6;

/** The catalogs that a process rotates through: two where they are large, for the sake of the time to read more. */
function filesOf(payload: Registered<Payload>, items: number, corpus: MaterializedCorpus): JobCorpus {
  const files = corpus.filesOf(payload, items);
  const isLarge = bytesOf(files.catalogPaths) > uncachedBytes * files.catalogPaths.length;
  return isLarge ? { ...files, catalogPaths: files.catalogPaths.slice(0, 2) } : files;
}

function catalogBytesOf(cell: PlannedCell | undefined, corpus: MaterializedCorpus): Bytes {
  if (cell?.payload === undefined) return 0;
  return bytesOf(filesOf(cell.payload, cell.id.items, corpus).catalogPaths);
}

function bytesOf(files: readonly string[]): Bytes {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** One ensemble. */
async function measureTogether(
  members: readonly { readonly cell: PlannedCell; readonly isTwin: boolean }[],
  request: {
    round: number;
    plan: Pick<Plan, 'settings' | 'seed'>;
    corpus: MaterializedCorpus;
    warnings: readonly string[];
  },
  options: GroupOptions,
): Promise<ForkOutcome[] | undefined> {
  const { round, plan, corpus, warnings } = request;
  const { core, signal, timeLimitMs } = options;
  const { sampler } = plan.settings;
  const result = await runEnsemble({
    starts: members.map(
      ({ cell }) =>
        () =>
          startCell(makeArmJob({ cell, round, settings: sampler, corpus }), options),
    ),
    core,
    settings: sampler,
    blocks: 'each',
    seed: plan.seed,
    round,
    signal,
    timeLimitMs,
  });
  if (result === undefined) return undefined;
  return result.arms.map((arm, index): ForkOutcome => {
    const { cell, isTwin } = members[index] as (typeof members)[number];
    return {
      cell: cell.id,
      round,
      ...(isTwin ? { isTwin } : {}),
      ...toOutcome(arm, { round, fewest: sampler.turns, use: result.use, core, warnings }),
    };
  });
}

function startCell(job: ArmJob, options: GroupOptions): ArmProcess {
  const { core, signal, scratchDirectory, runtime = currentRuntime(), interpreter } = options;
  const prefix = core.free;
  if (job.python !== undefined) {
    return startPythonArm(job, {
      prefix,
      signal,
      scratchDirectory,
      ...(interpreter === undefined ? {} : { interpreter }),
    });
  }
  const start = startOf(runtime, scratchDirectory);
  return startArm(job, {
    prefix,
    program: [start.file, ...start.arguments],
    env: { ...process.env, ...start.environment },
    scratchDirectory,
    signal,
  });
}

function makeArmJob(request: {
  cell: PlannedCell;
  round: number;
  settings: ArmJob['settings'];
  corpus: MaterializedCorpus;
}): ArmJob {
  const { cell, round, settings, corpus } = request;
  const { contender, payload, id } = cell;
  return {
    method: 'latency',
    cell: id,
    round,
    contenderUrl: contender.url,
    settings,
    repeatedShare: 0,
    ...(contender.python === undefined ? {} : { python: contender.python }),
    ...(payload === undefined ? {} : { corpus: filesOf(payload, id.items, corpus) }),
  };
}

function toOutcome(
  arm: ArmResult,
  {
    round,
    fewest,
    use,
    core,
    warnings,
  }: {
    round: number;
    fewest: number;
    use: EnsembleResult['use'];
    core: Pick<MeasuringCore, 'isOneProcessor'>;
    warnings: readonly string[];
  },
): Omit<ForkOutcome, 'cell' | 'round'> {
  const { status, reason, turns, opsPerBlock, outputBytes, compileNs, account, example } = arm;
  const shown = example === undefined ? {} : { example };
  if (status !== 'ok') return { status, ...(reason === undefined ? {} : { reason }), ...shown };
  if (turns.length === 0 || opsPerBlock === undefined || outputBytes === undefined || account === undefined)
    return { status: 'failed', reason: 'gave no time', ...shown };
  const { latencyNs, cleanShare } = selectTurns(turns, fewest);
  return {
    status,
    fork: {
      round,
      latencyNs,
      blocks: turns.map((turn) => turn.latencyNs),
      opsPerBlock,
      ...account,
      compileNs: compileNs ?? 0,
      outputBytes,
      ...(core.isOneProcessor ? {} : { clock: 'elapsed' }),
      cleanShare,
      ...use,
      warnings: [...warnings, ...arm.warnings],
    },
    ...shown,
  };
}
