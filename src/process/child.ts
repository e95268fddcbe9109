/**
 * Starts child processes for the whole program, and tells how each of them ended.
 *
 * A child leads a process group of its own, so that ending it ends all that it has started, and it is ended when this
 * process is. No shell takes part. What a child gets to know is what its caller hands over: no variable of this process
 * reaches it by itself. How an end reads in a report: death.ts.
 */
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { execa } from 'execa';

import type { Env } from './child-environment.ts';

/** A program to run. */
export interface ChildRequest {
  /** The program, found on the PATH of `env`, and its arguments. */
  readonly command: readonly [program: string, ...rest: string[]];
  /** The whole environment; names without a value are left out. */
  readonly env: Env;
  readonly cwd?: string;
  /** Ends it at once when aborted. */
  readonly signal?: AbortSignal;
  /** It is ended after this time. */
  readonly timeLimitMs?: number;
}

/** How a process ended. */
type End =
  | { readonly how: 'exited'; readonly exitCode: number }
  /** By a signal that did not come from here. */
  | { readonly how: 'killed'; readonly signal: string }
  /** By the caller's signal; then it may not have been started at all. */
  | { readonly how: 'interrupted' }
  | { readonly how: 'out of time'; readonly timeLimitMs: number }
  /** It wrote more than `outputLimit`. */
  | { readonly how: 'out of bounds' }
  /** `code` is that of the system's error, e.g. `ENOENT`. */
  | { readonly how: 'not started'; readonly code: string | undefined; readonly reason: string };

/** A process that has ended, with the end of what it wrote to stderr. */
export interface Ended {
  readonly end: End;
  readonly stderr: string;
}

export function hasSucceeded({ end }: Ended): boolean {
  return end.how === 'exited' && end.exitCode === 0;
}

/** Where a process gives its answer: on stdout, on file descriptor 3, or in messages over its channel. */
type AnswerPlace = 'stdout' | 'descriptor 3' | 'channel';

export interface RunRequest extends ChildRequest {
  /** `stdout` without it. Elsewhere stdout is thrown away, since modules that a process imports may print. */
  readonly answersOn?: AnswerPlace;
  /** What it reads from stdin; nothing without it. */
  readonly input?: string | Uint8Array;
  /** Keeps stdin open behind the input, so that the process notices when this one is gone. */
  readonly keepsInputOpen?: true;
  /** `latin1` keeps every byte of the answer; UTF-8 without it. */
  readonly encoding?: 'latin1';
  /** Characters of the answer and of stderr, each. A process that writes more is ended. */
  readonly outputLimit?: number;
}

/** A process that has ended, with all that it wrote. */
export interface RunResult extends Ended {
  /** The text on stdout or descriptor 3; empty for a process that answers over its channel. */
  readonly answer: string;
  /** stdout and stderr in the order in which they came; empty for a process that answers elsewhere. */
  readonly output: string;
  /** What came over the channel; not validated. */
  readonly messages: readonly unknown[];
}

/** Runs a program to its end; never throws. */
export async function runToEnd(request: RunRequest): Promise<RunResult> {
  const { answersOn = 'stdout', input, keepsInputOpen, encoding = 'utf8', outputLimit = defaultOutputLimit } = request;
  if (request.signal?.aborted === true)
    return { end: { how: 'interrupted' }, answer: '', output: '', messages: [], stderr: '' };
  const [file, ...rest] = request.command;
  const isOnStdout = answersOn === 'stdout';
  const subprocess = execa(file, rest, {
    ...optionsFor(request),
    stdio: [
      input === undefined ? 'ignore' : 'pipe',
      isOnStdout ? 'pipe' : 'ignore',
      'pipe',
      ...(answersOn === 'descriptor 3' ? (['pipe'] as const) : []),
    ],
    ipc: answersOn === 'channel',
    all: isOnStdout,
    encoding,
    maxBuffer: outputLimit,
  });
  endDescendantsWith(subprocess);
  // A process that ends before it has read its input makes this fail; how it ended says more.
  subprocess.stdin?.on('error', () => {});
  subprocess.stdin?.write(input ?? '');
  if (keepsInputOpen !== true) subprocess.stdin?.end();
  const result = await subprocess;
  const answer = isOnStdout ? result.stdout : result.stdio[3];
  return {
    end: endOf(result, request),
    answer: typeof answer === 'string' ? answer : '',
    output: typeof result.all === 'string' ? result.all : '',
    stderr: typeof result.stderr === 'string' ? result.stderr : '',
    messages: result.ipcOutput as readonly unknown[],
  };
}

