/**
 * What each metric of a cell is to that of its reference, over all cells of a session at once: an interval rests on how
 * far the ratios of the whole suite spread.
 */
import type { Cell } from '../model/cell.ts';
import type { Difference, Metric, MetricInfo, Ratio, UsualSpread } from '../model/metric.ts';
import { meanInterval } from '../stats/intervals.ts';
import { cellKey, groupBy, groupKey } from './cells.ts';
import { boundRatio, formRatios, pairRounds } from './ratios.ts';
import { fitSpreads, type ReferenceOf } from './spread.ts';

/**
 * The same cells, in their order, with their ratios and differences; what they had of these is replaced.
 * @param cells of one session on one machine.
 * @param infos of the metrics; those without a `ratio` are held against nothing.
 * @param referenceOf where it was not measured nothing is to be said.
 */
export function compareWithReferences<C extends Cell>(
  cells: readonly C[],
  { infos, referenceOf }: { infos: readonly MetricInfo[]; referenceOf: ReferenceOf<C> },
): C[] {
  const spreads = fitSpreads(cells, { infos, referenceOf });
  const compared = new Map<string, C>();
  for (const group of groupBy(cells, ({ id }) => groupKey(id)).values()) {
    const reference = referenceOf(group);
    const against = group.find(({ id, status }) => id.contender === reference && status === 'ok');
    for (const cell of group) {
      const metrics = Object.entries(cell.metrics).map(([name, metric]): [string, Metric] => {
        const { ratio: _ratio, difference: _difference, ...own } = metric;
        const info = infos.find((one) => one.name === name);
        if (against === undefined || info?.ratio === undefined || own.summary === undefined) return [name, own];
        if (cell === against) return [name, { ...own, ratio: { reference: against.id.contender, ratio: 1 } }];
        const usual = spreads(cell.id.suite, name);
        return [name, { ...own, ...standBeside({ cell, against, info, usual }) }];
      });
      compared.set(cellKey(cell.id), { ...cell, metrics: Object.fromEntries(metrics) });
    }
  }
  return cells.map((cell) => compared.get(cellKey(cell.id)) ?? cell);
}

interface Sides {
  readonly cell: Cell;
  readonly against: Cell;
  readonly info: MetricInfo;
  readonly usual: UsualSpread | undefined;
}

function standBeside({ cell, against, info, usual }: Sides): { ratio?: Ratio; difference?: Difference } {
  const pairs = pairRounds({ subject: cell, against }, info.name);
  if (pairs.length === 0) return {};
  const reference = against.id.contender;
  const ratios = formRatios(pairs, info);
  if (ratios === undefined) {
    const { mean: value, ...bounds } = meanInterval(pairs.map((pair) => pair.subject - pair.against));
    return { difference: { reference, value, ...bounds } };
  }
  const { mean: ratio, ...bounds } = boundRatio(ratios, usual);
  return { ratio: { reference, ratio, ...bounds } };
}
