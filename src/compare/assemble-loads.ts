/**
 * The cells of a session over HTTP, in the order of reports.
 */
import { assembleCells, loadRules } from './assemble.ts';
import { groupBy, nameLoad } from './cells.ts';
import { ofLoad } from './outcomes.ts';
import type { HttpCell, HttpCellId, HttpLoad, HttpOutcome, HttpScenario, MeasuredHttpSuite } from '../model/http.ts';
import type { KnownMetric } from '../model/metric-definition.ts';

/**
 * Cells in the order of suites, of scenarios, of loads (closed ones by connections, the open one last) and of
 * contenders.
 * @param request.outcomes in any order; none gives no cell. @param request.suites with contenders in the order of
 * reports.
 */
export function assembleHttpCells(request: {
  outcomes: readonly HttpOutcome[];
  scenarios: readonly HttpScenario[];
  suites: readonly Pick<MeasuredHttpSuite, 'id' | 'reference' | 'contenders'>[];
  metrics: readonly KnownMetric[];
}): HttpCell[] {
  const { outcomes, scenarios, suites, metrics } = request;
  // What twins say is no cell's, but the machine's: noise of a run.
  const measured = outcomes.filter(({ isTwin }) => isTwin !== true);
  const ids = suites.flatMap((suite) =>
    scenarios.flatMap((scenario) => {
      const own = measured.filter((outcome) => outcome.suite === suite.id && outcome.scenario === scenario.id);
      const loads = [...groupBy(own, ({ load }) => nameLoad(load)).values()].map(([{ load }]) => load);
      return loads.toSorted(compareLoads).flatMap((load) =>
        suite.contenders.map(({ id: contender }): HttpCellId => {
          return { suite: suite.id, scenario: scenario.id, contender, load };
        }),
      );
    }),
  );
  const references = Object.fromEntries(suites.map(({ id, reference }) => [id, reference]));
  return assembleCells({ rules: loadRules, ids, outcomes: measured.map(ofLoad), metrics, references });
}

function compareLoads(a: HttpLoad, b: HttpLoad): number {
  return a.kind === b.kind ? a.connections - b.connections : a.kind === 'closed' ? -1 : 1;
}
