/**
 * How far the ratios of a suite spread over rounds, all of its cells together, which is what a few rounds of one cell
 * cannot tell.
 *
 * Cells of one group share the rounds of their reference and are not independent of each other; groups are. Exact
 * ratios, as those of bytes, have no spread and take no part.
 */
import type { Cell } from '../model/cell.ts';
import { logarithms } from '../stats/center.ts';
import { fitVariancePrior, sampleVariance, type SampleVariance, type VariancePrior } from '../stats/moderate.ts';
import { groupBy, groupKey, ratioOf } from './cells.ts';
import { areSame, fewestForBounds, formRatios, isExact, pairRounds, type RatioInfo } from './ratios.ts';

/** What the cells of one suite and one metric say of a further one; `undefined` where that is nothing. */
export type Spreads = (suite: string, metric: string) => VariancePrior | undefined;

/** Whoever the cells of a group are held against; `undefined` for nobody. */
export type ReferenceOf<C extends Cell> = (group: readonly [C, ...C[]]) => string | undefined;

/** Whoever the ratios that cells have already are against. */
export function referenceIn(group: readonly Cell[]): string | undefined {
  const all = group.flatMap(({ metrics }) => Object.values(metrics));
  return all.flatMap(({ ratio, difference }) => ratio?.reference ?? difference?.reference ?? [])[0];
}

/**
 * @param cells of one kind, whole suites: part of one would teach less, and change all intervals.
 * @param infos metrics that may have a ratio. @param referenceOf by the ratios of the cells where left out.
 */
export function fitSpreads<C extends Cell>(
  cells: readonly C[],
  { infos, referenceOf = referenceIn }: { infos: readonly RatioInfo[]; referenceOf?: ReferenceOf<C> },
): Spreads {
  const priors = new Map<string, VariancePrior>();
  for (const [suite, own] of groupBy(cells, ({ id }) => id.suite)) {
    const groups = [...groupBy(own, ({ id }) => groupKey(id)).values()];
    for (const info of infos) {
      const prior = fitVariancePrior(
        groups.map((group) => variancesIn(group, { info, reference: referenceOf(group) })),
      );
      if (prior !== undefined) priors.set(JSON.stringify([suite, info.name]), prior);
    }
  }
  return (suite, metric) => priors.get(JSON.stringify([suite, metric]));
}

function variancesIn(
  group: readonly Cell[],
  { info, reference }: { info: RatioInfo; reference: string | undefined },
): SampleVariance[] {
  const against = group.find(({ id, status }) => id.contender === reference && status === 'ok');
  if (against === undefined || info.ratio === undefined) return [];
  return group.flatMap((subject) => {
    if (subject === against || subject.metrics[info.name]?.summary === undefined) return [];
    const ratios = formRatios(pairRounds({ subject, against }, info.name), info);
    if (ratios === undefined || ratios.length < fewestForBounds || areSame(ratios)) return [];
    return [sampleVariance(logarithms(ratios))];
  });
}

/** How sure the widths of a suite's intervals are. */
export interface SuiteCertainty {
  readonly suite: string;
  /** Ratios that were looked at together; of the metric that has most. */
  readonly ratios: number;
  /** Degrees of freedom that a cell's rounds have by themselves, fewest and most. */
  readonly own: Range;
  /** Degrees of freedom behind the intervals: the more, the better the cells agree. */
  readonly together: Range;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * By suite, in the order of the cells; those are left out whose intervals rest on the rounds of each cell alone.
 * @param cells as they were compared, with their ratios. @param metrics by name.
 */
export function findCertainty(cells: readonly Cell[], metrics: readonly string[]): SuiteCertainty[] {
  return [...groupBy(cells, ({ id }) => id.suite)].flatMap(([suite, own]) => {
    const byMetric = metrics.map((metric) =>
      own.flatMap((cell) => {
        const { degreesOfFreedom, ...ratio } = ratioOf(cell, metric) ?? {};
        if (degreesOfFreedom === undefined || isExact(ratio)) return [];
        const values = cell.metrics[metric]?.values.length ?? 0;
        return [{ own: values - 1, together: degreesOfFreedom }];
      }),
    );
    const all = byMetric.flat();
    if (!all.some((one) => one.together > one.own)) return [];
    return [
      {
        suite,
        ratios: Math.max(...byMetric.map(({ length }) => length)),
        own: rangeOf(all.map((one) => one.own)),
        together: rangeOf(all.map((one) => one.together)),
      },
    ];
  });
}

function rangeOf(values: readonly number[]): Range {
  return { least: Math.min(...values), most: Math.max(...values) };
}
