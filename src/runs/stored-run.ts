/**
 * Reads a finished run for whatever shows it or compares it.
 *
 * Unfinished ones have a journal, which read-run.ts reads, too.
 */
import { describeMetrics } from '../compare/metrics.ts';
import { reassess } from '../compare/reassess.ts';
import type { Run } from '../model/run.ts';
import { loadMetrics } from '../registry/registry.ts';
import { readRun } from '../store/run-file.ts';

/** The run of a file, without bounds that are not believed. @throws {UserError} as `readRun` does. */
export async function readStoredRun(file: string): Promise<Run> {
  const metrics = await loadMetrics();
  return reassess(readRun(file, [...describeMetrics(metrics, 'fork'), ...describeMetrics(metrics, 'load')]));
}
