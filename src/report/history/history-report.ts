/**
 * How speedups moved from run to run, as a document: what changed first, then every run of every cell, with charts.
 *
 * Times are left out, since those of two runs cannot be compared.
 */
import { groupBy, groupKey } from '../../compare/cells.ts';
import type { HistorySeries } from '../../model/history.ts';
import type { Metadata } from '../catalog.ts';
import type { Block, Document, Section } from '../document.ts';
import { list, paragraph, section, warning } from '../parts/blocks.ts';
import { formatCount, formatMoment, formatPercent, formatPlural } from '../quantities.ts';
import { showDocument } from '../show-document.ts';
import { reportChanges } from './change-points.ts';
import { nameMachines } from './history-words.ts';
import { reportGroup } from './series.ts';

interface HistoryReportRequest {
  /** Every series that was asked for, in the order of the report. */
  readonly series: readonly HistorySeries[];
  /** Runs of the whole history. */
  readonly runs: number;
  /** What bench/ holds today; ids stand in for what it lacks. */
  readonly registry: Metadata;
}

/** The whole report; no series gives a document that says so. */
export function reportHistory({ series, runs, registry }: HistoryReportRequest): Document {
  const title = 'wirebench history';
  if (series.length === 0) {
    const text = `None of the ${formatPlural(runs, 'run')} has a speedup of the cells asked for.`;
    return { title, blocks: [paragraph(text)] };
  }
  const machines = nameMachines(series);
  const contenders = [...new Set(series.map(({ cell }) => cell.contender))];
  const suites = groupBy(series, ({ cell }) => cell.suite);
  // Names, versions and commits come from files.
  return showDocument({
    title,
    blocks: [
      ...describeScope(series, runs),
      ...describeMachines(machines, series),
      reportChanges(series, machines),
      ...[...suites].map(([suite, own]): Section => {
        const groups = groupBy(own, ({ cell, reference, machine }) =>
          JSON.stringify([groupKey({ ...cell, contender: '' }), reference, machine]),
        );
        return section(
          registry.suites.find(({ id }) => id === suite)?.title ?? suite,
          [...groups.values()].flatMap((group) => reportGroup(group, { registry, machines, contenders })),
        );
      }),
    ],
  });
}

function describeScope(series: readonly HistorySeries[], runs: number): Block[] {
  const moments = series.flatMap(({ points }) => points.map(({ startedAt }) => startedAt)).toSorted();
  const [first, last] = [moments[0], moments.at(-1)].map((moment) => formatMoment(moment ?? ''));
  const level = series.find(({ confidence }) => confidence !== undefined)?.confidence;
  const span = first === last ? `of ${first}` : `from ${first} to ${last}`;
  return [
    ...list([
      `${formatCount(series.length)} series (a cell on one machine) ${span}, of ${formatPlural(runs, 'run')} in the history`,
      ...(level === undefined ? [] : [`intervals of ${formatPercent(level)}, from the rounds inside each run`]),
    ]),
    paragraph(
      [
        'A speedup is time(reference) / time(contender) inside one run, more is better.',
        'Speedups of two runs may be compared, times may not: nobody knows what else the machine did that day.',
        'A speedup moves with its reference too, so when every contender moves at once, the reference is what changed.',
      ].join(' '),
    ),
  ];
}

function describeMachines(machines: ReadonlyMap<string, string>, series: readonly HistorySeries[]): Block[] {
  const items = [...machines].map(([machine, name]) => {
    const own = series.filter((one) => one.machine === machine);
    const count = new Set(own.flatMap(({ points }) => points.map(({ startedAt }) => startedAt))).size;
    return `${machines.size === 1 ? 'machine' : name}: ${machine} (${formatPlural(count, 'run')})`;
  });
  const apart = [
    'Runs of different machines are series of their own:',
    'a ratio depends on the processor as well, and a change of machine must not pass for a change of code.',
  ].join(' ');
  return [...list(items), ...(machines.size === 1 ? [] : [warning(apart)])];
}
