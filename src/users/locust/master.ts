/**
 * A master of Locust with its web page, and beside it the socket to which our workers tell what Locust would lose.
 *
 * Locust dispatches users, rebalances them where a worker is lost, and writes its own HTML and CSV; everything that our
 * report says comes from the workers' histograms.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Router } from 'zeromq';

import type { UnavailableTask, WeightedUserClass, WorkerEvent } from '../../model/users.ts';
import { type Child, type Ended, hasSucceeded, runToEnd, startChild } from '../../process/child.ts';
import type { Env } from '../../process/child-environment.ts';
import { describeDeath } from '../../process/death.ts';
import { untilAborted } from '../../process/until-aborted.ts';
import { UserError } from '../../user-error.ts';
import { writeLocustfile } from './locustfile.ts';
import { decodeMessage, encodeMessage } from './protocol.ts';
import { isWorkerReport, type WorkerReport } from './report-channel.ts';

/** A worker that says nothing for so long is lost; it says something each second. */
const silenceMs = 5000;
const lookMs = 1000;
/** What Locust may need to end, its files included. */
const endLimitMs = 70_000;

export type MasterEvent =
  | WorkerEvent
  /** The page can be opened. */
  | { readonly type: 'ready'; readonly page: string }
  /** The first of the workers has begun. */
  | { readonly type: 'began' }
  | { readonly type: 'prepared'; readonly worker: string; readonly unavailable: readonly UnavailableTask[] }
  /** All workers are done with it, or lost. @param reasons why it is not the load that was asked for. */
  | { readonly type: 'over'; readonly reasons: readonly string[] };

export interface LocustMasterRequest {
  readonly classes: readonly WeightedUserClass[];
  /** Of the server, as the page shows it. */
  readonly host: string;
  readonly users: number;
  readonly spawnRatePerSec: number;
  readonly runTimeMs: number | undefined;
  /** Begins by itself when so many workers are there, and ends with the run time; without it people use the page. */
  readonly expectedWorkers: number | undefined;
  readonly bindHost: string;
  readonly masterPort: number;
  readonly reportPort: number;
  readonly webHost: string;
  readonly webPort: number;
  /** For Locust's own HTML and CSV. */
  readonly outDirectory: string;
  readonly scratchDirectory: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Takes what Locust logs. */
  readonly onLog: (text: string) => void;
}

/**
 * What goes in front of a program that is to end with this one however that ends; nothing where this system has no such
 * program (setpriv of util-linux).
 */
async function endingWithParent(env: Env): Promise<readonly string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'KILL'] as const;
  const { end } = await runToEnd({ command: [...prefix, 'true'], env, timeLimitMs: 10_000 });
  return end.how === 'exited' && end.exitCode === 0 ? prefix : [];
}

/** @throws {UserError} where Locust is not installed. */
export async function requireLocust(env: Env): Promise<void> {
  const { end } = await runToEnd({ command: ['locust', '--version'], env, timeLimitMs: 30_000 });
  if (end.how === 'not started')
    throw new UserError('cannot start a master: Locust is not installed', {
      hint: 'run: apt-get install python3-locust',
    });
}

/**
 * Runs a master until it has ended, by itself or by `signal`.
 * @throws {UserError} where a port is taken or Locust does not start.
 */
export async function* runLocustMaster(request: LocustMasterRequest): AsyncGenerator<MasterEvent, void, undefined> {
  const { signal } = request;
  const socket = await bindReports(request);
  const events: MasterEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const tell = (event: MasterEvent): void => {
    events.push(event);
    wake.resolve();
  };
  const listener = new ReportListener(tell);
  const listening = listen(socket, listener);
  const locust = startLocust(request, await endingWithParent(request.env));
  const looks = setInterval(() => listener.look(), lookMs);
  let end: Ended | undefined;
  const ended = locust.ended.then((how) => (end = how));
  const onAbort = (): void => void locust.signal('SIGTERM');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    yield { type: 'ready', page: `http://${request.webHost}:${request.webPort}` };
    const late = untilAborted(signal).then(() => delay(endLimitMs, undefined, { ref: false }));
    for (;;) {
      const step = await Promise.race([
        ended.then(() => 'ended' as const),
        wake.promise.then(() => 'told' as const),
        late.then(() => 'late' as const),
      ]);
      wake = Promise.withResolvers<void>();
      yield* events.splice(0);
      if (step !== 'told') break;
    }
    if (end !== undefined && !signal.aborted && !listener.hasEverBegun && !hasSucceeded(end))
      throw new UserError(`Locust ended before there was a load: it ${describeDeath(end, 'while it was needed')}`, {
        hint: 'its own messages say why; another --master-port or --web-port may help',
      });
    if (end !== undefined && hasDied(end) && !signal.aborted && listener.hasBegun) {
      const reason = `Locust ${describeDeath(end, 'while it was needed')}`;
      listener.addReason(reason);
      // Workers would go on without it.
      await listener.stopWorkers(socket);
      await listener.waitUntilOver(endLimitMs);
    } else await listener.waitUntilOver(silenceMs + lookMs);
    listener.close();
    yield* events.splice(0);
  } finally {
    clearInterval(looks);
    signal.removeEventListener('abort', onAbort);
    await locust.kill();
    socket.close();
    await listening;
  }
}

/** It ends with 1 where requests failed, which is the report's to say. */
function hasDied({ end }: Ended): boolean {
  return !(end.how === 'exited' && (end.exitCode === 0 || end.exitCode === 1));
}

