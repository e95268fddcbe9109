/**
 * Speedups as the action benchmark-action/github-action-benchmark reads them with `tool: customBiggerIsBetter`.
 *
 * One file has one direction, and speedups are what survives a change of the machine under a CI job; over HTTP it is the
 * ratio of requests a second. Deliberately absent: times and bytes (in `extra`, where nothing alerts on them), references
 * (always 1), cells without a speedup.
 *
 * @see https://github.com/benchmark-action/github-action-benchmark, "Examples", custom benchmarks.
 */
import { escapeInJson } from '../../foreign-text.ts';
import { rateRatioOf } from '../../compare/http-cells.ts';
import type { Cell } from '../../model/cell.ts';
import type { HttpRatio } from '../../model/http.ts';
import { UserError } from '../../user-error.ts';
import type { Format } from '../format.ts';
import type { NamedRun } from '../named-run.ts';
import { httpMetricLooks } from '../http/http-figures.ts';
import { formatBytes, formatInterval, formatPercent, formatTime } from '../quantities.ts';
import {
  type ListedCell,
  type ListedHttpCell,
  listCells,
  listHttpCells,
  requireOneKind,
  requireRuns,
} from '../run/run-cells.ts';
import { showText } from '../../foreign-text.ts';

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
    const runs = requireRuns(options.runs, 'github-action-benchmark');
    const isHttp = requireOneKind(runs, 'github-action-benchmark') === 'http';
    const entries = isHttp ? listHttpCells(runs).flatMap(describeHttpCell) : listCells(runs).flatMap(describeCell);
    // The action takes an empty list for a broken file.
    if (entries.length === 0) {
      throw new UserError('cannot write github-action-benchmark: there is no speedup in this run', {
        hint: 'measure a suite with its reference and another contender',
      });
    }
    return `${escapeInJson(JSON.stringify(entries, null, 2))}\n`;
  },
} satisfies Format;

function describeCell({ name, cell, run }: ListedCell): Entry[] {
  const { speedup, contender, status } = cell;
  if (status !== 'ok' || speedup === undefined || speedup.reference === contender) return [];
  const { ratio, lo, hi } = speedup;
  const range = lo === undefined || hi === undefined ? {} : { range: formatInterval({ lo, hi }) };
  return [{ name, unit: 'x', value: ratio, ...range, extra: tellRest(cell, run) }];
}

function describeHttpCell({ name, cell, run }: ListedHttpCell): Entry[] {
  const ratio = cell.status === 'ok' ? rateRatioOf(cell) : undefined;
  if (ratio === undefined) return [];
  const { lo, hi } = ratio;
  const range = lo === undefined || hi === undefined ? {} : { range: formatInterval({ lo, hi }) };
  return [{ name, unit: 'x', value: ratio.ratio, ...range, extra: tellHttpRest(ratio, { name, cell, run }) }];
}

function tellHttpRest({ reference, confidence }: HttpRatio, { cell, run }: ListedHttpCell): string {
  const figures = httpMetricLooks.flatMap(({ name, title, format }) => {
    const summary = cell.metrics[name];
    return summary === undefined ? [] : [`${title} ${format(summary.median)}`];
  });
  const lines = [
    `requests/s of this one / requests/s of ${reference}${tellConfidence(confidence)}`,
    ...figures,
    tellPlace(run),
    ...cell.warnings,
  ];
  return lines.map(showText).join('\n');
}

function tellConfidence(confidence: number | undefined): string {
  return confidence === undefined ? '' : `, ${formatPercent(confidence)} interval`;
}

function tellPlace({ run }: NamedRun): string {
  return `node ${run.environment.node}, ${run.environment.cpuModel}`;
}

/** Lines of the tooltip; the file's own figures after the rounding of every report. */
function tellRest({ speedup, latencyNs, outputBytes, warnings }: Cell, run: NamedRun): string {
  const { reference, confidence } = speedup ?? {};
  const lines = [
    `time(${reference}) / time of this one${tellConfidence(confidence)}`,
    ...(latencyNs === undefined ? [] : [`time ${formatTime(latencyNs.median)}`]),
    ...(outputBytes === undefined ? [] : [`output ${formatBytes(outputBytes)}`]),
    tellPlace(run),
    ...warnings,
  ];
  return lines.map(showText).join('\n');
}
