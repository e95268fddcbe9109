/**
 * A child process in a process group of its own that is ended as a whole, and whose death is known at once.
 *
 * Deliberately absent: what is said over its channel.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { explainDeath } from '../measure/fork.ts';
import { LoadFailure } from './failure.ts';

/** Enough of stderr to find the reason of a crash. */
const keptStderrCharacters = 16_384;

/** What is waited for, in words that complete `the server `. */
interface Expectation {
  /** E.g. `gave no answer`, where the time is up. */
  readonly late: string;
  /** E.g. `before it listened`, where the process dies. */
  readonly dead: string;
  readonly limitMs: number;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Settles as `promise` does, or rejects with a LoadFailure where the process dies or the time is up before. */
  expect<T>(promise: Promise<T>, words: Expectation): Promise<T>;
  /** Kills the whole group; resolves when the process is gone. */
  end(): Promise<void>;
}

/**
 * Starts a Node process with an IPC channel.
 * @param request.prefix command in front of it, e.g. `taskset -c 0`; @param request.name what it is called in reasons.
 * @param request.signal kills it at once when aborted.
 * @throws {LoadFailure} where it cannot be started.
 */
export async function startChild(request: {
  prefix: readonly string[];
  arguments: readonly string[];
  env: NodeJS.ProcessEnv;
  name: string;
  signal: AbortSignal;
}): Promise<Child> {
  if (request.signal.aborted) throw new LoadFailure(`${request.name} was not started: interrupted`);
  const [file, ...rest] = [...request.prefix, process.execPath, ...request.arguments] as [string, ...string[]];
  const child = spawn(file, rest, {
    env: request.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderrCharacters);
  });
  const closed = Promise.withResolvers<void>();
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
    closed.resolve();
  });
  // A message to a process that is gone fails; its death is told by `close`.
  child.on('error', () => {});
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error').catch((cause: unknown) => [cause])) as [Error];
    throw new LoadFailure(`${request.name} did not start: ${error.message}`);
  }
  const { pid } = child;
  const kill = (): void => killGroup(pid);
  request.signal.addEventListener('abort', kill, { once: true });
  const whyDead = (dead: string): LoadFailure => {
    const { exitCode, signalCode } = child;
    const reason = explainDeath(
      { timedOut: false, isMaxBuffer: false, stderr, signal: signalCode ?? undefined, exitCode: exitCode ?? undefined },
      0,
    );
    return new LoadFailure(`${request.name} ${reason.replace('before it reported', dead)}`);
  };
  return {
    process: child,
    pid,
    async expect(promise, { late: what, dead, limitMs }) {
      let timer: NodeJS.Timeout | undefined;
      const died = closed.promise.then(() => {
        throw whyDead(dead);
      });
      // Only one of the three is looked at; the others may fail later.
      promise.catch(() => {});
      died.catch(() => {});
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new LoadFailure(`${request.name} ${what} within ${limitMs / 1000} s and was ended`)),
          limitMs,
        );
      });
      try {
        return await Promise.race([promise, died, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    async end() {
      request.signal.removeEventListener('abort', kill);
      if (!isClosed) killGroup(pid);
      await closed.promise;
      // Processes that it started and left behind are of its group still.
      killGroup(pid);
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
