/**
 * The verdict on a cell's time: what fresh duets prove, what they leave open, and what a first look is enough for.
 */
import { cellKey } from '../../compare/cells.ts';
import { meanInterval } from '../../stats/intervals.ts';
import { adjustByHolm, testBySignFlips, testMeanAbove } from '../../stats/significance.ts';
import type { CellReading } from './evidence.ts';
import { average, smallestDetectable } from './evidence.ts';
import type { CellVerdict } from './statuses.ts';
import { suspectCell } from './suspects.ts';
import { countDuets, describeChange, percent } from './wording.ts';

/** What the verdict on one cell's time takes from the whole session; cells are named by their identity. */
export interface TimeSession {
  /** What the look that decides may use up of the false-alarm rate. */
  readonly level: number;
  readonly slower: ReadonlySet<string>;
  readonly faster: ReadonlySet<string>;
  /** How many cells fresh duets decide on. */
  readonly confirmed: number;
  readonly unconfirmed: ReadonlySet<string>;
}

/** Conventional level of every interval that is shown. */
export const shownConfidence = 0.95;
/**
 * Chance that a session calls a null arm straying by its interval alone where nothing strays. Shared by the confirmed
 * cells: at 1% each, fifteen of them would leave one unchanged session in seven inconclusive.
 */
const nullAlarmRate = 0.01;

/**
 * Confirmed cells whose time changed beyond the tolerance, by identity; the t test of each is adjusted by Holm's rule
 * over all of them.
 */
export function findSignificant(request: { cells: readonly CellReading[]; level: number; sign: 1 | -1 }): Set<string> {
  const { level, sign } = request;
  const cells = request.cells.filter(isTestable);
  const adjusted = adjustByHolm(
    cells.map(({ logRatios, bound }) =>
      testMeanAbove(
        logRatios.map((value) => sign * value),
        bound,
      ),
    ),
  );
  const significant = cells.filter((cell, index) =>
    provesChange({ cell, sign, pValue: adjusted[index] as number, level }),
  );
  return new Set(significant.map(({ evidence }) => cellKey(evidence.cell)));
}

/**
 * Whether fresh duets prove that a cell changed beyond its tolerance: slower for a sign of 1, faster for -1.
 *
 * Three conditions. The t test, adjusted for the number of cells. The sign-flip test at the level itself: n duets allow
 * no p value below 2^-n, so adjusting that one too would leave eight duets and three suspects with nothing that could
 * ever fail; it guards against duets that are far from normal, the t test against many cells. And the null arm: the
 * one-sided lower bound has to exceed what a second copy of the baseline shows, its |mean|. The mean and not its upper
 * bound, since the effect's lower bound already pays for noise of that size once; paying twice would hide what is twice
 * the tolerance whenever duets spread as usual.
 * @param request.pValue of the t test, adjusted.
 */
export function provesChange(request: { cell: CellReading; sign: 1 | -1; pValue: number; level: number }): boolean {
  const { cell, sign, pValue, level } = request;
  if (pValue > level) return false;
  const values = cell.logRatios.map((value) => sign * value);
  if (testBySignFlips(values, cell.bound) > level) return false;
  const lower = meanInterval(values, 1 - 2 * level).lo ?? Number.NEGATIVE_INFINITY;
  return lower > Math.abs(average(cell.nullLogRatios));
}

/** Whether the interval of what fresh duets show lies within twice the tolerance, on either side. */
export function isNearlyUnchanged({ evidence, logRatios }: CellReading): boolean {
  const { lo = Number.NEGATIVE_INFINITY, hi = Number.POSITIVE_INFINITY } = meanInterval(logRatios, shownConfidence);
  const twice = Math.log1p(2 * evidence.tolerance.time);
  return -twice < lo && hi < twice;
}

/** Whether fresh duets, enough for a test, decide on the cell. */
export function isTestable({ stage, decided, logRatios }: CellReading): boolean {
  return stage === 'confirm' && decided === undefined && logRatios.length >= 2;
}

