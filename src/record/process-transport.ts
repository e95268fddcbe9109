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

import { displayable } from './catalog.ts';

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
}

/** A transport whose process can be asked what became of it. */
export interface ProcessTransport extends Transport {
  outcome(): ProcessOutcome;
  /**
   * Ends the whole process group; resolves when nothing of it is left.
   * @param graceMs time to end by itself once stdin is closed, and again after SIGTERM.
   */
  stop(graceMs: number): Promise<void>;
}

/** Lines of stderr to keep. Arbitrary: the end of a stack trace or of an npm error fits. */
const stderrLines = 12;
/** Stray lines after which a server counts as something else. Arbitrary: banners have a few. */
const maxStrayLines = 100;
/** Length of one message in UTF-16 units; the largest known catalog is 1,000 times smaller. */
const maxMessageLength = 256 * 1024 * 1024;
/** Windows has no process groups. */
const hasProcessGroups = process.platform !== 'win32';

/** Starts the server when the client calls `start`. @param request.command program and arguments, not empty. */
export function createProcessTransport(request: {
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}): ProcessTransport {
  const { command, env, cwd } = request;
  const [file = '', ...args] = command;
  let child: ReturnType<typeof startProcess> | undefined;
  let startError: string | undefined;
  let ended: string | undefined;
  let isStopping = false;
  let strayLines = 0;
  let firstStrayLine: string | undefined;
  let stderrTail: string[] = [];
  let pending = '';

  const killAtExit = (): void => signalGroup(child?.pid, 'SIGKILL');

  const transport: ProcessTransport = {
    async start() {
      child = startProcess({ file, args: [...args], env, cwd });
      const started = child;
      process.once('exit', killAtExit);
      started.stdout.setEncoding('utf8').on('data', receive);
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderrTail = (stderrTail.join('\n') + text).slice(-16_384).split('\n').slice(-stderrLines - 1);
      });
      // A server that is gone makes stdin fail; its end is reported once, by the process itself.
      started.stdin.on('error', () => {});
      void watch(started);
      await new Promise<void>((resolve) => {
        started.once('spawn', resolve);
        started.once('error', () => resolve());
      });
      if (started.pid === undefined) throw new Error('the process did not start');
    },
    async send(message: JSONRPCMessage) {
      child?.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      await transport.stop(1000);
    },
    async stop(graceMs) {
      if (isStopping || child === undefined) return;
      isStopping = true;
      child.stdin.end();
      await groupEnds(child.pid, graceMs);
      signalGroup(child.pid, 'SIGTERM');
      await groupEnds(child.pid, graceMs);
      signalGroup(child.pid, 'SIGKILL');
      process.removeListener('exit', killAtExit);
      transport.onclose?.();
    },
    outcome() {
      return {
        ...(startError !== undefined && { startError }),
        ...(ended !== undefined && { ended }),
        strayLines,
        ...(firstStrayLine !== undefined && { firstStrayLine }),
        stderrTail: stderrTail.map((line) => displayable(line)).filter((line) => line !== ''),
      };
    },
  };

  async function watch(started: ReturnType<typeof startProcess>): Promise<void> {
    const result = await started;
    if (isStopping) return;
    if (started.pid === undefined) startError = result.code ?? result.originalMessage ?? 'unknown reason';
    else if (result.signal !== undefined) ended = `signal ${result.signal}`;
    else ended = `exit code ${result.exitCode}`;
    transport.onclose?.();
  }

  function receive(text: string): void {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const message = parseMessage(line);
      if (message !== undefined) transport.onmessage?.(message);
      else if (line.trim() !== '') countStrayLine(line);
    }
    if (pending.length > maxMessageLength) {
      countStrayLine(pending.slice(0, 1000));
      pending = '';
      void transport.stop(0);
    }
  }

  function countStrayLine(line: string): void {
    strayLines += 1;
    firstStrayLine ??= displayable(line, 120);
    if (strayLines === maxStrayLines) void transport.stop(0);
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
    detached: hasProcessGroups,
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

/** Signals a group, or finds out with signal 0 whether anything of it is left; false where nothing is. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(hasProcessGroups ? -pid : pid, signal);
  } catch {
    return false;
  }
}

async function groupEnds(pid: number | undefined, withinMs: number): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (signalGroup(pid, 0) && performance.now() < giveUp) await delay(10);
}
