/**
 * Starts the processes of ensembles: a module of ours under Node.js, Bun or Deno, or python3 with the contender's code.
 */
import { siblingModule } from '../../own-files.ts';
import type { Env } from '../../process/child-environment.ts';
import { type Child, startChild } from '../../process/child.ts';
import { scratchVariable } from '../../process/scratch-directory.ts';
import type { ArmJob } from '../ensemble-messages.ts';
import type { ArmProcess } from './arm.ts';

const workerPath = siblingModule('../worker/ensemble-worker', import.meta.url);

/** How a process is started, whatever it measures. */
export interface ArmStart {
  /** What goes in front of the program, e.g. to allow it some processors only. */
  readonly prefix: readonly string[];
  /** The program and what stands before the module. */
  readonly program: readonly [file: string, ...rest: string[]];
  readonly env: Env;
  /** The session's, by which a process that outlives it is found. */
  readonly scratchDirectory: string;
  readonly signal: AbortSignal;
}

/** A process of a JavaScript runtime, which gets its job as an argument and talks over a channel. */
export function startArm(job: ArmJob, { prefix, program, env, scratchDirectory, signal }: ArmStart): ArmProcess {
  const [file, ...rest] = [...prefix, ...program, workerPath, JSON.stringify(job)];
  const child: Child = startChild({
    command: [file, ...rest],
    env: { ...env, [scratchVariable]: scratchDirectory },
    talksOver: 'channel',
    signal,
  });
  return child;
}
