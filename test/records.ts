/**
 * From run files as they are stored, which is how tests write runs down, to runs as the program works with them.
 */
import { describeMetrics } from '../src/compare/metrics.ts';
import type { MicroCell } from '../src/model/cell.ts';
import type { HttpCell, HttpResults } from '../src/model/http.ts';
import type { Run } from '../src/model/run.ts';
import { loadMetrics } from '../src/registry/registry.ts';
import { fromHttpRecord, fromMicroRecord, fromRecord } from '../src/run-file/read.ts';
import type { HttpCellRecord, HttpResultsRecord, MicroCellRecord, RunRecord } from '../src/run-file/records.ts';
import { toHttpRecord, toMicroRecord, toRecord } from '../src/run-file/write.ts';
import { readRun } from '../src/store/run-file.ts';
import type { Metadata } from '../src/report/catalog.ts';
import type { Document } from '../src/report/document.ts';
import { reportRun } from '../src/report/run/run-report.ts';

/**
 * The metrics that files of the first release have. Made-up runs, and so golden outputs, keep to them: a metric is added by
 * its file alone.
 */
const firstMetrics = new Set([
  'latencyNs',
  'outputBytes',
  'throughputBytesPerSec',
  'allocatedBytesPerOp',
  'gcTimeShare',
  'peakBlockNs',
  'compileNs',
  'requestsPerSec',
  'p50Ns',
  'p95Ns',
  'p99Ns',
  'p999Ns',
  'cpuNsPerRequest',
  'eventLoopDelayP99Ns',
  'wireBytesPerRequest',
  'peakMemoryBytes',
]);

/** Those of the built-in metrics, as their files have them. */
export const builtInMetrics = (await loadMetrics()).filter(({ name }) => firstMetrics.has(name));

/** What run files say of them. */
export const infos = { fork: describeMetrics(builtInMetrics, 'fork'), load: describeMetrics(builtInMetrics, 'load') };

/** A run file as it is stored. @throws {UserError} as its reader does. */
export function readRecord(file: string): RunRecord {
  return toRecord(readRun(file, [...infos.fork, ...infos.load]));
}

export function toRun(record: RunRecord): Run {
  return fromRecord(record, [...infos.fork, ...infos.load]);
}

export function toMicro(record: MicroCellRecord): MicroCell {
  return fromMicroRecord(record, infos.fork);
}

export function toHttp(record: HttpCellRecord): HttpCell {
  return fromHttpRecord(record, infos.load);
}

export function toResults(record: HttpResultsRecord): HttpResults {
  return { ...record, cells: record.cells.map(toHttp) };
}

export function storeMicro(cells: readonly MicroCell[]): MicroCellRecord[] {
  return cells.map(toMicroRecord);
}

/** @param items of the only scenario. */
export function storeHttp(cells: readonly HttpCell[], items = 100): HttpCellRecord[] {
  return cells.map((cell) => toHttpRecord(cell, items));
}

/** The report of a run as it is stored. */
export function reportRecord({ run, registry }: { run: RunRecord; registry: Metadata }): Document {
  return reportRun({ run: toRun(run), registry });
}
