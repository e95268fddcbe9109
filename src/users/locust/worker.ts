/**
 * A worker under a master of Locust: users as many as the master says, statistics for its page, and slices with whole
 * histograms for our report.
 *
 * Ends when the master says so. Where the master is gone, its users stop: a load that nobody sees is none.
 */
import { Dealer } from 'zeromq';

import type { ServerAddress } from '../../load/client/http-client.ts';
import { kindOfError } from '../../load/failure.ts';
import type { WeightedUserClass } from '../../model/users.ts';
import { untilAborted } from '../../process/until-aborted.ts';
import { UserError } from '../../user-error.ts';
import { sliceMs } from '../messages.ts';
import { prepareLoad, type Prepared } from '../prepare.ts';
import { sumCounts } from '../spawn-order.ts';
import { Swarm } from '../worker/swarm.ts';
import { LocustStats } from './locust-stats.ts';
import {
  decodeMessage,
  encodeMessage,
  foreignVersion,
  makeNodeId,
  readIndex,
  readSpawnOrder,
  type SpawnOrder,
  type WorkerState,
} from './protocol.ts';
import type { WorkerReport } from './report-channel.ts';

/** As Locust's own workers do. */
const heartbeatMs = 1000;
const statsMs = 3000;
/** A master that does not answer for so long is not there. */
const connectLimitMs = 30_000;
const connectAgainMs = 1000;
/** A connection that is gone for so long does not come back. */
const lostMs = 10_000;
/** What is under way gets so long where the master quits: it writes its files half a second after it has said so. */
const quitGraceMs = 300;
/** Of a socket that is closed: what it has not sent yet. */
const lingerMs = 2000;

export interface LocustWorkerRequest {
  readonly masterHost: string;
  readonly masterPort: number;
  readonly reportPort: number;
  readonly classes: readonly WeightedUserClass[];
  /** Of the server that the master names. @throws {UserError} for one that load may not be sent to. */
  readonly openServer: (url: string) => ServerAddress;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Takes what people should know. */
  readonly say: (line: string) => void;
}

/**
 * Works until the master quits, is lost, or `signal` ends it.
 * @throws {UserError} where there is no master, and where it is lost.
 */
export async function workForLocust(request: LocustWorkerRequest): Promise<void> {
  const worker = new LocustWorker(request);
  await worker.work();
}

class LocustWorker {
  readonly #request: LocustWorkerRequest;
  readonly #node = makeNodeId();
  readonly #master: Dealer;
  readonly #report: Dealer;
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves when the master has answered. */
  readonly #known = Promise.withResolvers<void>();
  /** Which of the master's workers it is, from 0. */
  #index = 0;
  #state: WorkerState = 'ready';
  #stats = new LocustStats();
  #swarm: Swarm | undefined;
  #prepared: { readonly url: string; readonly names: ReadonlySet<string>; readonly load: Prepared } | undefined;
  #latestOrder = 0;
  /** One order at a time, in the order in which they come. */
  #queue: Promise<void> = Promise.resolve();
  #cpu = process.cpuUsage();
  #cpuMs = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(request: LocustWorkerRequest) {
    this.#request = request;
    const options = { routingId: this.#node, linger: lingerMs, tcpKeepalive: 1 as const };
    this.#master = new Dealer(options);
    this.#report = new Dealer(options);
  }

