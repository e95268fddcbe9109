/**
 * One cell measured once on both sides: an ensemble of a process a side, or of two for the baseline.
 */
import path from 'node:path';

import type { MeasuringCore } from '../../machine/measuring-core.ts';
import type { ArmProcess, ArmResult } from '../../measure/ensemble/arm.ts';
import type { EnsembleResult } from '../../measure/ensemble/ensemble.ts';
import { runEnsemble } from '../../measure/ensemble/ensemble.ts';
import { selectTurns } from '../../measure/ensemble/select-turns.ts';
import { startArm } from '../../measure/ensemble/start-arm.ts';
import type { JobCorpus } from '../../measure/job.ts';
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import { nodeArguments } from '../../measure/runtimes.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Duet, DuetSide, GateStage, SideName } from '../../model/gate.ts';
import type { Payload } from '../../model/payload.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import type { GateSettings } from '../settings.ts';
import { duetTimeLimitMs } from '../settings.ts';
import type { GateGridCell } from './grid.ts';

/** What one side is run with. */
interface SideRunner {
  /** The Node.js that runs it. */
  readonly nodePath: string;
  /** A module whose `wrap` makes the serializer worse; for evidence that a slowdown is found. */
  readonly mutantUrl?: string;
  /** Share of operations that are done twice, likewise. */
  readonly repeatedShare?: number;
}

/** What both sides of a cell are run with; the modules of contenders come from the grid. */
export interface SideRunners {
  readonly baseline: SideRunner;
  readonly candidate: SideRunner;
}

/** What the duets of a session have in common. */
export interface DuetRequest {
  /** What runs each side of a cell; a function, so that one cell can be slowed down on purpose. */
  readonly runnersOf: (cell: GateGridCell) => SideRunners;
  readonly settings: GateSettings;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Measures one cell once.
 * @returns `undefined` where `signal` ended it.
 */
export async function measureDuet(duetRequest: {
  cell: GateGridCell;
  stage: GateStage;
  fork: number;
  request: DuetRequest;
  corpus: MaterializedCorpus;
  core: MeasuringCore;
}): Promise<Duet | undefined> {
  const {
    cell,
    stage,
    fork,
    request: { runnersOf, settings, signal, seed },
    corpus,
    core,
  } = duetRequest;
  const { id, payload } = cell.planned;
  const { baseline, candidate } = cell.urls;
  if (baseline === undefined || candidate === undefined || cell.refusals !== undefined)
    return { ...emptyDuet(cell), stage, fork };

  const runners = runnersOf(cell);
  // Caches of compiled code by side, with names of one length.
  const first = { runner: runners.baseline, contenderUrl: baseline, cache: path.join(corpus.directory, 'code-a') };
  const second = { runner: runners.candidate, contenderUrl: candidate, cache: path.join(corpus.directory, 'code-b') };
  const turns = stage === 'screen' ? settings.screenTurns : settings.confirmTurns;
  const files = corpus.filesOf(payload as Registered<Payload>, id.items);
  const result = await runEnsemble({
    starts: (stage === 'screen' ? [first, second] : [first, first, second]).map(
      ({ runner, contenderUrl, cache }) =>
        () =>
          startSide({ runner, contenderUrl, cache, cell: id, corpus: files, fork, settings, signal, core }),
    ),
    core,
    settings: { ...settings.sampler, turns },
    blocks: 'equal',
    seed,
    round: fork,
    signal,
    timeLimitMs: duetTimeLimitMs,
  });
  return result === undefined ? undefined : { cell: id, stage, fork, ...summarize(result, turns) };
}

function startSide(side: {
  runner: SideRunner;
  contenderUrl: string;
  cache: string;
  cell: MicroCellId;
  corpus: JobCorpus;
  fork: number;
  settings: GateSettings;
  signal: AbortSignal;
  core: MeasuringCore;
}): ArmProcess {
  const { runner, contenderUrl, cache, cell, corpus, fork, settings, signal, core } = side;
  const { nodePath, mutantUrl, repeatedShare = 0 } = runner;
  return startArm(
    {
      method: 'latency',
      cell,
      round: fork,
      contenderUrl,
      settings: settings.sampler,
      corpus,
      repeatedShare,
      ...(mutantUrl === undefined ? {} : { mutantUrl }),
    },
    {
      prefix: core.free,
      program: [nodePath, ...nodeArguments],
      // The code of a side has no business with what the judge's own environment holds.
      env: { ...childEnvironment(process.env), NODE_COMPILE_CACHE: cache },
      scratchDirectory: cache,
      signal,
    },
  );
}

/** For a contender that one side does not have, or that declines the cell there. */
function emptyDuet({
  planned,
  urls,
  refusals = {},
}: GateGridCell): Pick<Duet, 'cell' | 'baseline' | 'candidate' | 'warnings'> {
  const tell = (name: SideName): DuetSide => {
    if (urls[name] === undefined) return { status: 'unavailable', reason: `no such contender in the ${name}` };
    const refusal = refusals[name];
    return refusal === undefined ? { status: 'ok' } : { status: 'unsupported', reason: refusal };
  };
  return { cell: planned.id, baseline: tell('baseline'), candidate: tell('candidate'), warnings: [] };
}

/**
 * One value a duet. With two copies of the baseline its time is their geometric mean, which steadies the ratio; their
 * own ratio, the null arm, does not depend on it.
 */
function summarize({ arms }: EnsembleResult, fewest: number): Omit<Duet, 'cell' | 'stage' | 'fork'> {
  const copies = arms.slice(0, -1);
  const candidate = arms.at(-1) as ArmResult;
  const baseline = copies.find(({ status }) => status !== 'ok') ?? copies[0] ?? candidate;
  const sides = { baseline: sideOf(baseline, fewest), candidate: sideOf(candidate, fewest) };
  const warnings = [
    ...new Set([
      ...copies.flatMap((copy) => copy.warnings.map((warning) => `baseline: ${warning}`)),
      ...candidate.warnings.map((warning) => `candidate: ${warning}`),
    ]),
  ];
  if (arms.some(({ status, turns }) => status !== 'ok' || turns.length === 0)) return { ...sides, warnings };

  const [first = 0, second] = copies.map((copy) => Math.log(selectTurns(copy.turns, fewest).latencyNs));
  const centre = second === undefined ? first : (first + second) / 2;
  return {
    ...sides,
    logRatio: Math.log(selectTurns(candidate.turns, fewest).latencyNs) - centre,
    ...(second === undefined ? {} : { nullLogRatio: second - first }),
    opsPerBlock: Math.max(...arms.map(({ opsPerBlock = 1 }) => opsPerBlock)),
    warnings,
  };
}

function sideOf({ status, reason, turns, outputBytes, account }: ArmResult, fewest: number): DuetSide {
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(turns.length === 0 ? {} : { latencyNs: selectTurns(turns, fewest).latencyNs }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
    ...(account?.allocatedBytesPerOp === undefined ? {} : { allocatedBytesPerOp: account.allocatedBytesPerOp }),
  };
}
