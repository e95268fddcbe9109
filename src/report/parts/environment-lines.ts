/**
 * The lines of a report that say when and on what it was measured.
 */
import type { Environment } from '../../model/environment.ts';
import { formatBytes, formatDuration, formatMoment, formatPlural } from '../quantities.ts';

/** `node 26.1.0, V8 14.0, Linux 6.1, x64`. */
export function tellRuntime({ node, v8, os, arch }: Environment): string {
  return `node ${node}, V8 ${v8}, ${os}, ${arch}`;
}

/** The processor's name, its cores and the machine's memory. */
export function tellMachine({ cpuModel, cores, memoryBytes }: Environment): string {
  return `${cpuModel}, ${formatPlural(cores, 'core')}, ${formatBytes(memoryBytes)} memory`;
}

/** `2026-11-22 10:43 UTC, took 4 min 12 s`. */
export function tellWhen({ startedAt, durationMs }: { startedAt: string; durationMs: number }): string {
  return `${formatMoment(startedAt)}, took ${formatDuration(durationMs)}`;
}
