/**
 * Carries out a gate: a first look at every cell, then fresh duets of the suspects, one duet at a time.
 *
 * Yields each duet as soon as it has ended, so that the caller can save it.
 */
import path from 'node:path';

import type { DuetArm, DuetArmResult, DuetResult } from '../../measure/duet.ts';
import { runDuet } from '../../measure/duet.ts';
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import { materializeCorpus } from '../../measure/materialize.ts';
import { createShuffle } from '../../measure/schedule.ts';
import type { Registered } from '../../model/bench-module.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Payload } from '../../model/payload.ts';
import type { Duet, DuetSide, GateStage, SideName, Tolerance } from '../../model/gate.ts';
import { median } from '../../stats/center.ts';
import { gatherEvidence } from '../decision/evidence.ts';
import { findSuspects } from '../decision/suspects.ts';
import type { GateGridCell, Grid } from './grid.ts';
import { estimateDuetMs } from './grid.ts';
import type { GateSettings } from '../settings.ts';
import { duetTimeLimitMs } from '../settings.ts';

/** What both sides of a cell are run with; the modules of contenders come from the grid. */
export interface SideRunners {
  readonly baseline: Omit<DuetArm, 'contenderUrl'>;
  readonly candidate: Omit<DuetArm, 'contenderUrl'>;
}

export interface GateRequest {
  readonly grid: Grid;
  /** What runs each side of a cell; a function, so that one cell can be slowed down on purpose. */
  readonly runnersOf: (cell: GateGridCell) => SideRunners;
  readonly toleranceOf: (cell: MicroCellId) => Tolerance;
  readonly settings: GateSettings;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Writes the catalogs; in this very process without it, which then calls the payloads' own code. */
  readonly openCorpus?: (request: {
    cells: readonly GateGridCell[];
    seed: number;
    catalogs: number;
  }) => Promise<MaterializedCorpus>;
  /** Duets stop being started where the session would last longer. */
  readonly budgetMs: number;
}

export type GateEvent =
  | {
      readonly type: 'stage';
      readonly stage: GateStage;
      readonly cells: readonly GateGridCell[];
      readonly expectedMs: number;
    }
  | { readonly type: 'start'; readonly cell: GateGridCell; readonly expectedMs: number }
  | { readonly type: 'duet'; readonly duet: Duet }
  /** Suspects that there is no time to confirm. */
  | { readonly type: 'unconfirmed'; readonly cells: readonly MicroCellId[] };

/** Carries out both stages. Ends early where `signal` is aborted. */
export async function* runGate(request: GateRequest): AsyncGenerator<GateEvent, void, undefined> {
  const {
    seed,
    settings: {
      sampler: { catalogs },
    },
    openCorpus,
  } = request;
  const corpus =
    openCorpus === undefined
      ? materializeCorpus({ seed, catalogs })
      : await openCorpus({ cells: request.grid.cells, seed, catalogs });
  const evidence = new Map<string, Duet[]>();
  const startedMs = request.now();
  try {
    const { grid, settings } = request;
    const endMs = startedMs + request.budgetMs;
    yield* runStage({ request, corpus, evidence, stage: 'screen', cells: grid.cells, forks: grid.screenForks, endMs });
    if (request.signal.aborted) return;

    const leftMs = request.budgetMs - (request.now() - startedMs);
    const suspects = suspectsOf(request, evidence);
    const affordable = takeAffordable({ suspects, leftMs, pace: paceOf(request, evidence, startedMs), settings });
    const unconfirmed = suspects.slice(affordable.length).map(({ planned }) => planned.id);
    if (unconfirmed.length > 0) yield { type: 'unconfirmed', cells: unconfirmed };
    if (affordable.length === 0) return;
    yield* runStage({
      request,
      corpus,
      evidence,
      stage: 'confirm',
      cells: affordable,
      forks: settings.confirmForks,
      endMs,
    });
  } finally {
    corpus.remove();
  }
}

function suspectsOf(
  { grid, toleranceOf }: GateRequest,
  evidence: ReadonlyMap<string, readonly Duet[]>,
): GateGridCell[] {
  const cells = gatherEvidence({
    cells: grid.cells.map(({ planned }) => planned.id),
    duets: [...evidence.values()].flat(),
    toleranceOf,
  });
  return findSuspects(cells).map(
    ({ cell }) => grid.cells[cells.findIndex((other) => other.cell === cell)] as GateGridCell,
  );
}

/** The most urgent suspects, as many as there is time for. */
function takeAffordable(request: {
  suspects: readonly GateGridCell[];
  leftMs: number;
  pace: number;
  settings: GateSettings;
}): GateGridCell[] {
  const { suspects, leftMs, pace, settings } = request;
  const taken: GateGridCell[] = [];
  let spentMs = 0;
  for (const cell of suspects) {
    spentMs += settings.confirmForks * pace * estimateDuetMs(cell.planned.id.items, shapeOf('confirm', settings));
    if (spentMs > leftMs) break;
    taken.push(cell);
  }
  return taken;
}

/** How long duets took beside what was estimated. */
function paceOf(
  { grid, settings, now }: GateRequest,
  evidence: ReadonlyMap<string, readonly Duet[]>,
  startedMs: number,
): number {
  const estimatedMs = grid.cells.reduce(
    (sum, { key, planned }) =>
      sum + (evidence.get(key)?.length ?? 0) * estimateDuetMs(planned.id.items, shapeOf('screen', settings)),
    0,
  );
  return estimatedMs === 0 ? 1 : (now() - startedMs) / estimatedMs;
}

