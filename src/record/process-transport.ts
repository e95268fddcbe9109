/**
 * An MCP transport to a server that runs as a child process and speaks over its stdin and stdout.
 *
 * The client library has such a transport too, but ends only the process that it started: behind `npx` the server
 * itself would live on, and the exit code and what was written besides the protocol would be lost. Here all that was
 * started is asked to end, and ended where it does not.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { JSONRPCMessageSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { setTimeout as delay } from 'node:timers/promises';

import { toOneLine } from '../foreign-text.ts';
import { type Child, type Ended, startChild } from '../process/child.ts';
import type { Env } from '../process/child-environment.ts';
import { UserError } from '../user-error.ts';
import type { ByteBudget } from './catalog.ts';
import { decodeJson } from './decode.ts';
import { createLineSplitter } from './lines.ts';

/** What is known of a server's process besides its messages. */
export interface ProcessOutcome {
  /** How it ended of its own accord, or why it did not start; absent while it runs. */
  readonly ended?: Ended;
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
  /** Ends the server with all of its processes; resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Lines of stderr to keep. Arbitrary: the end of a stack trace or of an npm error fits. */
const stderrLines = 12;
/** Stray lines after which a server counts as something else. Arbitrary: banners have a few. */
const maxStrayLines = 100;

/**
 * Starts the server when the client calls `start`.
 * @param request.command program and arguments, not empty; @param request.env the server's whole environment.
 * @param request.what the start of an error message; @param request.budget for everything on its stdout.
 * @param request.onText gets the text of every message, before it is handed on.
 * @param request.graceMs time to end by itself once stdin is closed, and again after SIGTERM; asked when it is needed.
 */
export function createProcessTransport(request: {
  command: readonly string[];
  env: Env;
  cwd: string;
  graceMs: () => number;
  what: string;
  budget: ByteBudget;
  onText: (text: string) => void;
}): ProcessTransport {
  const { command, env, cwd, graceMs, what, budget, onText } = request;
  const [program = '', ...rest] = command;
  let child: Child | undefined;
  let ended: Ended | undefined;
  let stopping: Promise<void> | undefined;
  let strayLines = 0;
  let firstStrayLine: string | undefined;
  let refusal: UserError | undefined;

  const transport: ProcessTransport = {
    async start() {
      child = startChild({ command: [program, ...rest], env, cwd, talksOver: 'stdin', descendants: 'outlive' });
      const split = createLineSplitter(receive);
      child.stdout.on('data', (bytes: Uint8Array) =>
        guard(() => {
          budget.take(bytes.length);
          split(bytes);
        }),
      );
      const watching = watch(child);
      if (child.pid === undefined) {
        await watching;
        throw new Error('the process did not start');
      }
    },
    async send(message: JSONRPCMessage) {
      child?.stdin?.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      stopping ??= end(graceMs());
      await stopping;
    },
    outcome() {
      return {
        ...(ended !== undefined && { ended }),
        ...(refusal !== undefined && { refusal }),
        strayLines,
        ...(firstStrayLine !== undefined && { firstStrayLine }),
        stderrTail: (child?.stderr() ?? '')
          .split('\n')
          .slice(-stderrLines - 1)
          .map((line) => toOneLine(line))
          .filter((line) => line !== ''),
      };
    },
  };

  async function watch(started: Child): Promise<void> {
    const result = await started.ended;
    if (stopping !== undefined) return;
    ended = result;
    transport.onclose?.();
  }

  async function end(withinMs: number): Promise<void> {
    if (child === undefined) return;
    child.stdin?.end();
    await allEnd(child, withinMs);
    child.signal('SIGTERM');
    await allEnd(child, withinMs);
    await child.kill();
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
    firstStrayLine ??= toOneLine(line, 120);
    if (strayLines === maxStrayLines) void transport.close();
  }

  return transport;
}

function parseMessage(line: string): JSONRPCMessage | undefined {
  try {
    return JSONRPCMessageSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Waits until nothing is left of what was started, for so long at most. */
async function allEnd(child: Child, withinMs: number): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (child.signal(0) && performance.now() < giveUp) await delay(10);
}
