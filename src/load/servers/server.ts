/**
 * Starts a server as a process of its own, waits until it listens, and accounts for its processor time and memory.
 *
 * A server says where it listens in one line of JSON on stdout, `{"url": ..., "pid": ..., "token": ...}`. Nothing here
 * knows of any particular server; gateway-targets.ts knows the gateway.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { parseObject } from '../../json.ts';
import { siblingModule } from '../../own-files.ts';
import { type LoadChild, startLoadChild } from '../child.ts';
import { LoadFailure } from '../failure.ts';
import { isWatchReading, type WatchCommand, type WatchReading } from './watch-messages.ts';
import { isLoopback } from './user-site.ts';

const watchPath = siblingModule('server-watch', import.meta.url);

/** A program to run under the Node.js of this process. */
export interface ServerCommand {
  /** Path of its module. */
  readonly module: string;
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What became of the server's process inside a window. */
export interface ServerAccount {
  /** Absent where the server does not answer questions about itself. */
  readonly reading?: WatchReading;
  /** Absent where there is no /proc. */
  readonly peakMemoryBytes?: number;
  /** Processor time of the server that stands behind it, in the same window; absent where there is none. */
  readonly behindCpuNs?: number;
}

export interface RunningServer {
  /** Of the process that serves. */
  readonly pid: number | undefined;
  readonly url: string;
  /** What every request has to carry: the token that the server gave, where it did. */
  readonly headers: Readonly<Record<string, string>>;
  /** Rejects with a LoadFailure where the server dies before the promise settles. */
  orDeath<T>(promise: Promise<T>, limitMs: number): Promise<T>;
  /** Begins a window. */
  begin(): void;
  /** Ends it. */
  account(): Promise<ServerAccount>;
  /** Waits until it has dealt with what is left of a window: requests whose client has gone. */
  rest(): Promise<void>;
  /** Asks it to finish what it does, and waits for that; ends it where it does not. */
  stop(): Promise<void>;
  /** Ends it at once. */
  end(): Promise<void>;
}

/** Longer than the gateway gives requests to finish. */
const stopLimitMs = 15_000;

/** An account of itself takes a turn of the event loop, which may be busy with a long list. */
const accountLimitMs = 10_000;

/**
 * A server that took less than this share of a processor between two looks is at rest. Arbitrary: timers take next to
 * nothing, and one request of those that are measured takes more.
 */
const restingShare = 0.2;
const restLookMs = 5;
/** Work that goes on for longer is not what is left of a window. */
const restLimitMs = 3000;

const whileMeasured = 'while it was measured';

/**
 * Starts a server.
 * @param request.prefix what goes in front of the program, e.g. to allow it some processors only. @param request.startLimitMs until it has to listen.
 * @throws {LoadFailure} where it does not come up; nothing of it is left then.
 */
export async function startServer(request: {
  command: ServerCommand;
  prefix: readonly string[];
  startLimitMs: number;
  signal: AbortSignal;
}): Promise<RunningServer> {
  const { command, prefix, startLimitMs, signal } = request;
  const child = startLoadChild({
    name: 'the server',
    prefix,
    signal,
    arguments: ['--no-warnings', '--import', watchPath, command.module, ...command.arguments],
    env: { ...process.env, NODE_ENV: 'production', NODE_DISABLE_COMPILE_CACHE: '1', ...command.env },
  });
  try {
    const { url, pid, token } = await child.expect(readAnnouncement(child), {
      late: 'did not say where it listens',
      dead: 'before it listened',
      limitMs: startLimitMs,
    });
    return {
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...accountable(child, pid ?? child.pid),
    };
  } catch (error) {
    await child.kill();
    throw error;
  }
}

/** What a server says of itself when it listens. */
interface Announcement {
  readonly url: string;
  readonly pid: number | undefined;
  readonly token: string | undefined;
}

async function readAnnouncement(child: LoadChild): Promise<Announcement> {
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  lines.close();
  // Whatever else it writes must not fill the pipe and stop it.
  child.stdout.resume();
  const announcement = parseAnnouncement(line);
  if (announcement === undefined)
    throw new LoadFailure(`the server did not say where it listens but ${JSON.stringify(line.slice(0, 80))}`);
  return announcement;
}

function parseAnnouncement(line: string): Announcement | undefined {
  const { url: text, pid, token } = parseObject(line) ?? {};
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url === null || !isLoopback(url)) return undefined;
  return {
    url: url.origin,
    pid: Number.isInteger(pid) ? (pid as number) : undefined,
    token: typeof token === 'string' ? token : undefined,
  };
}

function accountable(child: LoadChild, pid: number | undefined): Omit<RunningServer, 'url' | 'headers'> {
  const tell = (command: WatchCommand): void => child.send(command);
  const read = async (): Promise<WatchReading> => {
    const answered = Promise.withResolvers<WatchReading>();
    const stopListening = child.listen((message) => {
      if (isWatchReading(message)) answered.resolve(message);
    });
    tell({ type: 'wirebench-read' });
    try {
      return await child.expect(answered.promise, {
        late: 'gave no account of itself',
        dead: whileMeasured,
        limitMs: accountLimitMs,
      });
    } finally {
      stopListening();
    }
  };
  return {
    pid,
    orDeath: (promise, limitMs) => child.expect(promise, { late: 'gave no answer', dead: whileMeasured, limitMs }),
    begin() {
      tell({ type: 'wirebench-reset' });
      resetPeakMemory(pid);
    },
    async account() {
      const reading = await read();
      const peakMemoryBytes = readPeakMemory(pid);
      return { reading, ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }) };
    },
    async rest() {
      const untilMs = performance.now() + restLimitMs;
      let before = await read();
      while (performance.now() < untilMs) {
        await delay(restLookMs);
        const now = await read();
        if (now.cpuNs - before.cpuNs < restingShare * (now.elapsedNs - before.elapsedNs)) return;
        before = now;
      }
    },
    async stop() {
      child.signal('SIGTERM');
      await Promise.race([child.ended, delay(stopLimitMs, undefined, { ref: false })]);
      await child.kill();
    },
    end: () => child.kill(),
  };
}

/** Makes Linux forget the peak so far, which seeding the database may have set; elsewhere nothing. */
function resetPeakMemory(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // The peak then includes the start, which is the same for every contender.
  }
}

function readPeakMemory(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
