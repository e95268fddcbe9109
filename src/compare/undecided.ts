/**
 * What a run could not decide, and what would: more rounds of the same, or a machine on which less goes on.
 *
 * The width of an interval shrinks with the square root of the rounds. That is a forecast and no promise: it takes the
 * ratio and the spread to stay what they are, and the gain of a smaller t is left out.
 */
import type { Fork, MicroCell, MicroCellId } from '../model/cell.ts';
import type { RunNoise } from '../model/noise.ts';
import { isTimed, speedupOf, timeOf, type TimedCell } from './cells.ts';
import { middleShares } from './measure-noise.ts';
import { isNoisy, widestInterval } from './noise.ts';
import { roundingError, standing } from './ratios.ts';

/** A cell that rounds do not suffice for. */
export interface Undecided {
  readonly id: MicroCellId;
  readonly rounds: number;
  /** Rounds to add, at least 1. */
  readonly moreRounds: number;
  /**
   * time(reference) / time(contender), a few percent away from 1 and not told from it; absent where it is the cell's
   * time that is noisy.
   */
  readonly ratio?: number;
  /** Whether its own processes found the machine busy. */
  readonly wasDisturbed: boolean;
}

/** Ratios as close to 1 as this change nobody's choice, and deciding them would take very long. Arbitrary within 2 to 5%. */
const worthDeciding = 0.03;

/**
 * In the order of the cells.
 * @param cells of one run; those without bounds are left out, since they lack rounds and not certainty.
 */
export function findUndecided(cells: readonly MicroCell[]): Undecided[] {
  return cells.filter(isTimed).flatMap((cell): Undecided[] => {
    const missing = missingForRatio(cell) ?? missingForTime(cell);
    if (missing === undefined) return [];
    const { factor, ...rest } = missing;
    const rounds = cell.metrics.latencyNs.values.length;
    const moreRounds = Math.max(1, Math.ceil(rounds * factor ** 2 * (1 - roundingError)) - rounds);
    const forks = cell.rounds.flatMap(({ fork }): Fork[] => (fork === undefined ? [] : [fork]));
    return [{ id: cell.id, rounds, moreRounds, ...rest, wasDisturbed: isBusy(middleShares(forks)) }];
  });
}

/** `factor`: how many times narrower the interval has to become. */
function missingForRatio(cell: TimedCell): { factor: number; ratio: number } | undefined {
  const speedup = speedupOf(cell);
  if (speedup === undefined || standing(speedup) !== 'no-difference') return undefined;
  const { ratio, lo = ratio, hi = ratio } = speedup;
  const distance = Math.abs(Math.log(ratio));
  if (distance <= Math.log(1 + worthDeciding)) return undefined;
  // The bound on the other side of 1 has to come back to it.
  const reach = ratio > 1 ? Math.log(ratio / lo) : Math.log(hi / ratio);
  return { factor: reach / distance, ratio };
}

function missingForTime(cell: TimedCell): { factor: number } | undefined {
  const { lo, hi } = timeOf(cell);
  if (!isNoisy(cell) || lo === undefined || hi === undefined) return undefined;
  const factor = Math.log(hi / lo) / Math.log(widestInterval);
  return factor > 1 && Number.isFinite(factor) ? { factor } : undefined;
}

/** An ensemble takes half again as many turns as it needs: below this share of clean ones, others are counted too. */
const fewClean = 2 / 3;
/** Of the machine's processor time; less than this is what any system does by itself. Arbitrary within 2 to 10%. */
const muchByOthers = 0.05;

/** Whether so much else went on that a quieter machine would tell more in the same time. */
export function isBusy({ cleanShare = 1, stolenShare = 0, othersShare = 0 }: Omit<RunNoise, 'twins'>): boolean {
  return cleanShare < fewClean || stolenShare >= muchByOthers || othersShare >= muchByOthers;
}

/** Rounds to add, as a multiple of those there are, beyond which nobody waits for them. Arbitrary within 2 to 10. */
const farthest = 4;

/** What to ask for, so that all is decided that can be in reasonable time. */
export interface Remedy {
  /** Those within reach. */
  readonly byRounds: readonly Undecided[];
  /** Rounds to add for all of those; 0 where there are none. */
  readonly moreRounds: number;
  /** Those that would take too many rounds. */
  readonly beyondReach: readonly Undecided[];
}

export function findRemedy(undecided: readonly Undecided[]): Remedy {
  const isWithinReach = ({ rounds, moreRounds }: Undecided): boolean => moreRounds <= farthest * rounds;
  const byRounds = undecided.filter(isWithinReach);
  const beyondReach = undecided.filter((one) => !isWithinReach(one));
  return { byRounds, moreRounds: Math.max(0, ...byRounds.map(({ moreRounds }) => moreRounds)), beyondReach };
}
