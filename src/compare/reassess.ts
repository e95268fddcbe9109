/**
 * A stored run as it is believed today: bounds that rest on fewer than three rounds are left out, and so are ratios of
 * what no clock can tell apart.
 *
 * Released versions stored both, with t at 12.7 for two forks. Their files stay readable, and no report repeats those
 * figures.
 */
import type { Cell } from '../model/cell.ts';
import type { Metric, MetricInfo, Ratio, Summary } from '../model/metric.ts';
import type { Run } from '../model/run.ts';
import { fewestForBounds } from '../stats/intervals.ts';
import { cellKey, groupBy, groupKey } from './cells.ts';
import { metricsOf } from './metrics.ts';
import { compareWithReference, pairRounds } from './ratios.ts';

/** The same run; figures themselves stay as they are. */
export function reassess(run: Run): Run {
  const { http } = run;
  return {
    ...run,
    cells: reassessCells(run.cells, metricsOf(run, 'fork')),
    ...(http === undefined ? {} : { http: { ...http, cells: reassessCells(http.cells, metricsOf(run, 'load')) } }),
  };
}

function reassessCells<C extends Cell>(cells: readonly C[], infos: readonly MetricInfo[]): C[] {
  const groups = [...groupBy(cells, ({ id }) => groupKey(id)).values()];
  const renewed = groups.flatMap((group) => {
    const reference = referenceOf(group);
    const against = group.find(({ id, status }) => id.contender === reference && status === 'ok');
    const formedAnew = compareWithReference(group, { reference, infos });
    return group.map((cell, index) => withoutThinBounds(cell, { against, formedAnew: formedAnew[index] ?? cell }));
  });
  const byKey = new Map(renewed.map((cell) => [cellKey(cell.id), cell]));
  return cells.map((cell) => byKey.get(cellKey(cell.id)) ?? cell);
}

/** Whoever the stored ratios are against. */
function referenceOf(cells: readonly Cell[]): string | undefined {
  const all = cells.flatMap(({ metrics }) => Object.values(metrics));
  return all.flatMap(({ ratio, difference }) => ratio?.reference ?? difference?.reference ?? [])[0];
}

/** Without the reference's cell its rounds are taken to be those of this one. */
function withoutThinBounds<C extends Cell>(
  cell: C,
  { against = cell, formedAnew }: { against: C | undefined; formedAnew: C },
): C {
  const metrics = Object.entries(cell.metrics).map(([name, metric]): [string, Metric] => {
    const { ratio: stored, difference: _stored, summary, ...own } = metric;
    const { ratio, difference } = formedAnew.metrics[name] ?? {};
    const common = pairRounds({ subject: cell, against }, name).length;
    // Too few rounds give no other figure than the stored one, only no bounds.
    const isFormedAnew = common >= fewestForBounds || cell.id.contender === against.id.contender;
    const kept = isFormedAnew ? (ratio ?? stored) : stored;
    return [
      name,
      {
        ...own,
        ...(summary === undefined ? {} : { summary: withoutBoundsOf(cell.rounds.length, summary) }),
        ...(difference === undefined && kept !== undefined ? { ratio: withoutBoundsOf(common, kept) } : {}),
        ...(difference === undefined ? {} : { difference }),
      },
    ];
  });
  return { ...cell, metrics: Object.fromEntries(metrics) };
}

/** A figure with its bounds where rounds enough stand behind them; none is negative, as no metric is. */
function withoutBoundsOf<T extends Summary | Ratio>(rounds: number, { lo, hi, confidence, ...figure }: T): T {
  const isThin = rounds < fewestForBounds || lo === undefined || hi === undefined || confidence === undefined;
  return { ...figure, ...(isThin ? {} : { lo: Math.max(0, lo), hi, confidence }) } as T;
}