export function judgeTime(cell: CellReading, session: TimeSession): CellVerdict {
  const { slower, faster, unconfirmed } = session;
  const { evidence, logRatios, stage } = cell;
  const key = cellKey(evidence.cell);
  const duets = countDuets(logRatios.length);
  const change = describeChange(Math.expm1(average(logRatios)));
  const tolerance = `the tolerance of ${percent(evidence.tolerance.time)}`;
  if (slower.has(key)) return { verdict: 'regression', reason: `${change}, beyond ${tolerance} on ${duets}` };
  if (faster.has(key)) return { verdict: 'improvement', reason: `${change}, beyond ${tolerance} on ${duets}` };
  const suspect = suspectCell(evidence);
  const lacking = unconfirmed.has(key) ? 'and no time was left to confirm it' : 'not confirmed';
  if (stage === 'screen' && suspect !== undefined) {
    return { verdict: suspect.kind === 'faster' ? 'pass' : 'inconclusive', reason: `${suspect.reason}, ${lacking}` };
  }
  const doubt = stage === 'confirm' ? doubtConfirmed(cell, session) : undefined;
  if (doubt !== undefined) {
    // Without any fresh duet it would pass, so those that only fail to confirm it change nothing.
    const harmless = (suspect === undefined || suspect.kind === 'faster') && average(logRatios) <= cell.bound / 2;
    if (!harmless) return { verdict: 'inconclusive', reason: doubt };
    return { verdict: 'pass', reason: `${suspect?.reason ?? 'unchanged at first look'}, not confirmed: ${doubt}` };
  }
  if (upperBound(cell) > cell.bound)
    return { verdict: 'pass', reason: `${change}, within what ${duets} can tell from ${tolerance}` };
  return { verdict: 'pass', reason: `${change}, within ${tolerance}` };
}

/** Why fresh duets that showed no change prove none either; undefined where they do. */
function doubtConfirmed(cell: CellReading, { level, confirmed }: TimeSession): string | undefined {
  const { evidence, logRatios, bound } = cell;
  const duets = countDuets(logRatios.length);
  if (logRatios.length < 2) return `only ${duets} measured to confirm`;
  if (!isNearlyUnchanged(cell)) {
    const detectable = smallestDetectable(logRatios);
    const twice = 2 * evidence.tolerance.time;
    if (detectable > twice) return `${duets} cannot tell a change below ${percent(detectable)} from none`;
    const mean = average(logRatios);
    // An estimate this high that is not significant is no proof of a slowdown, and a pass would claim that there is none.
    if (Math.expm1(mean) > twice) return `${describeChange(Math.expm1(mean))}, which ${duets} cannot confirm`;
    if (upperBound(cell) > bound && 2 ** -logRatios.length > level)
      return `${duets} are too few to fail at a false-alarm rate of ${percent(level)}`;
  }
  return describeStrayingNull(cell, confirmed);
}

/** Of the change that the duets show, one-sided. */
function upperBound({ logRatios }: CellReading): number {
  return meanInterval(logRatios, 2 * shownConfidence - 1).hi ?? Number.POSITIVE_INFINITY;
}

/**
 * Says so where the null arm is surely not 0, by more than half of the tolerance, and a slowdown beyond the tolerance
 * could hide behind a difference of that size. A null arm that merely scatters does so in step with the duets
 * themselves, whose smallest detectable change has been looked at by then.
 * @param confirmed how many cells share the chance of a null arm that strays.
 */
export function describeStrayingNull(cell: CellReading, confirmed: number): string | undefined {
  const { nullLogRatios, bound } = cell;
  if (nullLogRatios.length === 0) return undefined;
  const { mean, lo, hi } = meanInterval(nullLogRatios, 1 - nullAlarmRate / confirmed);
  const size = Math.abs(mean);
  const isSure = lo !== undefined && hi !== undefined && (lo > 0 || hi < 0);
  if (!isSure || size <= bound / 2 || upperBound(cell) + size <= bound) return undefined;
  return `two copies of the baseline differ: the second is ${describeChange(Math.expm1(mean))}`;
}