  async work(): Promise<void> {
    const { masterHost, masterPort, reportPort, signal, say } = this.#request;
    this.#watchConnections();
    this.#master.connect(`tcp://${masterHost}:${masterPort}`);
    this.#report.connect(`tcp://${masterHost}:${reportPort}`);
    void this.#listen(this.#master, (type, data) => this.#hear(type, data));
    void this.#listen(this.#report, (type) => {
      if (type === 'stop') this.#enqueue(() => this.#stop(this.#request.timeoutMs));
    });
    try {
      await this.#introduce();
      if (signal.aborted) return;
      say(`${this.#node} is ready under the master at ${masterHost}:${masterPort}`);
      this.#timers.push(
        setInterval(() => void this.#tellHeartbeat(), heartbeatMs),
        setInterval(() => void this.#tellStats(), statsMs),
        setInterval(() => void this.#tellSlice(), sliceMs),
      );
      await Promise.race([this.#ended.promise, untilAborted(signal)]);
      if (signal.aborted) {
        await this.#stop(this.#request.timeoutMs);
        await this.#send('quit', null);
      }
    } finally {
      for (const timer of this.#timers) clearInterval(timer);
      this.#master.close();
      this.#report.close();
    }
  }

  /** Says that it is there until the master answers. */
  async #introduce(): Promise<void> {
    const { masterHost, masterPort, signal } = this.#request;
    const untilMs = performance.now() + connectLimitMs;
    for (;;) {
      await this.#send('client_ready', foreignVersion);
      const pause = Promise.withResolvers<'late'>();
      const timer = setTimeout(pause.resolve, connectAgainMs, 'late' as const);
      const answer = await Promise.race([this.#known.promise, pause.promise, untilAborted(signal)]);
      clearTimeout(timer);
      if (answer !== 'late' || signal.aborted) return;
      if (performance.now() > untilMs)
        throw new UserError(`no master answers at ${masterHost}:${masterPort}`, {
          hint: 'start one with `wirebench users --master`, and name its host with --master-host',
        });
    }
  }

  async #listen(socket: Dealer, hear: (type: string, data: unknown) => void): Promise<void> {
    try {
      for await (const [bytes] of socket) {
        const message = bytes === undefined ? undefined : decodeMessage(bytes);
        if (message !== undefined) hear(message.type, message.data);
      }
    } catch {
      // The socket was closed.
    }
  }

  #hear(type: string, data: unknown): void {
    if (type === 'ack') {
      this.#index = readIndex(data);
      this.#known.resolve();
    } else if (type === 'spawn') {
      const order = readSpawnOrder(data);
      if (order !== undefined) this.#enqueue(() => this.#obey(order));
    } else if (type === 'stop') this.#enqueue(() => this.#stopAndBeReady());
    else if (type === 'quit') this.#enqueue(() => this.#quit());
    else if (type === 'reconnect') void this.#send('client_ready', foreignVersion);
  }

  #enqueue(action: () => Promise<void>): void {
    this.#queue = this.#queue.then(action).catch((error: unknown) => this.#fail(error));
  }

  async #obey(order: SpawnOrder): Promise<void> {
    await this.#send('spawning', null);
    if (order.timestamp <= this.#latestOrder) return;
    this.#latestOrder = order.timestamp;
    this.#state = 'spawning';
    this.#swarm ??= await this.#begin(order);
    this.#swarm.setUsers(order.counts);
    const counts = this.#counts(order);
    await this.#send('spawning_complete', { user_classes_count: counts, user_count: sumCounts(counts) });
    this.#state = 'running';
  }

  /** Every class that the master counts is told, or it would wait for users of the others. */
  #counts(order?: SpawnOrder): Record<string, number> {
    const asked = Object.fromEntries(Object.keys(order?.counts ?? {}).map((name) => [name, 0] as const));
    return { ...asked, ...this.#swarm?.counts };
  }

  async #begin({ counts, host }: SpawnOrder): Promise<Swarm> {
    const { classes, openServer, timeoutMs, seed, signal, say } = this.#request;
    if (host === undefined)
      throw new UserError('the master names no host', { hint: 'enter one on its page, or start it with --host' });
    const address = openServer(host);
    const names = new Set(Object.keys(counts));
    const unknown = [...names].filter((one) => classes.every((known) => known.name !== one));
    if (unknown.length > 0)
      throw new UserError(`does not know the ${unknown.length === 1 ? 'class' : 'classes'} ${unknown.join(', ')}`, {
        hint: 'the master has another version of wirebench; use the same on all machines',
      });
    const name = this.#node.slice(-8);
    if (this.#prepared?.url !== host || names.difference(this.#prepared.names).size > 0) {
      let made = 0;
      const load = await prepareLoad({
        classes: classes.filter((one) => names.has(one.name)),
        address,
        timeoutMs,
        makeName: () => `${name}-try-${(made += 1)}`,
        signal,
      });
      this.#prepared = { url: host, names, load };
      for (const doubt of load.doubtful) say(`failed when it was tried: ${doubt}`);
    }
    const { load } = this.#prepared;
    await this.#tell({ type: 'prepared', unavailable: load.unavailable });
    this.#stats = new LocustStats();
    return new Swarm(
      {
        address,
        classes: load.classes,
        pools: load.pools,
        timeoutMs,
        seed: seed + Math.imul(this.#index + 1, 0x9e3779b1),
        name,
      },
      ({ request, method, outcome }) =>
        this.#stats.log({
          name: request,
          method,
          latencyMs: outcome.endMs - outcome.dueMs,
          bytes: outcome.wireBytes,
          failure: outcome.failure,
        }),
    );
  }

  async #stop(graceMs: number): Promise<void> {
    const swarm = this.#swarm;
    if (swarm === undefined) return;
    const unanswered = await swarm.stop(graceMs);
    this.#swarm = undefined;
    await this.#tell({ type: 'slice', slice: swarm.takeSlice() });
    await this.#tell({ type: 'finished', unanswered });
    await this.#tellStats();
  }

  async #stopAndBeReady(): Promise<void> {
    await this.#stop(this.#request.timeoutMs);
    this.#state = 'ready';
    await this.#send('client_stopped', null);
    await this.#send('client_ready', foreignVersion);
  }

  async #quit(): Promise<void> {
    await this.#stop(quitGraceMs);
    this.#state = 'stopped';
    this.#ended.resolve();
  }

  /** The user is told here, and the report says that this worker took no part. */
  async #fail(error: unknown): Promise<void> {
    const reason = error instanceof UserError ? error.message : kindOfError(error);
    await this.#tell({ type: 'failed', reason });
    await this.#send('exception', { msg: reason, traceback: '' });
    if (!(error instanceof UserError)) this.#ended.reject(error);
    this.#request.say(reason);
  }

  async #tellHeartbeat(): Promise<void> {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const percent = (user + system) / 10 / Math.max(1, nowMs - this.#cpuMs);
    this.#cpu = process.cpuUsage();
    this.#cpuMs = nowMs;
    await this.#send('heartbeat', {
      state: this.#state,
      current_cpu_usage: percent,
      current_memory_usage: process.memoryUsage.rss(),
    });
  }

  async #tellStats(): Promise<void> {
    const counts = this.#counts();
    await this.#send('stats', { ...this.#stats.take(), user_classes_count: counts, user_count: sumCounts(counts) });
  }

  async #tellSlice(): Promise<void> {
    if (this.#swarm !== undefined) await this.#tell({ type: 'slice', slice: this.#swarm.takeSlice() });
  }

  #tell(report: WorkerReport): Promise<void> {
    return this.#report.send(encodeMessage({ type: 'wirebench', data: report, node: this.#node })).catch(() => {});
  }

  #send(type: string, data: unknown): Promise<void> {
    // A master that is gone is noticed by its connection.
    return this.#master.send(encodeMessage({ type, data, node: this.#node })).catch(() => {});
  }

  /** Without Locust's master nobody says what to do, and without the other one nobody reports it. */
  #watchConnections(): void {
    for (const socket of [this.#master, this.#report]) {
      let timer: NodeJS.Timeout | undefined;
      socket.events.on('disconnect', () => {
        timer ??= setTimeout(() => void this.#endWithoutMaster(), lostMs).unref();
      });
      socket.events.on('connect', () => {
        clearTimeout(timer);
        timer = undefined;
      });
    }
  }

  async #endWithoutMaster(): Promise<void> {
    const { masterHost, masterPort } = this.#request;
    await this.#swarm?.stop(0);
    this.#ended.reject(
      new UserError(`the master at ${masterHost}:${masterPort} is gone, and this worker's users with it`),
    );
  }
}
