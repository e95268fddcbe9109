/**
 * Which processors the server and the load get: one for the server, the others for the load, where `taskset` can do
 * that.
 *
 * A process that moves between processors, or shares one with its own client, measures the scheduler. Frequencies and
 * priorities are left alone: they need rights that a benchmark should not ask for.
 */
import { availableParallelism } from 'node:os';

import { canPin, pinnedTo, readAllowedProcessors } from '../../machine/processors.ts';

/** Commands that go in front of a program, and what has to be said about them. */
export interface Placement {
  readonly server: readonly string[];
  readonly load: readonly string[];
  /** True where the load has a processor that the server does not use. */
  readonly isApart: boolean;
  /** Why the processes are not pinned; absent where they are. */
  readonly warning?: string;
}

/** Looks at this machine: processors that this process may use, and whether `taskset` runs. */
export async function placeProcesses(): Promise<Placement> {
  const processors = readAllowedProcessors();
  const isApart = availableParallelism() > 1;
  const free = { server: [], load: [], isApart };
  if (!isApart) return { ...free, warning: 'server and load shared the only processor' };
  const [first, ...others] = processors;
  if (first === undefined || others.length === 0 || !(await canPin(first))) {
    return { ...free, warning: 'server and load were not pinned to processors: there is no taskset' };
  }
  return { server: pinnedTo([first]), load: pinnedTo(others), isApart };
}
