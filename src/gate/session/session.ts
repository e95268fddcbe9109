/**
 * Carries out a gate: a first look at every cell, then fresh duets of the suspects, until each of them is settled or
 * time is up; one duet at a time.
 *
 * Yields each duet as soon as it has ended, so that the caller can save it.
 */
import type { MaterializedCorpus } from '../../measure/materialize.ts';
import { materializeCorpus } from '../../measure/materialize.ts';
import { type MeasuringCore, openMeasuringCore } from '../../machine/measuring-core.ts';
import { createShuffle } from '../../measure/shuffle.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Duet, GateStage, Tolerance } from '../../model/gate.ts';
import { type CellEvidence, gatherEvidence } from '../decision/evidence.ts';
import { isSettled, levelOfLook } from '../decision/looks.ts';
import { findSuspects } from '../decision/suspects.ts';
import type { GateGridCell, Grid } from './grid.ts';
import { estimateDuetMs } from './grid.ts';
import type { GateSettings } from '../settings.ts';
import { type DuetRequest, measureDuet } from './duet.ts';

export interface GateRequest extends DuetRequest {
  readonly grid: Grid;
  readonly toleranceOf: (cell: MicroCellId) => Tolerance;
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
      /** Duets that each cell has had in this stage. */
      readonly before: number;
      readonly expectedMs: number;
    }
  | { readonly type: 'start'; readonly cell: GateGridCell; readonly expectedMs: number }
  | { readonly type: 'duet'; readonly duet: Duet }
  /** Suspects that there is no time to confirm. */
  | { readonly type: 'unconfirmed'; readonly cells: readonly MicroCellId[] };

/**
 * Carries out both stages; the second one is announced anew at each look at what is still open. Ends early where `signal` is
 * aborted.
 */
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
  let core: MeasuringCore | undefined;
  try {
    const { grid, settings } = request;
    const endMs = startedMs + request.budgetMs;
    core = await openMeasuringCore({ signal: request.signal });
    yield* runStage({
      request,
      corpus,
      core,
      evidence,
      stage: 'screen',
      cells: grid.cells,
      forks: { from: 0, to: grid.screenForks },
      endMs,
    });

    const suspects = suspectsOf(request, evidence);
    let open = suspects;
    let confirmed: readonly GateGridCell[] = [];
    for (const [index, to] of settings.looks.entries()) {
      const from = settings.looks[index - 1] ?? 0;
      if (request.signal.aborted) return;
      const pace = paceOf(request, evidence, startedMs);
      const affordable = takeAffordable({
        cells: open,
        duets: to - from,
        leftMs: endMs - request.now(),
        pace,
        settings,
      });
      if (index === 0) {
        confirmed = affordable;
        const unconfirmed = suspects.slice(affordable.length).map(({ planned }) => planned.id);
        if (unconfirmed.length > 0) yield { type: 'unconfirmed', cells: unconfirmed };
      }
      if (affordable.length === 0) return;
      yield* runStage({
        request,
        corpus,
        core,
        evidence,
        stage: 'confirm',
        cells: affordable,
        forks: { from, to },
        endMs,
      });
      open = openOf(affordable, { request, evidence, confirmed: confirmed.length });
    }
  } finally {
    await core?.end();
    corpus.remove();
  }
}

function suspectsOf(
  { grid, toleranceOf }: GateRequest,
  evidence: ReadonlyMap<string, readonly Duet[]>,
): GateGridCell[] {
  const cells = evidenceOf(grid.cells, { evidence, toleranceOf });
  return findSuspects(cells).map(
    ({ cell }) => grid.cells[cells.findIndex((other) => other.cell === cell)] as GateGridCell,
  );
}

