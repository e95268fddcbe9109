/**
 * Replays gate sessions from recorded duets: how often would nothing have failed, how often would a slowdown be found?
 *
 * A replayed session draws every cell's duets, with replacement, from those recorded without any change, and makes one
 * cell slower by adding the logarithm of a factor to its duets. The two copies of the baseline change places by chance:
 * they are one code, started and run in random order, so that either may be called the second; without that, a dozen
 * duets would have a null arm that strays by a mean which nobody put there. The decision is the gate's own. A thousand sessions
 * drawn from a dozen duets a cell are no thousand independent ones, which `boundReplay` counts.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

import type { MicroCellId } from '../../model/cell.ts';
import type { Duet, GateCell, GateStage, ReplayBounds, ReplayResult, Tolerance } from '../../model/gate.ts';
import { proportionInterval } from '../../stats/proportion.ts';
import type { CellEvidence } from '../decision/evidence.ts';
import { decide, verdictOfSession } from '../decision/decide.ts';
import { confirmSuspect, levelOfLook } from '../decision/looks.ts';
import { findSuspects } from '../decision/suspects.ts';

/** Forks of one cell, measured where nothing differed. */
export interface CellPool {
  readonly cell: MicroCellId;
  readonly screen: readonly Duet[];
  readonly confirm: readonly Duet[];
}

export interface ReplayRequest {
  /** Cells of one session; each pool with at least one duet a stage. */
  readonly pools: readonly CellPool[];
  readonly sessions: number;
  /** Added to one cell's time, as a share; which cell goes round from session to session. 0 changes none. */
  readonly slowdown: number;
  readonly tolerance: Tolerance;
  readonly falseAlarmRate: number;
  readonly screenForks: number;
  /** Fresh duets of a suspect after each of which it is asked whether it is settled; ascending, not empty. */
  readonly looks: readonly number[];
  readonly seed: number;
}

/** Replays sessions; the same request gives the same result. */
export function replay(request: ReplayRequest): ReplayResult {
  const { pools, sessions, slowdown } = request;
  const random = mersenne(request.seed);
  const draw = (duets: readonly Duet[]): Duet => duets[uniformInt(random, 0, duets.length - 1)] as Duet;
  let detected = 0;
  let falseFailures = 0;
  let inconclusiveSessions = 0;
  let failed = 0;
  let inconclusive = 0;
  let suspects = 0;
  let freshDuets = 0;
  for (let session = 0; session < sessions; session += 1) {
    const changed = slowdown === 0 ? undefined : pools[session % pools.length];
    const drawForks = (pool: CellPool, stage: GateStage, forks: number): Duet[] =>
      Array.from({ length: forks }, (_, fork) => {
        const duet = exchangeCopies(draw(pool[stage]), uniformInt(random, 0, 1) === 1);
        return slowDown({ ...duet, fork }, pool === changed ? slowdown : 0);
      });
    const { cells, suspected } = replaySession(request, drawForks);
    const others = cells.filter(({ cell }) => cell !== changed?.cell);
    suspects += suspected;
    freshDuets += cells.flatMap(({ duets }) => duets.filter(({ stage }) => stage === 'confirm')).length;
    const failures = others.filter(isFailure).length;
    if (changed !== undefined && cells.some(({ cell, verdict }) => cell === changed.cell && verdict === 'regression'))
      detected += 1;
    if (failures > 0) falseFailures += 1;
    if (verdictOfSession(cells) === 'inconclusive') inconclusiveSessions += 1;
    failed += failures;
    inconclusive += others.filter(({ verdict }) => verdict === 'inconclusive').length;
  }
  const untouchedCells = sessions * (pools.length - (slowdown === 0 ? 0 : 1));
  return {
    slowdown,
    sessions,
    detected,
    falseFailures,
    inconclusiveSessions,
    untouched: { cells: untouchedCells, failed, inconclusive },
    suspects: suspects / sessions,
    freshDuets: freshDuets / sessions,
  };
}

/**
 * Recordings that are drawn anew, and sessions of each; the ends of an interval are then known to a few hundredths of
 * it.
 */
const replicates = 100;
const sessionsEach = 60;
const shownConfidence = 0.95;

/**
 * Bounds that count how little was recorded: cells are drawn with replacement, then each one's recorded duets, then
 * sessions from those (a bootstrap in two levels). No drawing shows a duet that was never recorded, so that no bound is
 * closer than what so few independent sessions allow: for false failures sessions without one, for slowdowns their
 * cells.
 * @see https://doi.org/10.1017/CBO9780511802843 Davison and Hinkley, section 3.8, on data in two levels
 */
