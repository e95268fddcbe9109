/**
 * How far the ratios of a suite spread over rounds, all of its cells together, which is what a few rounds of one cell
 * cannot tell.
 *
 * Cells of one group share the rounds of their reference and are not independent of each other; groups are. Exact
 * ratios, as those of bytes, have no spread and take no part.
 */
import type { Cell } from '../model/cell.ts';
import type { UsualSpread } from '../model/metric.ts';
import { logarithms } from '../stats/center.ts';
import { fitVariancePrior, sampleVariance, type SampleVariance } from '../stats/moderate.ts';
import { groupBy, groupKey, ratioOf } from './cells.ts';
import { areSame, fewestForBounds, formRatios, pairRounds, type RatioInfo } from './ratios.ts';

/** How far ratios usually spread in a suite, by metric; `undefined` where the cells say nothing of each other. */
type Spreads = (suite: string, metric: string) => UsualSpread | undefined;

/** Whoever the cells of a group are held against; `undefined` for nobody. */
export type ReferenceOf<C extends Cell> = (group: readonly [C, ...C[]]) => string | undefined;

/**
 * @param cells of one kind, one session and one machine; whole suites, since a part would know less.
 * @param infos metrics that may have a ratio.
 */
export function fitSpreads<C extends Cell>(
  cells: readonly C[],
  { infos, referenceOf }: { infos: readonly RatioInfo[]; referenceOf: ReferenceOf<C> },
): Spreads {
  const spreads = new Map<string, UsualSpread>();
  for (const [suite, own] of groupBy(cells, ({ id }) => id.suite)) {
    const groups = [...groupBy(own, ({ id }) => groupKey(id)).values()];
    for (const info of infos) {
      const prior = fitVariancePrior(
        groups.map((group) => variancesIn(group, { info, reference: referenceOf(group) })),
      );
      if (prior === undefined) continue;
      const { variance, degreesOfFreedom, samples: ratios } = prior;
      spreads.set(JSON.stringify([suite, info.name]), { variance, degreesOfFreedom, ratios });
    }
  }
  return (suite, metric) => spreads.get(JSON.stringify([suite, metric]));
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
    const known = own.flatMap((cell) =>
      metrics.flatMap((metric) => {
        const { degreesOfFreedom, usualSpread } = ratioOf(cell, metric) ?? {};
        if (degreesOfFreedom === undefined || usualSpread === undefined) return [];
        const rounds = cell.metrics[metric]?.values.length ?? 0;
        return [{ ratios: usualSpread.ratios, own: rounds - 1, together: degreesOfFreedom }];
      }),
    );
    if (known.length === 0) return [];
    return [
      {
        suite,
        ratios: Math.max(...known.map(({ ratios }) => ratios)),
        own: rangeOf(known.map((one) => one.own)),
        together: rangeOf(known.map((one) => one.together)),
      },
    ];
  });
}

function rangeOf(values: readonly number[]): Range {
  return { least: Math.min(...values), most: Math.max(...values) };
}