async function bindReports({ bindHost, reportPort }: LocustMasterRequest): Promise<Router> {
  const socket = new Router({ linger: 0 });
  try {
    await socket.bind(`tcp://${bindHost}:${reportPort}`);
    return socket;
  } catch (error) {
    socket.close();
    throw new UserError(`cannot listen for workers on port ${reportPort}: ${(error as Error).message}`, {
      hint: 'end what listens there, or choose another --report-port',
    });
  }
}

async function listen(socket: Router, listener: ReportListener): Promise<void> {
  try {
    for await (const [identity, bytes] of socket) {
      const message = bytes === undefined ? undefined : decodeMessage(bytes);
      if (identity !== undefined && message?.type === 'wirebench' && isWorkerReport(message.data))
        listener.hear(identity.toString(), message.data);
    }
  } catch {
    // The socket was closed.
  }
}

function startLocust(request: LocustMasterRequest, prefix: readonly string[]): Child {
  const { classes, host, users, spawnRatePerSec, runTimeMs, expectedWorkers, scratchDirectory, outDirectory } = request;
  const file = path.join(mkdtempSync(path.join(scratchDirectory, 'locust-')), 'locustfile.py');
  writeFileSync(file, writeLocustfile(classes));
  const load = ['--users', `${users}`, '--spawn-rate', `${spawnRatePerSec}`, '--host', host];
  const time = runTimeMs === undefined ? [] : ['--run-time', `${Math.ceil(runTimeMs / 1000)}s`];
  const alone =
    expectedWorkers === undefined ? [] : ['--autostart', '--autoquit', '0', '--expect-workers', `${expectedWorkers}`];
  const workers = ['--master-bind-host', request.bindHost, '--master-bind-port', `${request.masterPort}`];
  const page = ['--class-picker', '--web-host', request.webHost, '--web-port', `${request.webPort}`];
  const files = ['--csv', path.join(outDirectory, 'locust'), '--html', path.join(outDirectory, 'locust.html')];
  const own = ['--locustfile', file, '--master', '--enable-rebalancing'];
  const words: readonly string[] = [
    ...prefix,
    'locust',
    ...own,
    ...workers,
    ...page,
    ...files,
    ...load,
    ...time,
    ...alone,
  ];
  const [program = 'locust', ...rest] = words;
  return startChild({
    command: [program, ...rest],
    env: request.env,
    talksOver: 'nothing',
    onStderr: request.onLog,
  });
}

interface HeardWorker {
  atMs: number;
  isActive: boolean;
}

/** Knows which workers take part, and when a load has begun and is over. */
class ReportListener {
  readonly #tell: (event: MasterEvent) => void;
  readonly #workers = new Map<string, HeardWorker>();
  #beganMs: number | undefined;
  #hasEverBegun = false;
  #reasons: string[] = [];
  #over = Promise.withResolvers<void>();

  constructor(tell: (event: MasterEvent) => void) {
    this.#tell = tell;
  }

  /** Whether a load is made just now. */
  get hasBegun(): boolean {
    return this.#beganMs !== undefined;
  }

  get hasEverBegun(): boolean {
    return this.#hasEverBegun;
  }

  hear(worker: string, report: WorkerReport): void {
    const known = this.#workers.get(worker) ?? { atMs: 0, isActive: false };
    this.#workers.set(worker, known);
    known.atMs = performance.now();
    if (report.type === 'failed') {
      this.#reasons.push(`${worker} took no part: ${report.reason}`);
      return;
    }
    if (report.type === 'finished') {
      known.isActive = false;
      this.#tell({ type: 'finished', worker, unanswered: report.unanswered });
      this.#endIfOver();
      return;
    }
    if (this.#beganMs === undefined) {
      this.#beganMs = performance.now();
      this.#hasEverBegun = true;
      this.#over = Promise.withResolvers<void>();
      this.#tell({ type: 'began' });
    }
    known.isActive = true;
    if (report.type === 'prepared') this.#tell({ type: 'prepared', worker, unavailable: report.unavailable });
    // Clocks of machines differ, and workers come later: the time is the listener's.
    else
      this.#tell({ type: 'slice', worker, slice: { ...report.slice, elapsedMs: performance.now() - this.#beganMs } });
  }

  /** Whoever has not been heard of for too long is lost. */
  look(): void {
    for (const [worker, heard] of this.#workers) {
      if (!heard.isActive || performance.now() - heard.atMs < silenceMs) continue;
      heard.isActive = false;
      this.#tell({ type: 'lost', worker, reason: `was not heard of for ${silenceMs / 1000} s` });
      this.#endIfOver();
    }
  }

  addReason(reason: string): void {
    this.#reasons.push(reason);
  }

  async stopWorkers(socket: Router): Promise<void> {
    for (const [worker, { isActive }] of this.#workers) {
      if (isActive)
        await socket.send([worker, encodeMessage({ type: 'stop', data: null, node: worker })]).catch(() => {});
    }
  }

  /** Until no worker has anything to tell, or the time is up. */
  async waitUntilOver(limitMs: number): Promise<void> {
    if (this.#beganMs === undefined) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, limitMs);
    await Promise.race([this.#over.promise, late.promise]);
    clearTimeout(timer);
  }

  /** Ends a load whose workers have not said that they are done. */
  close(): void {
    for (const [worker, heard] of this.#workers) {
      if (heard.isActive)
        this.#tell({ type: 'lost', worker, reason: 'had not told that it was done when the master ended' });
      heard.isActive = false;
    }
    this.#endIfOver();
    if (this.#reasons.length > 0) this.#tell({ type: 'over', reasons: this.#reasons.splice(0) });
  }

  #endIfOver(): void {
    if (this.#beganMs === undefined || [...this.#workers.values()].some(({ isActive }) => isActive)) return;
    this.#beganMs = undefined;
    this.#over.resolve();
    this.#tell({ type: 'over', reasons: this.#reasons.splice(0) });
  }
}