/** Those that a look leaves open, in the same order. */
function openOf(
  cells: readonly GateGridCell[],
  session: { request: GateRequest; evidence: ReadonlyMap<string, readonly Duet[]>; confirmed: number },
): GateGridCell[] {
  const {
    request: { toleranceOf, settings },
    evidence,
    confirmed,
  } = session;
  const level = levelOfLook(settings.looks, settings.falseAlarmRate);
  const known = evidenceOf(cells, { evidence, toleranceOf });
  return cells.filter((_, index) => !isSettled({ cell: known[index] as CellEvidence, level, confirmed }));
}

function evidenceOf(
  cells: readonly GateGridCell[],
  known: { evidence: ReadonlyMap<string, readonly Duet[]> } & Pick<GateRequest, 'toleranceOf'>,
): CellEvidence[] {
  const { evidence, toleranceOf } = known;
  return gatherEvidence({
    cells: cells.map(({ planned }) => planned.id),
    duets: cells.flatMap(({ key }) => evidence.get(key) ?? []),
    toleranceOf,
  });
}

/** The most urgent ones, as many as there is time for: the cells come most urgent first. */
function takeAffordable(request: {
  cells: readonly GateGridCell[];
  /** Of each cell. */
  duets: number;
  leftMs: number;
  pace: number;
  settings: GateSettings;
}): GateGridCell[] {
  const { cells, duets, leftMs, pace, settings } = request;
  const taken: GateGridCell[] = [];
  let spentMs = 0;
  for (const cell of cells) {
    spentMs += duets * pace * estimateDuetMs(cell.planned.id.items, shapeOf('confirm', settings));
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
  const estimatedMs = grid.cells
    .flatMap(({ key }) => evidence.get(key) ?? [])
    .reduce((sum, { cell, stage }) => sum + estimateDuetMs(cell.items, shapeOf(stage, settings)), 0);
  return estimatedMs === 0 ? 1 : (now() - startedMs) / estimatedMs;
}

function shapeOf(stage: GateStage, settings: GateSettings): { arms: number; turns: number; settings: GateSettings } {
  return stage === 'screen'
    ? { arms: 2, turns: settings.screenTurns, settings }
    : { arms: 3, turns: settings.confirmTurns, settings };
}

/** A cell that failed twice is not measured again: a hang costs more than a minute each time. */
const mostFailures = 2;

interface StageRequest {
  readonly request: GateRequest;
  readonly corpus: MaterializedCorpus;
  readonly core: MeasuringCore;
  readonly evidence: Map<string, Duet[]>;
  readonly stage: GateStage;
  readonly cells: readonly GateGridCell[];
  /** Numbers of the duets, the last one excluded. */
  readonly forks: { readonly from: number; readonly to: number };
  /** No duet is started after this time of the session's clock: a side that hangs in every cell would take hours. */
  readonly endMs: number;
}

async function* runStage(stageRequest: StageRequest): AsyncGenerator<GateEvent, void, undefined> {
  const {
    request,
    corpus,
    core,
    evidence,
    stage,
    cells,
    forks: { from, to },
    endMs,
  } = stageRequest;
  const { settings, seed, signal, now } = request;
  const expectedOf = ({ planned }: GateGridCell): number => estimateDuetMs(planned.id.items, shapeOf(stage, settings));
  const expectedMs = (to - from) * cells.reduce((sum, cell) => sum + expectedOf(cell), 0);
  yield { type: 'stage', stage, cells, before: from, expectedMs };
  for (let fork = from; fork < to; fork += 1) {
    // Rounds over all cells, so that a bad minute of the machine hits one duet of each and not all duets of one.
    for (const cell of createShuffle(seed, fork)(cells)) {
      if (signal.aborted || now() > endMs) return;
      const duets = evidence.get(cell.key) ?? [];
      evidence.set(cell.key, duets);
      if (duets.filter(({ logRatio }) => logRatio === undefined).length >= mostFailures) continue;
      yield { type: 'start', cell, expectedMs: expectedOf(cell) };
      const duet = await measureDuet({ cell, stage, fork, request, corpus, core });
      if (duet === undefined) return;
      duets.push(duet);
      yield { type: 'duet', duet };
    }
  }
}
