/**
 * Cells over HTTP by scenario, and which of a scenario's loads stands for it.
 */
import type { HttpCell, HttpLoad, HttpResults } from '../model/http.ts';
import { groupBy, nameLoad } from './cells.ts';

/**
 * Connections of the closed loop that every profile measures every scenario with; summaries take the load nearest to
 * it.
 */
const headlineConnections = 10;

/**
 * The load that a summary shows for a scenario: of its closed loops the one with the usual number of connections, or
 * the nearest to it; an open loop where there is no other.
 * @param cells of one suite and scenario; @returns those of that load in their order, none for none.
 */
export function takeHeadline(cells: readonly HttpCell[]): readonly HttpCell[] {
  const distance = ({ kind, connections }: HttpLoad): number =>
    Math.abs(Math.log(connections / headlineConnections)) + (kind === 'open' ? 100 : 0);
  const byLoad = [...groupBy(cells, ({ id }) => nameLoad(id.load)).values()];
  return byLoad.toSorted(([a], [b]) => distance(a.id.load) - distance(b.id.load))[0] ?? [];
}

/** Cells of one suite by scenario, in the order of the run's scenarios; unknown scenarios last. */
export function cellsByScenario(
  { cells, scenarios }: HttpResults,
  suite: string,
): [string, [HttpCell, ...HttpCell[]]][] {
  const order = new Map(scenarios.map(({ id }, index) => [id, index]));
  const own = cells.filter(({ id }) => id.suite === suite);
  const grouped = [...groupBy(own, ({ id }) => id.scenario)];
  return grouped.toSorted(([a], [b]) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size));
}
