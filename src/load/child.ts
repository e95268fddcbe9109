/**
 * Starts the processes of a load: servers and generators. Whoever waits for one of them hears at once of its death.
 */
import { type Child, startChild } from '../process/child.ts';
import type { Env } from '../process/child-environment.ts';
import { describeDeath, describeSilence } from '../process/death.ts';
import { LoadFailure } from './failure.ts';

/** What is waited for, in words that complete `the server `. */
interface Expectation {
  /** E.g. `gave no answer`, where the time is up. */
  readonly late: string;
  /** E.g. `before it listened`, where the process dies. */
  readonly dead: `before ${string}` | `while ${string}`;
  readonly limitMs: number;
}

export interface LoadChild extends Child {
  /** Settles as `promise` does, or rejects with a LoadFailure where the process dies or the time is up before. */
  expect<T>(promise: Promise<T>, words: Expectation): Promise<T>;
}

/**
 * Starts a Node process with a channel; where it does not start, the first thing that is expected of it says why.
 * @param request.prefix command in front of it, e.g. `taskset -c 0`; @param request.name what it is called in reasons.
 */
export function startLoadChild(request: {
  prefix: readonly string[];
  arguments: readonly string[];
  env: Env;
  name: string;
  signal: AbortSignal;
}): LoadChild {
  const { prefix, env, name, signal } = request;
  const [program = process.execPath, ...rest] = [...prefix, process.execPath, ...request.arguments];
  const child = startChild({ command: [program, ...rest], env, talksOver: 'channel', signal });
  return {
    ...child,
    async expect(promise, { late, dead, limitMs }) {
      let timer: NodeJS.Timeout | undefined;
      const died = child.ended.then((ended): never => {
        throw new LoadFailure(`${name} ${describeDeath(ended, dead)}`);
      });
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new LoadFailure(`${name} ${describeSilence(late, limitMs)}`)), limitMs);
      });
      // Only one of the three is looked at; the others may fail later.
      promise.catch(() => {});
      died.catch(() => {});
      try {
        return await Promise.race([promise, died, tooLate]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
