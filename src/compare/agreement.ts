/**
 * How well two runs of the same plan agree, metric by metric: the test of a harness that any reader can repeat.
 *
 * Two runs are compared by their ratios to a reference, never by times or rates, which belong to one machine. There is
 * no verdict; the figures are the answer.
 */
import type { Cell } from '../model/cell.ts';
import type { MetricInfo } from '../model/metric.ts';
import { median } from '../stats/center.ts';
import { cellKey, isGiven, ratioOf } from './cells.ts';
import { roundingError } from './ratios.ts';

/** A metric of a cell. */
interface Reading<C extends Cell> {
  readonly cell: C;
  readonly metric: MetricInfo;
}

export interface Agreement<C extends Cell> {
  /** Ratios with an interval in both runs, references left out. */
  readonly ratios: number;
  /** Median over them of |ratio in the second / ratio in the first - 1|. */
  readonly medianDifference: number;
  /** Share of them whose two intervals have a point in common, in [0, 1]. */
  readonly overlapping: number;
  /** Those whose intervals lie apart, the farthest first. */
  readonly apart: readonly (Reading<C> & { readonly first: number; readonly second: number })[];
}

export interface RunAgreement<C extends Cell> {
  readonly all: Agreement<C>;
  /** Metrics that have a ratio in common, in their order. */
  readonly byMetric: readonly { readonly metric: MetricInfo; readonly agreement: Agreement<C> }[];
}

/**
 * Cells of both runs by the metrics that runs are compared by. Open loops of one plan are compared though their rates
 * differ; the rates that they were given are not.
 * @param metrics those of the cells' kind. @returns `undefined` where the runs have no ratio in common.
 */
export function compareRuns<C extends Cell>(
  first: readonly C[],
  second: readonly C[],
  metrics: readonly MetricInfo[],
): RunAgreement<C> | undefined {
  const others = new Map(second.map((cell) => [cellKey(cell.id), cell]));
  const compared = metrics.filter(({ isCompared }) => isCompared === true);
  const pairs = first.flatMap((cell) =>
    compared.flatMap((metric): ReadingPair<C>[] => {
      const [a, b] = [cell, others.get(cellKey(cell.id))].map((one) => boundsOf(one, metric.name));
      return a === undefined || b === undefined || a.reference !== b.reference ? [] : [{ cell, metric, a, b }];
    }),
  );
  const all = agree(pairs);
  if (all === undefined) return undefined;
  const byMetric = compared.flatMap((metric) => {
    const agreement = agree(pairs.filter((pair) => pair.metric === metric));
    return agreement === undefined ? [] : [{ metric, agreement }];
  });
  return { all, byMetric };
}

interface KnownBounds {
  readonly reference: string;
  readonly ratio: number;
  readonly lo: number;
  readonly hi: number;
}

/** One metric of one cell in both runs. */
interface ReadingPair<C extends Cell> extends Reading<C> {
  readonly a: KnownBounds;
  readonly b: KnownBounds;
}

function agree<C extends Cell>(pairs: readonly ReadingPair<C>[]): Agreement<C> | undefined {
  if (pairs.length === 0) return undefined;
  const told = pairs.map((pair) => ({ ...pair, difference: Math.abs(pair.b.ratio / pair.a.ratio - 1) }));
  // Exact ratios of two runs may differ by their rounding, which sets no intervals apart.
  const apart = told
    .filter(({ a, b, difference }) => difference > roundingError && (a.lo > b.hi || b.lo > a.hi))
    .toSorted((x, y) => y.difference - x.difference);
  return {
    ratios: told.length,
    medianDifference: median(told.map(({ difference }) => difference)),
    overlapping: 1 - apart.length / told.length,
    apart: apart.map(({ cell, metric, a, b }) => ({ cell, metric, first: a.ratio, second: b.ratio })),
  };
}

function boundsOf(cell: Cell | undefined, metric: string): KnownBounds | undefined {
  if (cell?.status !== 'ok' || isGiven(cell.id, metric)) return undefined;
  const { reference, ratio, lo, hi } = ratioOf(cell, metric) ?? {};
  if (reference === undefined || ratio === undefined || lo === undefined || hi === undefined) return undefined;
  return { reference, ratio, lo, hi };
}
