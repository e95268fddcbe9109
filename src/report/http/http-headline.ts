/**
 * The short form of what was measured over HTTP: one table of the first suite, for documents that quote a run.
 *
 * Its scenarios are those that have most rounds; in runs without such, those that even the shortest runs have.
 */
import { metricsOf } from '../../compare/metrics.ts';
import { cellsByScenario, takeHeadline } from '../../compare/scenarios.ts';
import type { HttpCell, HttpScenario } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { Block } from '../document.ts';
import { paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
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
  const choices = [
    ({ headline }: HttpScenario) => headline === true,
    ({ tier }: HttpScenario) => tier === 'quick',
    () => true,
  ].map((isMeant) => all.filter(([id]) => http.scenarios.some((scenario) => scenario.id === id && isMeant(scenario))));
  const chosen = (choices.find(({ length }) => length > 0) ?? all).map(([id, cells]) => {
    const rows = takeHeadline(cells);
    return { id, rows, load: rows[0] === undefined ? '' : tellLoadShortly(rows[0].id.load) };
  });
  // Said once where it is the same for all.
  const loads = new Set(chosen.map(({ load }) => load));
  const groups = chosen.map(({ id, rows, load }) => ({
    label: { text: `${titleOfScenario(http, id)}${loads.size > 1 ? ` (${load})` : ''}` },
    rows,
  }));
  const under = loads.size === 1 ? `, ${[...loads].join('')}` : '';
  const { cpuModel, cores } = environment;
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
    paragraph(
      `Measured ${formatMoment(startedAt)} on ${titleRuntime(environment)}, ${cpuModel}, ${cores} cores, profile ${profile}.`,
    ),
  ];
}
