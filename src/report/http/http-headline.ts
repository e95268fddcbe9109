/**
 * The short form of what was measured over HTTP: one table of the first suite, for documents that quote a run.
 *
 * Its scenarios are those that even the shortest runs have.
 */
import { metricsOf } from '../../compare/metrics.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { HttpCell } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { Block } from '../document.ts';
import { paragraph } from '../parts/blocks.ts';
import { metricCell, pickMetrics } from '../parts/metric-cells.ts';
import { left, tabulateGroups } from '../parts/table.ts';
import { formatMoment } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { tellLoadShortly, titleOf, titleOfScenario } from './http-words.ts';

const shown = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** A table and a line on where it was measured; nothing for a run without anything over HTTP. */
export function reportHttpHeadline(run: Run): Block[] {
  const { http, startedAt, environment, profile } = run;
  const suite = http?.suites.find(({ id }) => http.cells.some((cell) => cell.id.suite === id));
  if (http === undefined || suite === undefined) return [];
  const all = cellsByScenario(http, suite.id);
  const short = all.filter(([id]) =>
    http.scenarios.some((scenario) => scenario.id === id && scenario.tier === 'quick'),
  );
  const groups = (short.length === 0 ? all : short).map(([id, cells]) => ({
    label: { text: titleOfScenario(http, id) },
    rows: takeHeadline(cells),
  }));
  const load = takeHeadline(all[0]?.[1] ?? [])[0]?.id.load;
  const under = load === undefined ? '' : `, ${tellLoadShortly(load)}`;
  const { node, cpuModel, cores } = environment;
  return [
    tabulateGroups<HttpCell>(groups, {
      caption: `${showText(suite.title)}${under}: each figure, and what it is to that of ${titleOf(suite, suite.reference)}`,
      labelTitle: 'scenario',
      columns: [
        left('contender', ({ id }) => ({ text: titleOf(suite, id.contender), contender: id.contender })),
        ...pickMetrics(shown, metricsOf(run, 'load')).map((info) =>
          left<HttpCell>(info.title, (cell) => metricCell(cell, info)),
        ),
      ],
    }),
    paragraph(`Measured ${formatMoment(startedAt)} on Node ${node}, ${cpuModel}, ${cores} cores, profile ${profile}.`),
  ];
}
