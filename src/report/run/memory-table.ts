/**
 * Memory, pauses and whatever else was measured beside the time, at the largest item count of each table.
 */
import { groupBy, groupKey, isTimed, medianOf, speedupOf, type TimedCell } from '../../compare/cells.ts';
import { callsUntilPaidOff } from '../../compare/compile-cost.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { MetricInfo } from '../../model/metric.ts';
import type { Metadata } from '../catalog.ts';
import type { Block, TableCell } from '../document.ts';
import { figure } from '../parts/figure-cells.ts';
import { formatMetric } from '../parts/metric-cells.ts';
import { right, tabulateGroups } from '../parts/table.ts';
import { formatCount } from '../quantities.ts';
import { byContender, whoColumns } from './speed-tables.ts';

/** Metrics that the tables by size have. */
const shownBySize = new Set(['latencyNs', 'throughputBytesPerSec', 'outputBytes']);

interface MemoryRequest {
  readonly cells: readonly MicroCell[];
  readonly metadata: Metadata;
  /** Those of forks. */
  readonly metrics: readonly MetricInfo[];
}

/**
 * A column a metric at the largest item count of each payload, variant and sink, where pauses hurt most; the pay-off of
 * compiling is a range over all item counts.
 */
export function tabulateMemory({ cells, metadata, metrics }: MemoryRequest): Block[] {
  const timed = cells.filter(isTimed);
  if (timed.length === 0) return [];
  const payoffs = findPayoffs(timed);
  const tables = groupBy(timed, ({ id }) => JSON.stringify([id.payload, id.variant, id.sink]));
  const groups = [...tables.values()].map((table) => {
    const largest = Math.max(...table.map(({ id }) => id.items));
    const { payload, variant, sink } = table[0].id;
    return {
      label: { text: `${payload}, ${variant}, ${sink}, ${formatCount(largest)}` },
      rows: table.filter(({ id }) => id.items === largest).toSorted(byContender(rankContenders(table))),
    };
  });
  const others = metrics.filter(({ name }) => !shownBySize.has(name));
  return [
    tabulateGroups<TimedCell>(groups, {
      caption: 'Memory and pauses, at the largest item count',
      labelTitle: 'payload',
      columns: [
        ...whoColumns<TimedCell>(metadata, ({ id }) => id.contender),
        ...others.map((info) =>
          right<TimedCell>(info.title, (cell) =>
            figure(medianOf(cell, info.name), (value) => formatMetric(value, info)),
          ),
        ),
        right('pays off after', (cell) => payoffs.get(payoffKey(cell)) ?? ''),
      ],
    }),
  ];
}

function payoffKey({ id }: MicroCell): string {
  return JSON.stringify([id.contender, id.payload, id.variant, id.sink]);
}

function findPayoffs(cells: readonly MicroCell[]): Map<string, TableCell> {
  const groups = groupBy(cells, ({ id }) => groupKey(id));
  const rows = [...groupBy(cells, payoffKey)].map(([key, own]): [string, TableCell] => {
    const calls = own.flatMap((cell) => {
      const group = groups.get(groupKey(cell.id));
      const reference = group?.find(({ id }) => id.contender === speedupOf(cell)?.reference);
      return callsUntilPaidOff(cell, reference) ?? [];
    });
    return [key, payoffCell(calls)];
  });
  return new Map(rows);
}

function payoffCell(calls: readonly number[]): TableCell {
  if (calls.length === 0) return { text: '' };
  const finite = calls.filter((count) => Number.isFinite(count));
  if (finite.length === 0) return { text: 'never', tone: 'muted' };
  const fewest = Math.min(...finite);
  const most = Math.max(...finite);
  const range = fewest === most ? formatCount(fewest) : `${formatCount(fewest)} to ${formatCount(most)}`;
  return { text: `${range} ${most === 1 ? 'call' : 'calls'}`, value: most };
}