/** A process that is talked to while it runs. */
export interface Child {
  /** Absent where the process did not start. */
  readonly pid: number | undefined;
  /** Absent where it was not asked for. */
  readonly stdin: Writable | undefined;
  /** Whatever nobody reads of it is thrown away. */
  readonly stdout: Readable;
  /** Settles when the process is gone and its pipes are closed; never rejects. */
  readonly ended: Promise<Ended>;
  /** The end of what it has written to stderr until now. */
  stderr(): string;
  /** Sends a message over the channel; one to a process that is gone is lost, and `ended` tells why. */
  send(message: object): void;
  /** Hears every message that comes from now on, not validated. @returns what stops the listening. */
  listen(listener: (message: unknown) => void): () => void;
  /**
   * Sends a signal to the process and all of its descendants; 0 only asks. @returns false where none of them is left.
   */
  signal(name: NodeJS.Signals | 0): boolean;
  /** Ends the process and its descendants; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a program; never throws.
 * @param request.talksOver what a caller uses besides stdout: the child's stdin, or a channel for messages.
 * @param request.onStderr hears stderr as it comes.
 * @param request.descendants `outlive` leaves processes that the child has started alone when it ends, until `kill`.
 */
export function startChild(
  request: ChildRequest & {
    talksOver: 'stdin' | 'channel' | 'nothing';
    onStderr?: (text: string) => void;
    descendants?: 'outlive';
  },
): Child {
  const [file, ...rest] = request.command;
  const subprocess = execa(file, rest, {
    ...optionsFor(request),
    stdio: [request.talksOver === 'stdin' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ipc: request.talksOver === 'channel',
    buffer: false,
  });
  const process = subprocess.nodeChildProcess;
  if (request.descendants !== 'outlive') endDescendantsWith(subprocess);
  let stderr = '';
  subprocess.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderrCharacters);
    request.onStderr?.(text);
  });
  subprocess.stdin?.on('error', () => {});
  const ended = subprocess.then((result): Ended => ({ end: endOf(result, request), stderr }));
  return {
    pid: subprocess.pid,
    stdin: subprocess.stdin ?? undefined,
    stdout: subprocess.stdout,
    ended,
    stderr: () => stderr,
    send: (message) => {
      if (process.connected) process.send(message, () => {});
    },
    listen: (listener) => {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
    signal: (name) => subprocess.kill(name),
    async kill() {
      subprocess.kill('SIGKILL');
      await ended;
      // Descendants that were left alone when the process ended.
      subprocess.kill('SIGKILL');
    },
  };
}

/** Characters of an answer. Arbitrary: lists of all files of a large repository stay below it. */
const defaultOutputLimit = 100_000_000;

/** Enough of stderr to find the reason of a crash. */
const keptStderrCharacters = 16_384;

function optionsFor({ env, cwd, signal, timeLimitMs }: ChildRequest) {
  return {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    ...(cwd !== undefined && { cwd }),
    ...(signal !== undefined && { cancelSignal: signal }),
    ...(timeLimitMs !== undefined && { timeout: timeLimitMs }),
    reject: false,
    stripFinalNewline: false,
    serialization: 'json',
    killSignal: 'SIGKILL',
    forceKillAfterDelay: false,
    killDescendants: true,
    windowsHide: true,
  } as const;
}

/** A descendant that outlives the process would hold its pipes open, and nobody would hear of the end. */
function endDescendantsWith(subprocess: {
  readonly nodeChildProcess: { once(event: 'exit', listener: () => void): unknown };
  kill(signal: 'SIGKILL'): boolean;
}): void {
  subprocess.nodeChildProcess.once('exit', () => subprocess.kill('SIGKILL'));
}

function endOf(
  result: {
    isCanceled: boolean;
    timedOut: boolean;
    isMaxBuffer: boolean;
    signal?: string | undefined;
    exitCode?: number | undefined;
    code?: string | undefined;
    originalMessage?: string | undefined;
  },
  { command: [file], signal, timeLimitMs = 0 }: ChildRequest,
): End {
  // Who presses Ctrl-C may have ended the process before the signal was passed on.
  if (result.isCanceled || (signal?.aborted === true && result.exitCode !== 0)) return { how: 'interrupted' };
  if (result.timedOut) return { how: 'out of time', timeLimitMs };
  if (result.isMaxBuffer) return { how: 'out of bounds' };
  if (result.signal !== undefined) return { how: 'killed', signal: result.signal };
  if (result.exitCode !== undefined) return { how: 'exited', exitCode: result.exitCode };
  const reason = result.originalMessage?.replaceAll(file, path.basename(file)) ?? 'no reason given';
  return { how: 'not started', code: result.code, reason };
}
