/**
 * Where a series of values, in the order of time, changed its level: E-divisive means with a permutation test.
 *
 * The method of Matteson and James (2014), as Daly et al. (2020) use it on histories of benchmarks: it assumes no
 * distribution and no number of changes, only that values between two changes come in no particular order. Chance comes
 * from a seed, so the same series always has the same change points.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

import { requireNumbers } from './center.ts';

interface ChangePoint {
  /** Index of the first value after the change; at least 2 values lie on either side of it. */
  readonly index: number;
  /** In (0, 1]: how often a series in random order has a split as clear, between the neighbouring changes. */
  readonly pValue: number;
}

interface ChangePointOptions {
  /**
   * In (0, 1): a change is found where its p value is at most this; also the rate of false ones in a series without
   * any.
   */
  readonly level: number;
  /** Orders drawn a test, whole number >= 1; a p value is known to about sqrt(level / permutations). */
  readonly permutations: number;
  readonly seed: number;
}

/** Values on either side of a split: one value alone has no spread that could be told from a change. */
const shortestSide = 2;

/**
 * Sums of the same distances in another order differ by rounding only; an order as clear as the observed one has to
 * count.
 */
const roundingShare = 1e-9;

/**
 * Change points in ascending order.
 *
 * A split of a segment into X (n values) and Y (m values) has the divergence
 * `Q = nm / (n + m) * (2 / (nm) * sum|x - y| - sum|x - x'| / C(n, 2) - sum|y - y'| / C(m, 2))`, pairs counted once. The
 * split with the largest Q over all segments is a change where, among random orders of the values inside every segment,
 * the share whose own largest Q is as large is at most `level`; then the search goes on with one segment more. Y always
 * reaches to the end of its segment, where the paper also tries shorter ones.
 * @param values finite, in the order of time, not modified; fewer than 4, or equal ones, give no change.
 * @throws {RangeError} if `values` is empty or holds NaN or an infinity, or an option is out of its range.
 * @see https://doi.org/10.1080/01621459.2013.849605 and https://doi.org/10.1145/3358960.3375791
 */
export function findChangePoints(values: readonly number[], options: ChangePointOptions): ChangePoint[] {
  requireSearchable(values, options);
  const random = mersenne(options.seed);
  const found: ChangePoint[] = [];
  for (;;) {
    const borders = [0, ...found.map(({ index }) => index).toSorted((a, b) => a - b), values.length];
    const best = findBestSplit(values, borders);
    if (best === undefined) break;
    const pValue = testSplit({ values, borders, divergence: best.divergence, options, random });
    if (pValue === undefined) break;
    found.push({ index: best.index, pValue });
  }
  return found.toSorted((a, b) => a.index - b.index);
}

/**
 * The shortest series in which a change can be found at all: with fewer values too many orders are as clear as the
 * clearest one. A step in the middle of n values comes out in 2 * (n / 2)!^2 of n! orders, once as it is and once
 * reversed.
 * @param level in (0, 1).
 * @throws {RangeError} where the level lies outside.
 */
export function shortestSeries(level: number): number {
  requireLevel(level);
  let count = 2 * shortestSide;
  while (2 / countHalves(count) > level) count++;
  return count;
}

/** In how many ways half of the values, rounded down, can be chosen. */
function countHalves(count: number): number {
  const half = Math.floor(count / 2);
  let ways = 1;
  for (let taken = 1; taken <= half; taken++) ways = (ways * (count - half + taken)) / taken;
  return ways;
}

interface SeriesSplit {
  readonly index: number;
  readonly divergence: number;
}

/** The clearest split of any segment; `undefined` where no segment is long enough or all values of each are equal. */
function findBestSplit(values: ArrayLike<number>, borders: readonly number[]): SeriesSplit | undefined {
  let best: SeriesSplit | undefined;
  for (let segment = 1; segment < borders.length; segment++) {
    const split = splitSegment(values, borders[segment - 1] as number, borders[segment] as number);
    if (split !== undefined && split.divergence > (best?.divergence ?? 0)) best = split;
  }
  return best;
}

/** Moves the border through one segment, value by value, and keeps the three sums of distances up to date. */
function splitSegment(values: ArrayLike<number>, start: number, end: number): SeriesSplit | undefined {
  let within = 0;
  for (let i = start; i < end; i++)
    for (let j = i + 1; j < end; j++) within += Math.abs((values[i] as number) - (values[j] as number));
  let [left, right, between] = [0, within, 0];
  let best: SeriesSplit | undefined;
  for (let index = start + 1; index <= end - shortestSide; index++) {
    const moved = values[index - 1] as number;
    let toLeft = 0;
    let toRight = 0;
    for (let i = start; i < index - 1; i++) toLeft += Math.abs(moved - (values[i] as number));
    for (let i = index; i < end; i++) toRight += Math.abs(moved - (values[i] as number));
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    if (index - start < shortestSide) continue;
    const divergence = diverge({ n: index - start, m: end - index, left, right, between });
    if (best === undefined || divergence > best.divergence) best = { index, divergence };
  }
  return best;
}

function diverge({
  n,
  m,
  left,
  right,
  between,
}: {
  n: number;
  m: number;
  left: number;
  right: number;
  between: number;
}): number {
  return ((n * m) / (n + m)) * ((2 * between) / (n * m) - (2 * left) / (n * (n - 1)) - (2 * right) / (m * (m - 1)));
}

/** The p value of the clearest split; `undefined` as soon as it is sure to be above the level. */
function testSplit(request: {
  values: readonly number[];
  borders: readonly number[];
  divergence: number;
  options: ChangePointOptions;
  random: ReturnType<typeof mersenne>;
}): number | undefined {
  const { values, borders, divergence, options, random } = request;
  const { level, permutations } = options;
  const enough = divergence * (1 - roundingShare);
  const order = Float64Array.from(values);
  // The observed order is one of those that are as clear.
  let asClear = 1;
  for (let drawn = 0; drawn < permutations; drawn++) {
    for (let segment = 1; segment < borders.length; segment++) {
      shuffleBetween({ order, start: borders[segment - 1] as number, end: borders[segment] as number, random });
    }
    if ((findBestSplit(order, borders)?.divergence ?? 0) >= enough) asClear++;
    if (asClear > level * (permutations + 1)) return undefined;
  }
  return asClear / (permutations + 1);
}

/** Fisher and Yates' shuffle of one segment, in place. */
function shuffleBetween({
  order,
  start,
  end,
  random,
}: {
  order: Float64Array;
  start: number;
  end: number;
  random: ReturnType<typeof mersenne>;
}): void {
  for (let last = end - 1; last > start; last--) {
    const other = uniformInt(random, start, last);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
}

function requireSearchable(values: readonly number[], { level, permutations }: ChangePointOptions): void {
  requireNumbers(values);
  if (!values.every((value) => Number.isFinite(value))) throw new RangeError('change points need finite values');
  requireLevel(level);
  if (!Number.isSafeInteger(permutations) || permutations < 1)
    throw new RangeError(`permutations must be a whole number of at least 1, not ${permutations}`);
}

function requireLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`a level must lie between 0 and 1, not ${level}`);
}
