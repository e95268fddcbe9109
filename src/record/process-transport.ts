/**
 * An MCP transport to a server that runs as a child process and speaks over its stdin and stdout.
 *
 * The client library has such a transport too, but ends only the process that it started: behind `npx` the server
 * itself would live on, and the exit code and what was written besides the protocol would be lost. Here the server
 * gets a process group of its own, which ends as a whole. Deliberately absent: what the messages mean.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { JSONRPCMessageSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { execa } from 'execa';
import { setTimeout as delay } from 'node:timers/promises';

import { UserError } from '../user-error.ts';
import { displayable, type ByteBudget } from './catalog.ts';
import { decodeJson } from './decode.ts';
import { createLineSplitter } from './lines.ts';

/** What is known of a server's process besides its messages. */
export interface ProcessOutcome {
  /** Why it did not start, e.g. `ENOENT`; absent where it did. */
  readonly startError?: string;
  /** How it ended of its own accord, e.g. `exit code 3`; absent while it runs. */
  readonly ended?: string;
  /** Lines on stdout that were no JSON-RPC message, and the first of them. */
  readonly strayLines: number;
  readonly firstStrayLine?: string;
  /** The last lines of stderr, oldest first. */
  readonly stderrTail: readonly string[];
  /** Why it was ended here: it sent too much, or what is no text. */
  readonly refusal?: UserError;
}

/** A transport whose process can be asked what became of it. */
export interface ProcessTransport extends Transport {
  outcome(): ProcessOutcome;
  /** Ends the whole process group; resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Lines of stderr to keep. Arbitrary: the end of a stack trace or of an npm error fits. */
const stderrLines = 12;
/** Stray lines after which a server counts as something else. Arbitrary: banners have a few. */
const maxStrayLines = 100;

type Child = ReturnType<typeof startProcess>;

/**
 * Starts the server when the client calls `start`.
 * @param request.command program and arguments, not empty; @param request.env the server's whole environment.
 * @param request.what the start of an error message; @param request.budget for everything on its stdout.
 * @param request.onText gets the text of every message, before it is handed on.
 * @param request.graceMs time to end by itself once stdin is closed, and again after SIGTERM; asked when it is needed.
 */
export function createProcessTransport(request: {
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  graceMs: () => number;
  what: string;
  budget: ByteBudget;
  onText: (text: string) => void;
}): ProcessTransport {
  const { command, env, cwd, graceMs, what, budget, onText } = request;
  const [file = '', ...args] = command;
  let child: Child | undefined;
  let startError: string | undefined;
  let ended: string | undefined;
  let stopping: Promise<void> | undefined;
  let strayLines = 0;
  let firstStrayLine: string | undefined;
  let stderrTail: string[] = [];
  let refusal: UserError | undefined;

  const transport: ProcessTransport = {
    async start() {
      child = startProcess({ file, args, env, cwd });
      const split = createLineSplitter(receive);
      child.stdout.on('data', (bytes: Uint8Array) =>
        guard(() => {
          budget.take(bytes.length);
          split(bytes);
        }),
      );
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderrTail = (stderrTail.join('\n') + text)
          .slice(-16_384)
          .split('\n')
          .slice(-stderrLines - 1);
      });
      // A server that is gone makes stdin fail; its end is reported once, by the process itself.
      child.stdin.on('error', () => {});
      const watching = watch(child);
      if (child.pid === undefined) {
        await watching;
        throw new Error('the process did not start');
      }
    },
    async send(message: JSONRPCMessage) {
      child?.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      stopping ??= end(graceMs());
      await stopping;
    },
    outcome() {
      return {
        ...(startError !== undefined && { startError }),
        ...(ended !== undefined && { ended }),
        ...(refusal !== undefined && { refusal }),
        strayLines,
        ...(firstStrayLine !== undefined && { firstStrayLine }),
        stderrTail: stderrTail.map((line) => displayable(line)).filter((line) => line !== ''),
      };
    },
  };

  async function watch(started: Child): Promise<void> {
    const result = await started;
    if (stopping !== undefined) return;
    if (started.pid === undefined) startError = result.code ?? result.originalMessage ?? 'unknown reason';
    else if (result.signal !== undefined) ended = `signal ${result.signal}`;
    else ended = `exit code ${result.exitCode}`;
    transport.onclose?.();
  }

  async function end(withinMs: number): Promise<void> {
    if (child === undefined) return;
    child.stdin.end();
    await groupEnds(child, withinMs);
    child.kill('SIGTERM');
    await groupEnds(child, withinMs);
    child.kill('SIGKILL');
    transport.onclose?.();
  }

  /** Once it was refused nothing more is read, and whoever waits for an answer is told by the end of the connection. */
  function guard(action: () => void): void {
    if (refusal !== undefined) return;
    try {
      action();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal = error;
      void transport.close();
    }
  }

  function receive(line: Uint8Array): void {
    const { text } = decodeJson({ bytes: line, what });
    const message = parseMessage(text);
    if (message === undefined) {
      if (text.trim() !== '') countStrayLine(text);
      return;
    }
    onText(text);
    transport.onmessage?.(message);
  }

  function countStrayLine(line: string): void {
    strayLines += 1;
    firstStrayLine ??= displayable(line, 120);
    if (strayLines === maxStrayLines) void transport.close();
  }

  return transport;
}

function startProcess(request: {
  file: string;
  args: string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}) {
  const { file, args, env, cwd } = request;
  return execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // A process group of its own, which every signal reaches as a whole, also when wirebench itself exits.
    killDescendants: true,
    forceKillAfterDelay: false,
    windowsHide: true,
  });
}

function parseMessage(line: string): JSONRPCMessage | undefined {
  try {
    return JSONRPCMessageSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Waits until nothing of the group is left: signal 0 only asks. */
async function groupEnds(child: Child, withinMs: number): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (child.kill(0) && performance.now() < giveUp) await delay(10);
}
