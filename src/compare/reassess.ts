/**
 * A stored run as it is believed today: bounds that rest on fewer than three rounds are left out, and so are ratios of
 * what no clock can tell apart; bounds of ratios are formed as a new run forms them, from the rounds of the whole suite.
 *
 * Released versions stored otherwise, with t at 12.7 for two forks. Their files stay readable, no report repeats those
 * figures, and runs of two versions can be held against each other.
 */
import type { Cell } from '../model/cell.ts';
import type { Metric, MetricInfo, Ratio, Summary } from '../model/metric.ts';
import type { Run } from '../model/run.ts';
import { fewestForBounds } from '../stats/intervals.ts';
import { compareWithReferences } from './against-reference.ts';
import { cellKey, groupBy, groupKey } from './cells.ts';
import { metricsOf } from './metrics.ts';
import { pairRounds } from './ratios.ts';
import { machineOf } from './shards.ts';

/** The same run; figures themselves stay as they are. */
export function reassess(run: Run): Run {
  const { http } = run;
  return {
    ...run,
    cells: reassessCells(run.cells, { infos: metricsOf(run, 'fork'), ownerOf: machineOf(run) }),
    ...(http === undefined
      ? {}
      : {
          http: {
            ...http,
            cells: reassessCells(http.cells, { infos: metricsOf(run, 'load'), ownerOf: () => 'the only one' }),
          },
        }),
  };
}

/** @param ownerOf which machine measured a cell: no interval rests on the cells of several. */
function reassessCells<C extends Cell>(
  cells: readonly C[],
  { infos, ownerOf }: { infos: readonly MetricInfo[]; ownerOf: (cell: C) => string },
): C[] {
  const byMachine = [...groupBy(cells, ownerOf).values()];
  const formedAnew = new Map(
    byMachine
      .flatMap((own) => compareWithReferences(own, { infos, referenceOf: referenceIn }))
      .map((cell) => [cellKey(cell.id), cell]),
  );
  const againstOf = new Map(
    [...groupBy(cells, ({ id }) => groupKey(id))].map(([key, group]) => {
      const reference = referenceIn(group);
      return [key, group.find(({ id, status }) => id.contender === reference && status === 'ok')];
    }),
  );
  return cells.map((cell) =>
    withoutThinBounds(cell, {
      against: againstOf.get(groupKey(cell.id)),
      formedAnew: formedAnew.get(cellKey(cell.id)) ?? cell,
    }),
  );
}

/** Whoever the stored ratios are against. */
function referenceIn(group: readonly Cell[]): string | undefined {
  const all = group.flatMap(({ metrics }) => Object.values(metrics));
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
function withoutBoundsOf<T extends Summary | Ratio>(rounds: number, figure: T): T {
  const { lo, hi, confidence, degreesOfFreedom: _, usualSpread: _usual, ...bare }: Partial<Summary & Ratio> = figure;
  const isThin = rounds < fewestForBounds || lo === undefined || hi === undefined || confidence === undefined;
  return isThin ? (bare as T) : { ...figure, lo: Math.max(0, lo) };
}
