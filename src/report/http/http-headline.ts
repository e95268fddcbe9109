/**
 * The short form of what was measured over HTTP: one table of the first suite, for documents that quote a run.
 *
 * Its scenarios are those that even the shortest runs have. Deliberately absent: other suites, loads and metrics, and any
 * sentence that was not computed from the run.
 */
import { cellsByScenario, takeHeadline } from '../../compare/http-cells.ts';
import type { HttpMetricName } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { Block, RowGroup, TableCell } from '../document.ts';
import { formatMoment } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';
import { describeFigure, lookOf, tellLoadShortly, titleOf } from './http-figures.ts';
import { titleOfScenario } from './http-summary.ts';

const shown: readonly HttpMetricName[] = ['requestsPerSec', 'cpuNsPerRequest', 'p95Ns'];

/** A table and a line on where it was measured; nothing for a run without anything over HTTP. */
export function reportHttpHeadline({ http, startedAt, environment, profile }: Run): Block[] {
  const suite = http?.suites.find(({ id }) => http.cells.some((cell) => cell.suite === id));
  if (http === undefined || suite === undefined) return [];
  const all = cellsByScenario(http, suite.id);
  const short = all.filter(([id]) =>
    http.scenarios.some((scenario) => scenario.id === id && scenario.tier === 'quick'),
  );
  const groups = (short.length === 0 ? all : short).map(([id, cells]): RowGroup => ({
    label: { text: titleOfScenario(http, id) },
    rows: takeHeadline(cells).map((cell): TableCell[] => [
      { text: titleOf(suite, cell.contender), contender: cell.contender },
      ...shown.map((metric) => describeFigure(cell, lookOf(metric))),
    ]),
  }));
  const load = takeHeadline(all[0]?.[1] ?? [])[0]?.load;
  const under = load === undefined ? '' : `, ${tellLoadShortly(load)}`;
  const { node, cpuModel, cores } = environment;
  return [
    {
      kind: 'table',
      caption: `${showText(suite.title)}${under}: each figure, and what it is to that of ${titleOf(suite, suite.reference)}`,
      labelTitle: 'scenario',
      columns: [
        { title: 'contender', align: 'left' },
        ...shown.map((metric) => ({ title: lookOf(metric).title, align: 'left' as const })),
      ],
      groups,
    },
    {
      kind: 'paragraph',
      text: `Measured ${formatMoment(startedAt)} on Node ${node}, ${cpuModel}, ${cores} cores, profile ${profile}.`,
    },
  ];
}
