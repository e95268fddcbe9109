/**
 * Speedups as the action benchmark-action/github-action-benchmark reads them with `tool: customBiggerIsBetter`.
 *
 * One file has one direction, and speedups are what survives a change of the machine under a CI job; over HTTP it is
 * the ratio of requests a second. Everything else stands in `extra`, where nothing alerts on it; references are always
 * 1 and left out. The action turns whatever is no number into one, `null` into 0, and finds the earlier figure by the
 * name: so figures are finite, names differ, and no range looks like `± 3`, which it would convert with the unit.
 *
 * @see https://github.com/benchmark-action/github-action-benchmark, "Examples", custom benchmarks, and its extract.ts
 */
import { escapeInJson, showText } from '../../foreign-text.ts';
import { isGiven, medianOf, ratioOf } from '../../compare/cells.ts';
import { nameRuntime } from '../../compare/name-runtime.ts';
import type { Cell } from '../../model/cell.ts';
import type { MetricInfo } from '../../model/metric.ts';
import { tellWarning } from '../../run-file/warnings.ts';
import { UserError } from '../../user-error.ts';
import type { Format } from '../format.ts';
import { formatMetric } from '../parts/metric-cells.ts';
import { formatInterval, formatPercent } from '../quantities.ts';
import { type CellList, listCells, type ListedCell, refuseTwins, requireRuns } from '../run/run-cells.ts';

/** An entry of the action's list; `range` and `extra` are text that it shows as it is. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

export default {
  extension: 'json',
  needs: 'runs',
  render(_document, options) {
    const list = listCells(requireRuns(options.runs, 'github-action-benchmark'), 'github-action-benchmark');
    const told = wordings[list.source];
    const entries = list.cells.flatMap((listed) => describeCell(listed, { told, metrics: list.metrics }));
    // The action takes an empty list for a broken file.
    if (entries.length === 0) {
      throw new UserError('cannot write github-action-benchmark: there is no speedup in this run', {
        hint: 'measure a suite with its reference and another contender',
      });
    }
    refuseTwins(
      entries.map(({ name }) => name),
      'github-action-benchmark',
    );
    return `${escapeInJson(JSON.stringify(entries, null, 2))}\n`;
  },
} satisfies Format;

/** Which ratio is the entry's figure, how it is put, and what else the tooltip tells. */
interface Wording {
  readonly metric: string;
  readonly tell: (reference: string) => string;
  /** By name; all that the run has where left out. */
  readonly figures?: Readonly<Record<string, string>>;
}

const wordings: Readonly<Record<CellList['source'], Wording>> = {
  fork: {
    metric: 'latencyNs',
    tell: (reference) => `time(${reference}) / time of this one`,
    figures: { latencyNs: 'time', outputBytes: 'output' },
  },
  load: { metric: 'requestsPerSec', tell: (reference) => `requests/s of this one / requests/s of ${reference}` },
};

function describeCell(
  { name, cell, run: { run } }: ListedCell<Cell>,
  { told, metrics }: { told: Wording; metrics: readonly MetricInfo[] },
): Entry[] {
  const ratio = cell.status !== 'ok' || isGiven(cell.id, told.metric) ? undefined : ratioOf(cell, told.metric);
  if (ratio === undefined || !Number.isFinite(ratio.ratio)) return [];
  const { reference, lo, hi, confidence } = ratio;
  const figures = metrics.flatMap((info) => {
    const [title, median] = [
      told.figures === undefined ? info.title : told.figures[info.name],
      medianOf(cell, info.name),
    ];
    return title === undefined || median === undefined ? [] : [`${title} ${formatMetric(median, info)}`];
  });
  const lines = [
    told.tell(reference) + (confidence === undefined ? '' : `, ${formatPercent(confidence)} interval`),
    ...figures,
    `${nameRuntime(run.environment)}, ${run.environment.cpuModel}`,
    ...cell.warnings.map(tellWarning),
  ];
  const range = lo === undefined || hi === undefined ? {} : { range: formatInterval({ lo, hi }) };
  return [{ name, unit: 'x', value: ratio.ratio, ...range, extra: lines.map(showText).join('\n') }];
}