function shapeOf(stage: GateStage, settings: GateSettings): { arms: number; turns: number; settings: GateSettings } {
  return stage === 'screen'
    ? { arms: 2, turns: settings.screenTurns, settings }
    : { arms: 3, turns: settings.confirmTurns, settings };
}

/** A cell that failed twice is not forked again: a hang costs more than a minute each time. */
const mostFailures = 2;

interface StageRequest {
  readonly request: GateRequest;
  readonly corpus: MaterializedCorpus;
  readonly evidence: Map<string, Duet[]>;
  readonly stage: GateStage;
  readonly cells: readonly GateGridCell[];
  readonly forks: number;
  /** No duet is started after this time of the session's clock: a side that hangs in every cell would take hours. */
  readonly endMs: number;
}

async function* runStage(stageRequest: StageRequest): AsyncGenerator<GateEvent, void, undefined> {
  const { request, corpus, evidence, stage, cells, forks, endMs } = stageRequest;
  const { settings, seed, signal, now } = request;
  const expectedOf = ({ planned }: GateGridCell): number => estimateDuetMs(planned.id.items, shapeOf(stage, settings));
  yield { type: 'stage', stage, cells, expectedMs: forks * cells.reduce((sum, cell) => sum + expectedOf(cell), 0) };
  for (let fork = 0; fork < forks; fork += 1) {
    // Rounds over all cells, so that a bad minute of the machine hits one fork of each and not all forks of one.
    for (const cell of createShuffle(seed, fork)(cells)) {
      if (signal.aborted || now() > endMs) return;
      const duets = evidence.get(cell.key) ?? [];
      evidence.set(cell.key, duets);
      if (duets.filter(({ logRatio }) => logRatio === undefined).length >= mostFailures) continue;
      yield { type: 'start', cell, expectedMs: expectedOf(cell) };
      const duet = await measureDuet({ cell, stage, fork, request, corpus });
      if (duet === undefined) return;
      duets.push(duet);
      yield { type: 'duet', duet };
    }
  }
}

/**
 * Measures one cell once.
 * @returns `undefined` where `signal` ended it.
 */
export async function measureDuet(duetRequest: {
  cell: GateGridCell;
  stage: GateStage;
  fork: number;
  request: Pick<GateRequest, 'runnersOf' | 'settings' | 'signal'>;
  corpus: MaterializedCorpus;
}): Promise<Duet | undefined> {
  const {
    cell,
    stage,
    fork,
    request: { runnersOf, settings, signal },
    corpus,
  } = duetRequest;
  const { id, payload } = cell.planned;
  const { baseline, candidate } = cell.urls;
  if (baseline === undefined || candidate === undefined || cell.refusals !== undefined)
    return { ...emptyDuet(cell), stage, fork };

  const runners = runnersOf(cell);
  const first: DuetArm = { ...runners.baseline, contenderUrl: baseline };
  const second: DuetArm = { ...runners.candidate, contenderUrl: candidate };
  // Caches of compiled code by side, with names of one length.
  const [a, b] = [path.join(corpus.directory, 'code-a'), path.join(corpus.directory, 'code-b')];
  const result = await runDuet({
    cell: id,
    corpus: corpus.filesOf(payload as Registered<Payload>, id.items),
    arms: stage === 'screen' ? [first, second] : [first, first, second],
    settings: settings.sampler,
    turns: stage === 'screen' ? settings.screenTurns : settings.confirmTurns,
    fork,
    signal,
    timeLimitMs: duetTimeLimitMs,
    codeCacheDirectories: stage === 'screen' ? [a, b] : [a, a, b],
  });
  return result === undefined ? undefined : { cell: id, stage, fork, ...summarize(result) };
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
 * One value a fork: the median over the turns. With two copies of the baseline its time in a turn is their geometric
 * mean, which steadies the ratio; their own ratio, the null arm, does not depend on it.
 */
function summarize({ arms, opsPerBlock }: DuetResult): Omit<Duet, 'cell' | 'stage' | 'fork'> {
  const copies = arms.slice(0, -1);
  const candidate = arms.at(-1) as DuetArmResult;
  const baseline = copies.find(({ status }) => status !== 'ok') ?? copies[0] ?? candidate;
  const sides = { baseline: sideOf(baseline), candidate: sideOf(candidate) };
  const warnings = [
    ...new Set([
      ...copies.flatMap((copy) => copy.warnings.map((warning) => `baseline: ${warning}`)),
      ...candidate.warnings.map((warning) => `candidate: ${warning}`),
    ]),
  ];
  if (opsPerBlock === undefined || arms.some(({ status }) => status !== 'ok')) return { ...sides, warnings };

  const logsOf = (arm: DuetArmResult): number[] => arm.blocks.map((block) => Math.log(block));
  const [first, second] = copies.map((copy) => logsOf(copy));
  const centres = (first as number[]).map((log, turn) =>
    second === undefined ? log : (log + (second[turn] as number)) / 2,
  );
  const ratios = logsOf(candidate).map((log, turn) => log - (centres[turn] as number));
  const nulls = second?.map((log, turn) => log - (first?.[turn] as number));
  return {
    ...sides,
    logRatio: median(ratios),
    ...(nulls === undefined ? {} : { nullLogRatio: median(nulls) }),
    opsPerBlock,
    warnings,
  };
}

function sideOf({ status, reason, blocks, outputBytes, allocatedBytesPerOp }: DuetArmResult): DuetSide {
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(blocks.length === 0 ? {} : { latencyNs: median(blocks) }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
    ...(allocatedBytesPerOp === undefined ? {} : { allocatedBytesPerOp }),
  };
}