export function boundReplay(request: Omit<ReplayRequest, 'sessions'>): ReplayBounds {
  const { pools, seed } = request;
  const random = mersenne(seed);
  const pick = <T>(values: readonly T[]): T[] =>
    values.map(() => values[uniformInt(random, 0, values.length - 1)] as T);
  const failures: number[] = [];
  const detections: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const drawn = pick(pools).map(({ cell, screen, confirm }, index): CellPool => {
      // The same cell may be drawn twice, and the decision tells cells apart by their names.
      const own = { ...cell, contender: `${cell.contender}#${index}` };
      const rename = (duets: readonly Duet[]): Duet[] => pick(duets).map((duet) => ({ ...duet, cell: own }));
      return { cell: own, screen: rename(screen), confirm: rename(confirm) };
    });
    const result = replay({ ...request, pools: drawn, sessions: sessionsEach, seed: seed + replicate + 1 });
    failures.push(result.falseFailures / sessionsEach);
    detections.push(result.detected / sessionsEach);
  }
  const independent = countIndependentSessions(request);
  const few = proportionInterval({ count: 0, trials: Math.max(1, Math.floor(independent)) });
  // Another cell is slowed down in every session, so that each cell of an independent session is a trial of its own.
  const trials = Math.max(1, Math.floor(independent * pools.length));
  const mean = detections.reduce((sum, share) => sum + share, 0) / detections.length;
  const found = proportionInterval({ count: Math.round(mean * trials), trials });
  const [falseFailures, detected] = [middleOf(failures), middleOf(detections)];
  return {
    falseFailures: { lo: falseFailures.lo, hi: Math.max(falseFailures.hi, few.hi) },
    detected: { lo: Math.min(detected.lo, found.lo), hi: Math.max(detected.hi, found.hi) },
    independentSessions: independent,
  };
}

/** By the cell and the stage with the fewest duets, for a cell that is open up to the last look. */
function countIndependentSessions({
  pools,
  screenForks,
  looks,
}: Pick<ReplayRequest, 'pools' | 'screenForks' | 'looks'>): number {
  const most = looks.at(-1) as number;
  return Math.min(...pools.map(({ screen, confirm }) => Math.min(screen.length / screenForks, confirm.length / most)));
}

/** The values between which the middle share of all lies. */
function middleOf(values: readonly number[]): { lo: number; hi: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const tail = (1 - shownConfidence) / 2;
  return {
    lo: sorted[Math.floor(tail * sorted.length)] as number,
    hi: sorted[Math.ceil((1 - tail) * sorted.length) - 1] as number,
  };
}

/** Whether a cell without a change ends its session in a failure or an error; either stops whoever waits for it. */
export function isFailure({ verdict }: Pick<GateCell, 'verdict'>): boolean {
  return verdict === 'regression' || verdict === 'failed';
}

/** Of the time that a session has it knows nothing: every look is affordable. */
function replaySession(
  { pools, tolerance, falseAlarmRate, screenForks, looks }: ReplayRequest,
  drawForks: (pool: CellPool, stage: GateStage, forks: number) => Duet[],
): { cells: GateCell[]; suspected: number } {
  const screened: CellEvidence[] = pools.map((pool) => ({
    cell: pool.cell,
    tolerance,
    duets: drawForks(pool, 'screen', screenForks),
  }));
  const suspects = new Set(findSuspects(screened).map(({ cell }) => cell));
  const level = levelOfLook(looks, falseAlarmRate);
  const evidence = screened.map((screen, index) => {
    if (!suspects.has(screen.cell)) return screen;
    const draw = (from: number, to: number): Duet[] => drawForks(pools[index] as CellPool, 'confirm', to - from);
    return confirmSuspect({ screen, looks, level, confirmed: suspects.size, draw });
  });
  return { cells: decide({ cells: evidence, falseAlarmRate, looks }), suspected: suspects.size };
}

/** The duet with its copies of the baseline in the other order, where that is asked for. */
function exchangeCopies(duet: Duet, isExchanged: boolean): Duet {
  return isExchanged && duet.nullLogRatio !== undefined ? { ...duet, nullLogRatio: -duet.nullLogRatio } : duet;
}

function slowDown(duet: Duet, share: number): Duet {
  return share === 0 || duet.logRatio === undefined ? duet : { ...duet, logRatio: duet.logRatio + Math.log1p(share) };
}
