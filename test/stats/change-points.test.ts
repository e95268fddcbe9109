/**
 * Change points on series whose changes are known: steps are found where they are, noise has them at the level's rate.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';

import { findChangePoints, shortestSeries } from '../../src/stats/change-points.ts';

const options = { level: 0.05, permutations: 999, seed: 1 };

type Random = () => number;

function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Box-Muller; the first draw is kept off zero, whose logarithm is infinite. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Noise of the given spread around levels that are held for some values each. */
function stepped(
  levels: readonly (readonly [level: number, count: number])[],
  { spread, random }: { spread: number; random: Random },
): number[] {
  return levels.flatMap(([level, count]) => Array.from({ length: count }, () => level + spread * normal(random)));
}

const indexes = (values: readonly number[]): number[] => findChangePoints(values, options).map(({ index }) => index);

/** Share of the series, all without a change, in which one is found. */
function falseAlarms(
  draw: (random: Random) => number,
  request: { series: number; length: number; level: number },
): number {
  const random = seeded(7);
  let alarms = 0;
  for (let series = 0; series < request.series; series++) {
    const values = Array.from({ length: request.length }, () => draw(random));
    alarms += findChangePoints(values, { level: request.level, permutations: 399, seed: series }).length > 0 ? 1 : 0;
  }
  return alarms / request.series;
}

describe('change points', () => {
  it('stand at the first value of a new level', () => {
    expect(
      indexes(
        stepped(
          [
            [0, 12],
            [0.2, 12],
          ],
          { spread: 0.02, random: seeded(1) },
        ),
      ),
    ).toEqual([12]);
    expect(
      indexes(
        stepped(
          [
            [5, 6],
            [4, 18],
          ],
          { spread: 0.05, random: seeded(2) },
        ),
      ),
    ).toEqual([6]);
  });

  it('are all found where there are several, in the order of time', () => {
    expect(
      indexes(
        stepped(
          [
            [1, 12],
            [2, 12],
            [0, 12],
          ],
          { spread: 0.1, random: seeded(3) },
        ),
      ),
    ).toEqual([12, 24]);
    expect(
      indexes(
        stepped(
          [
            [1, 12],
            [2, 12],
            [1, 12],
          ],
          { spread: 0.1, random: seeded(4) },
        ),
      ),
    ).toEqual([12, 24]);
  });

  it('have p values at or below the level, and those of a clear step are small', () => {
    const [found] = findChangePoints(
      stepped(
        [
          [0, 15],
          [1, 15],
        ],
        { spread: 0.05, random: seeded(5) },
      ),
      options,
    );
    expect(found?.pValue).toBe(1 / (options.permutations + 1));
  });

  it('are the same whenever the seed is, and whatever unit the values have', () => {
    const values = stepped(
      [
        [0, 10],
        [0.1, 10],
      ],
      { spread: 0.06, random: seeded(6) },
    );
    const found = findChangePoints(values, options);
    expect(findChangePoints(values, options)).toEqual(found);
    expect(
      findChangePoints(
        values.map((value) => 1000 * value - 3),
        options,
      ),
    ).toEqual(found);
  });

  it('leave the values as they are', () => {
    const values = Object.freeze(
      stepped(
        [
          [0, 10],
          [1, 10],
        ],
        { spread: 0.1, random: seeded(8) },
      ),
    );
    expect(() => findChangePoints(values, options)).not.toThrow();
  });

  it('are not made by one outlier', () => {
    const values = stepped([[0, 20]], { spread: 0.02, random: seeded(9) });
    expect(indexes(values.with(11, 3))).toEqual([]);
    expect(indexes(values.with(19, 3))).toEqual([]);
  });

  it.each<[string, number[]]>([
    ['equal values', Array.from({ length: 20 }, () => 1.5)],
    ['a single value', [1]],
    ['values too few to be split', [1, 1, 2]],
    ['a step that too few values show', [1, 1.01, 1.02, 2, 2.01, 2.02]],
  ])('do not exist in %s', (_what, values) => {
    expect(indexes(values)).toEqual([]);
  });

  it.each<[string, (random: Random) => number, number]>([
    ['normal noise', normal, 0.05],
    ['normal noise at another level', normal, 0.01],
    ['noise with a slow mode', (random) => (random() < 0.2 ? 3 : 0) + normal(random), 0.05],
    ['noise with heavy tails', (random) => normal(random) / (0.1 + random()), 0.05],
  ])('are found in %s at the rate of the level', (_what, draw, level) => {
    const series = 800;
    const rate = falseAlarms(draw, { series, length: 20, level });
    // Three standard errors of a share near the level among this many series.
    const sampling = 3 * Math.sqrt((level * (1 - level)) / series);
    expect(rate).toBeLessThanOrEqual(level + sampling);
    expect(rate).toBeGreaterThanOrEqual(level - sampling);
  });

  it('are found nearly always where a step is three times the spread, within a value of its place', () => {
    const random = seeded(10);
    const trials = 100;
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [first = -9] = indexes(
        stepped(
          [
            [0, 10],
            [3, 10],
          ],
          { spread: 1, random },
        ),
      );
      found += Math.abs(first - 10) <= 1 ? 1 : 0;
    }
    expect(found / trials).toBeGreaterThan(0.85);
  });

  it.each<[string, readonly number[], Partial<typeof options>]>([
    ['no values', [], {}],
    ['NaN', [1, Number.NaN, 2], {}],
    ['an infinity', [1, Number.POSITIVE_INFINITY, 2], {}],
    ['a level of 0', [1, 2], { level: 0 }],
    ['a level of 1', [1, 2], { level: 1 }],
    ['no permutations', [1, 2], { permutations: 0 }],
  ])('are refused for %s', (_what, values, change) => {
    expect(() => findChangePoints(values, { ...options, ...change })).toThrow(RangeError);
  });
});

describe('the shortest series', () => {
  it('is the first in which a perfect step is rare enough among all orders', () => {
    // None of these levels is itself a p value that can come out, which an estimate would hit or miss by chance.
    for (const level of [0.12, 0.05, 0.01]) {
      const length = shortestSeries(level);
      const step = (count: number): number[] =>
        Array.from({ length: count }, (_value, index) => (index < count >> 1 ? 0 : 10) + index / 1000);
      const search = { level, permutations: 9999, seed: 3 };
      expect(findChangePoints(step(length), search)).toHaveLength(1);
      expect(findChangePoints(step(length - 1), search)).toEqual([]);
    }
  });

  it('grows as the level falls, and a level outside (0, 1) is refused', () => {
    expect(shortestSeries(0.001)).toBeGreaterThan(shortestSeries(0.01));
    expect(() => shortestSeries(0)).toThrow(RangeError);
    expect(() => shortestSeries(Number.NaN)).toThrow(RangeError);
  });
});
