/**
 * The lines of a report that say on what it was measured.
 *
 * Deliberately absent: packages and commits, which a run has once and a gate session twice.
 */
import type { Environment } from '../../model/environment.ts';
import { formatBytes, formatPlural } from '../quantities.ts';

/** `node 26.1.0, V8 14.0, Linux 6.1, x64`. */
export function tellRuntime({ node, v8, os, arch }: Environment): string {
  return `node ${node}, V8 ${v8}, ${os}, ${arch}`;
}

/** The processor's name, its cores and the machine's memory. */
export function tellMachine({ cpuModel, cores, memoryBytes }: Environment): string {
  return `${cpuModel}, ${formatPlural(cores, 'core')}, ${formatBytes(memoryBytes)} memory`;
}
