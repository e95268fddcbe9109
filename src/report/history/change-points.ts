/**
 * The section on change points: how many were found and by what rule, each with what differs at it, and which series are too
 * short to have any.
 */
import { changeLevel, fewestRuns } from '../../compare/history.ts';
import type { HistoryChange, HistorySeries } from '../../model/history.ts';
import { describeForm } from '../catalog.ts';
import type { Block, Section, TableCell } from '../document.ts';
import { paragraph, remark, section } from '../parts/blocks.ts';
import { contenderCell } from '../parts/figure-cells.ts';
import { type ColumnOf, left, right, tabulate } from '../parts/table.ts';
import { formatCount, formatInterval, formatPlural, formatRatio, formatSetting } from '../quantities.ts';
import { commitOf, momentOf, tellDifferences } from './history-words.ts';

export function reportChanges(series: readonly HistorySeries[], machines: ReadonlyMap<string, string>): Section {
  const long = series.filter(({ comparable }) => comparable >= fewestRuns);
  const changed = long.flatMap((one) => one.changes.map((change) => ({ one, change })));
  return section('Change points', [
    ...(long.length === 0 ? [] : [paragraph(summarize(changed.length, long.length))]),
    ...(changed.length === 0 ? [] : [tabulateChanges(changed, machines)]),
    ...(long.length === series.length ? [] : [remarkOnShort(series)]),
  ]);
}

function summarize(changes: number, series: number): string {
  const found = changes === 0 ? 'No change point' : formatPlural(changes, 'change point');
  return [
    `${found} in ${formatCount(series)} series. Found by E-divisive means on the logarithms of the speedups, with a permutation test`,
    `at ${formatSetting(changeLevel)} (Matteson and James 2014), and marked only where the runs' own intervals keep the two levels apart.`,
    `A series without any change has one marked in ${formatSetting(changeLevel)} of cases at most.`,
    'What differs at a change stands beside it; it is where to look first, and no proof.',
  ].join(' ');
}

function remarkOnShort(series: readonly HistorySeries[]): Block {
  const short = series.filter(({ comparable }) => comparable < fewestRuns);
  const most = Math.max(...short.map(({ comparable }) => comparable));
  const which =
    short.length === series.length
      ? 'No series is'
      : `${formatCount(short.length)} of ${formatCount(series.length)} series are not`;
  return remark(
    [
      `${which} long enough for change points (the longest of them has ${formatPlural(most, 'run')} with an interval):`,
      `with fewer than ${fewestRuns} runs, even the clearest step is one of too few orders to be told from chance at ${formatSetting(changeLevel)}.`,
    ].join(' '),
  );
}

interface ChangedSeries {
  readonly one: HistorySeries;
  readonly change: HistoryChange;
}

/** The largest factor first. */
function tabulateChanges(changed: readonly ChangedSeries[], machines: ReadonlyMap<string, string>): Block {
  const sizeOf = ({ change }: ChangedSeries): number => Math.abs(Math.log(factorOf(change)));
  const machineColumn: ColumnOf<ChangedSeries> = left('machine', ({ one }) => machines.get(one.machine) ?? '');
  return tabulate(
    changed.toSorted((a, b) => sizeOf(b) - sizeOf(a)),
    {
      caption: 'Change points, the largest first',
      columns: [
        left('contender', ({ one }) => contenderCell(one.cell.contender)),
        left('cell', ({ one: { cell } }) =>
          [cell.suite, cell.payload, `${formatCount(cell.items)} items`, describeForm(cell)].join(', '),
        ),
        ...(machines.size === 1 ? [] : [machineColumn]),
        left('since (UTC)', ({ one, change }) => momentOf(one.points[change.at])),
        right('change', ({ change }) => factorCell(factorOf(change))),
        left('what differs', ({ change }) => tellDifferences(change.differences)),
        right('speedup before', ({ change }) => levelCell(change.before)),
        right('speedup after', ({ change }) => levelCell(change.after)),
        right('p', ({ change }) => ({ text: change.pValue.toFixed(4), value: change.pValue, tone: 'muted' })),
        left(
          'commit',
          ({ one: { points }, change }) => `${commitOf(points[change.at - 1])} -> ${commitOf(points[change.at])}`,
        ),
      ],
    },
  );
}

function factorOf({ before, after }: HistoryChange): number {
  return after.ratio / before.ratio;
}

function factorCell(factor: number): TableCell {
  return { text: formatRatio(factor), value: factor, tone: factor > 1 ? 'good' : 'bad' };
}

function levelCell({ ratio, lo, hi, runs }: HistoryChange['before']): TableCell {
  return { text: `${formatRatio(ratio)} (${formatInterval({ lo, hi })}, ${formatPlural(runs, 'run')})`, value: ratio };
}
