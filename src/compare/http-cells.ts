/**
 * Which cells over HTTP belong together, which of a scenario's loads stands for it, and what an interval allows to be said.
 *
 * Keys are for maps inside one process; names of loads are stable and may be stored. Deliberately absent: statistics, which
 * are made with the cells (src/load/assemble.ts).
 */
import type {
  HttpCell,
  HttpCellId,
  HttpLoad,
  HttpMetricName,
  HttpRatio,
  HttpResults,
  HttpSummary,
} from '../model/http.ts';
import { groupBy } from './cells.ts';
import { standing, type Standing } from './speedup.ts';

/** Connections of the closed loop that every profile measures every scenario with; summaries take the load nearest to it. */
const headlineConnections = 10;

/** Logarithms and back leave this much of a ratio that was the same in every round. */
export const roundingError = 1e-9;

/**
 * `closed-10`, `open-64`. The rate of an open loop is no part of it: it is a share of what the run's own reference answered,
 * so two runs of one plan have the same load at other rates.
 */
export function nameLoad({ kind, connections }: HttpLoad): string {
  return `${kind}-${connections}`;
}

/** Equal for the cells of one contender under one load, in any run of the same plan. */
export function httpCellKey({ suite, scenario, contender, load }: HttpCellId): string {
  return JSON.stringify([suite, scenario, contender, nameLoad(load)]);
}

/**
 * The load that a summary shows for a scenario: of its closed loops the one with the usual number of connections, or the
 * nearest to it; an open loop where there is no other.
 * @param cells of one suite and scenario; @returns those of that load in their order, none for none.
 */
export function takeHeadline(cells: readonly HttpCell[]): readonly HttpCell[] {
  const distance = ({ kind, connections }: HttpLoad): number =>
    Math.abs(Math.log(connections / headlineConnections)) + (kind === 'open' ? 100 : 0);
  const byLoad = [...groupBy(cells, ({ load }) => nameLoad(load)).values()];
  return byLoad.toSorted(([a], [b]) => distance(a.load) - distance(b.load))[0] ?? [];
}

/** Cells of one suite by scenario, in the order of the run's scenarios; unknown scenarios last. */
export function cellsByScenario(
  { cells, scenarios }: HttpResults,
  suite: string,
): [string, [HttpCell, ...HttpCell[]]][] {
  const order = new Map(scenarios.map(({ id }, index) => [id, index]));
  const grouped = [
    ...groupBy(
      cells.filter((cell) => cell.suite === suite),
      ({ scenario }) => scenario,
    ),
  ];
  return grouped.toSorted(([a], [b]) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size));
}

/** `more` or `less` than the reference, whichever of them is better; `same` where every round gave the very same. */
export type HttpStanding = 'more' | 'less' | 'no-difference' | 'same' | 'unknown';

const words: Readonly<Record<Standing, HttpStanding>> = {
  faster: 'more',
  slower: 'less',
  'no-difference': 'no-difference',
  unknown: 'unknown',
};

/** Reads the interval of a ratio; of none nothing is known, of too few rounds only that they gave the very same. */
export function standingOf(ratio: HttpRatio | undefined): HttpStanding {
  const bounds = [ratio?.ratio ?? Number.NaN, ratio?.lo ?? 1, ratio?.hi ?? 1];
  if (bounds.every((bound) => Math.abs(bound - 1) < roundingError)) return 'same';
  return words[standing(ratio)];
}

/** Whether a ratio was the same in every round, so that its interval has no width. */
export function isExact({ lo, hi }: Pick<HttpRatio, 'lo' | 'hi'>): boolean {
  return lo !== undefined && hi !== undefined && Math.abs(hi / lo - 1) < roundingError;
}

/** The ratio of a metric; `undefined` for the reference itself, and where there is none. */
export function ratioOf({ metrics, contender }: HttpCell, metric: HttpMetricName): HttpRatio | undefined {
  const summary: HttpSummary | undefined = metrics[metric];
  return summary?.ratio === undefined || summary.ratio.reference === contender ? undefined : summary.ratio;
}

/** The ratio of requests a second; `undefined` for the reference, and under an open loop, whose rate is given. */
export function rateRatioOf(cell: HttpCell): HttpRatio | undefined {
  return cell.load.kind === 'open' ? undefined : ratioOf(cell, 'requestsPerSec');
}
