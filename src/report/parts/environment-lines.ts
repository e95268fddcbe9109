/**
 * The lines of a report that say when and on what it was measured.
 */
import { engineOf, nameRuntime } from '../../compare/name-runtime.ts';
import type { Environment } from '../../model/environment.ts';
import { formatBytes, formatDuration, formatMoment, formatPlural } from '../quantities.ts';

/** `node 26.1.0, V8 14.0, Linux 6.1, x64`; without V8 where the engine is another one. */
export function tellRuntime(environment: Environment): string {
  const { os, arch } = environment;
  const v8 = engineOf(environment);
  return [nameRuntime(environment), ...(v8 === undefined ? [] : [`V8 ${v8}`]), os, arch].join(', ');
}

/** `Node 26.10.0`, as the subject of a sentence. */
export function titleRuntime(environment: Pick<Environment, 'node' | 'runtime'>): string {
  const name = nameRuntime(environment);
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The processor's name, its cores and the machine's memory. */
export function tellMachine({ cpuModel, cores, memoryBytes }: Environment): string {
  return `${cpuModel}, ${formatPlural(cores, 'core')}, ${formatBytes(memoryBytes)} memory`;
}

/** `2026-11-22 10:43 UTC, took 4 min 12 s`. */
export function tellWhen({ startedAt, durationMs }: { startedAt: string; durationMs: number }): string {
  return `${formatMoment(startedAt)}, took ${formatDuration(durationMs)}`;
}
