/**
 * How well two runs of the same plan agree, cell by cell: the test of a harness that any reader can repeat.
 *
 * Two runs are compared by their ratios to a reference, never by times. Deliberately absent: a verdict; the figures are
 * the answer.
 */
import type { Cell } from '../model/cell.ts';
import type { HttpCell, HttpMetricName } from '../model/http.ts';
import { median } from '../stats/center.ts';
import { cellKey, isTimed } from './cells.ts';
import { httpCellKey, ratioOf, roundingError } from './http-cells.ts';

export interface Agreement<T = Cell> {
  /** Cells with a ratio and an interval in both runs, references left out. */
  readonly cells: number;
  /** Median over the cells of |ratio in the second / ratio in the first - 1|. */
  readonly medianDifference: number;
  /** Share of the cells whose two intervals have a point in common, in [0, 1]. */
  readonly overlapping: number;
  /** Cells whose intervals lie apart, the farthest first. */
  readonly apart: readonly { readonly cell: T; readonly first: number; readonly second: number }[];
}

/** @returns `undefined` where the runs have no speedup in common. */
export function compareRuns(first: readonly Cell[], second: readonly Cell[]): Agreement | undefined {
  const others = new Map(second.map((cell) => [cellKey(cell), cell]));
  return agree(
    first.flatMap((cell) => {
      const a = boundsOf(cell);
      const b = boundsOf(others.get(cellKey(cell)));
      return a === undefined || b === undefined ? [] : [{ cell, a, b }];
    }),
  );
}

/** A metric of a cell over HTTP. */
export interface HttpReading {
  readonly cell: HttpCell;
  readonly metric: HttpMetricName;
}

export interface HttpAgreement {
  readonly all: Agreement<HttpReading>;
  /** Metrics that have a ratio in common, in the order of reports. */
  readonly byMetric: readonly { readonly metric: HttpMetricName; readonly agreement: Agreement<HttpReading> }[];
}

/** What a reader acts on; tails beyond p95 and memory say little in windows of a second. */
const comparedMetrics: readonly HttpMetricName[] = [
  'requestsPerSec',
  'p50Ns',
  'p95Ns',
  'cpuNsPerRequest',
  'wireBytesPerRequest',
];

/**
 * The same for what was measured over HTTP. Open loops of one plan are compared though their rates differ; the requests a
 * second that they were given are not.
 * @returns `undefined` where the runs have no ratio in common.
 */
export function compareHttpRuns(first: readonly HttpCell[], second: readonly HttpCell[]): HttpAgreement | undefined {
  const others = new Map(second.map((cell) => [httpCellKey(cell), cell]));
  const pairs = first.flatMap((cell) =>
    comparedMetrics.flatMap((metric): Pair<HttpReading>[] => {
      const [a, b] = [cell, others.get(httpCellKey(cell))].map((one) => httpBoundsOf(one, metric));
      return a === undefined || b === undefined || a.reference !== b.reference
        ? []
        : [{ cell: { cell, metric }, a, b }];
    }),
  );
  const all = agree(pairs);
  if (all === undefined) return undefined;
  const byMetric = comparedMetrics.flatMap((metric) => {
    const agreement = agree(pairs.filter(({ cell }) => cell.metric === metric));
    return agreement === undefined ? [] : [{ metric, agreement }];
  });
  return { all, byMetric };
}

interface Bounds {
  readonly ratio: number;
  readonly lo: number;
  readonly hi: number;
}

/** One cell in both runs. */
interface Pair<T> {
  readonly cell: T;
  readonly a: Bounds;
  readonly b: Bounds;
}

function agree<T>(pairs: readonly Pair<T>[]): Agreement<T> | undefined {
  if (pairs.length === 0) return undefined;
  const told = pairs.map((pair) => ({ ...pair, difference: Math.abs(pair.b.ratio / pair.a.ratio - 1) }));
  // Exact ratios of two runs may differ by their rounding, which sets no intervals apart.
  const apart = told
    .filter(({ a, b, difference }) => difference > roundingError && (a.lo > b.hi || b.lo > a.hi))
    .toSorted((x, y) => y.difference - x.difference);
  return {
    cells: told.length,
    medianDifference: median(told.map(({ difference }) => difference)),
    overlapping: 1 - apart.length / told.length,
    apart: apart.map(({ cell, a, b }) => ({ cell, first: a.ratio, second: b.ratio })),
  };
}

function boundsOf(cell: Cell | undefined): Bounds | undefined {
  if (cell === undefined || !isTimed(cell) || cell.speedup === undefined) return undefined;
  const { ratio, lo, hi } = cell.speedup;
  return lo === undefined || hi === undefined ? undefined : { ratio, lo, hi };
}

function httpBoundsOf(
  cell: HttpCell | undefined,
  metric: HttpMetricName,
): (Bounds & { reference: string }) | undefined {
  if (cell === undefined || (cell.load.kind === 'open' && metric === 'requestsPerSec')) return undefined;
  const { reference, ratio, lo, hi } = ratioOf(cell, metric) ?? {};
  if (reference === undefined || ratio === undefined || lo === undefined || hi === undefined) return undefined;
  return { reference, ratio, lo, hi };
}
