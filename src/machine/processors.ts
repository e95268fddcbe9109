/**
 * Which processors this process may use, and moving processes onto some of them with `taskset`.
 *
 * A process that wanders between processors measures their differences. Frequencies and priorities are left alone: they
 * need rights that a benchmark should not ask for.
 */
import { readFileSync } from 'node:fs';

import { hasSucceeded, runToEnd } from '../process/child.ts';

const pinningProgram = 'taskset';

/** Numbers in a list such as `0-2,7`, as Linux writes sets of processors; empty for anything else. */
export function parseProcessorList(text: string): number[] {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return [];
  return text.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}

/** Processors that this process may use, ascending; empty where the system does not say. */
export function readAllowedProcessors(): number[] {
  try {
    return parseProcessorList(
      /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '',
    );
  } catch {
    return [];
  }
}

/** What goes in front of a command that is to run on these processors only. */
export function pinnedTo(processors: readonly number[]): readonly string[] {
  return [pinningProgram, '-c', processors.join(',')];
}

/** Moves a running process with all of its threads. @returns false where it could not be moved. */
export async function moveProcess(pid: number, processors: readonly number[]): Promise<boolean> {
  const command = [pinningProgram, '-a', '-c', '-p', processors.join(','), `${pid}`] as const;
  return hasSucceeded(await runToEnd({ command, env: process.env }));
}
