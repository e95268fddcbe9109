/**
 * Makes the load: a closed loop over each connection, and windows where two servers are compared.
 *
 * Exactly as many requests are sent as were asked for, however they divide among connections: whichever connection is free
 * takes the next one. With a time in place of a number none begins after it, and those under way are waited for, since
 * leaving out the slowest would flatter.
 */
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';

import type { EngineFigures } from '../figures.ts';
import { Judge } from '../judge.ts';
import { type Volume, volumeOfWindow } from '../plan.ts';
import { Lane, type Outcome } from './lane.ts';
import type { LoadJob, SideMessage } from './messages.ts';
import { encodeRequest } from './request-bytes.ts';
import { HeadReader } from './response-head.ts';
import { UseMeter } from './use-meter.ts';
import { AwakeWait } from './wait-awake.ts';
import { Tally } from './tally.ts';

/** How late a request may be found to have run out of time. Arbitrary: small beside the seconds that limits have. */
const timeoutStepMs = 50;
/** How long a connection waits after one that could not be opened: without it a dead server is asked without end. */
const reconnectMs = 10;

/** A load that can be ended before its time. */
export class Load {
  readonly #job: LoadJob;
  readonly #sides: readonly SideLoad[];
  readonly #wait = new AwakeWait();
  #isStopped = false;
  #rehearsed = 0;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#sides = job.sides.map((side) => new SideLoad(side, job, () => this.#wait.answerCame()));
  }

  /** Requests that are answered or have failed, of all sides, the rehearsal's included. */
  get done(): number {
    return this.#sides.reduce((sum, side) => sum + side.done, this.#rehearsed);
  }

  /** Makes all of it, or what there is time for until `stop`. */
  async run(): Promise<EngineFigures> {
    const { windows, volume } = this.#job;
    // A rehearsal for both: whoever is first would open connections and warm up for the other one's comparison.
    if (this.#sides.length > 1) {
      for (const side of this.#sides) await this.#take(side, volumeOfWindow({ volume, windows }, 0));
      this.#rehearsed = this.done;
      for (const side of this.#sides) side.forget();
    }
    const meter = new UseMeter(this.#wait);
    for (let window = 0; window < windows; window += 1) {
      // One after the other and then the other way round, so that what drifts hits both alike.
      const order = window % 2 === 0 ? this.#sides : this.#sides.toReversed();
      for (const side of order) await this.#take(side, volumeOfWindow({ volume, windows }, window));
    }
    const use = meter.read();
    for (const side of this.#sides) side.close();
    return { sides: this.#sides.map((side) => side.figures()), ...use };
  }

  /** Ends it now: requests under way are abandoned. */
  stop(): void {
    this.#isStopped = true;
    for (const side of this.#sides) side.stop();
  }

  async #take(side: SideLoad, volume: Volume): Promise<void> {
    if (!this.#isStopped) await side.takeWindow(volume);
  }
}

/** The load on one server; its connections stay open between windows. */
class SideLoad {
  readonly #lanes: readonly Lane[];
  readonly #timeoutMs: number;
  readonly #intervalMs: number;
  readonly #judge: Judge;
  readonly #dueMs = new Map<Lane, number>();
  #tally = new Tally();
  #window: Window | undefined;

  /** @param onAnswer called when a response has come, whatever it says. */
  constructor(side: SideMessage, job: LoadJob, onAnswer: () => void) {
    const { endpoint, method, expectedIds } = side;
    const { protocol, hostname } = new URL(side.url);
    this.#timeoutMs = job.timeoutMs;
    this.#intervalMs = job.mostPerSec === undefined ? 0 : 1000 / job.mostPerSec;
    this.#judge = new Judge({ expected: { ids: expectedIds }, method });
    const setup = {
      endpoint,
      // An address in place of a name is no server name (RFC 6066, section 3).
      ...(protocol === 'https:' ? { secure: isAddress(hostname) ? {} : { servername: hostname } } : {}),
      bytes: encodeRequest(side, job.keepsAlive),
      keepsAlive: job.keepsAlive,
      heads: new HeadReader(method),
    };
    this.#lanes = Array.from(
      { length: job.connections },
      () =>
        new Lane({
          ...setup,
          onResponse: (response, bytes) => {
            this.#tally.received(response.status, bytes);
            onAnswer();
            return this.#judge.judge(response);
          },
          onDone: (lane, outcome) => this.#onDone(lane, outcome),
        }),
    );
  }

  get done(): number {
    return this.#tally.done;
  }

  figures(): EngineFigures['sides'][number] {
    return this.#tally.figures();
  }

  /** What was counted until now was a rehearsal. */
  forget(): void {
    this.#tally = new Tally();
  }

  async takeWindow(volume: Volume): Promise<void> {
    const startMs = performance.now();
    const window = new Window(volume, startMs, this.#lanes.length);
    this.#window = window;
    const expiry =
      this.#timeoutMs === 0
        ? undefined
        : setInterval(() => this.#expire(), Math.min(timeoutStepMs, Math.ceil(this.#timeoutMs / 10)));
    for (const lane of this.#lanes) this.#sendNext(lane, window, 0);
    await window.over;
    clearInterval(expiry);
    this.#window = undefined;
    this.#tally.endWindow(performance.now() - startMs);
  }

  /** Ends the window, if one is on; requests under way are abandoned. */
  stop(): void {
    if (this.#window === undefined) return;
    for (const lane of this.#lanes) {
      if (lane.isBusy) this.#tally.abandoned();
      lane.close();
    }
    this.#window.end();
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  #expire(): void {
    const nowMs = performance.now();
    for (const lane of this.#lanes) lane.expire(nowMs, this.#timeoutMs);
  }

  #onDone(lane: Lane, { latencyMs, flaw, isUnconnected }: Outcome): void {
    if (flaw === undefined) this.#tally.answered(latencyMs);
    else this.#tally.failed(flaw);
    if (this.#window !== undefined) this.#sendNext(lane, this.#window, isUnconnected === true ? reconnectMs : 0);
  }

  /** @param leastWaitMs how long the lane waits in any case. */
  #sendNext(lane: Lane, window: Window, leastWaitMs: number): void {
    const waitMs = Math.max(leastWaitMs, this.#untilDueMs(lane));
    if (waitMs > 0) {
      if (window.hasMore(waitMs)) window.wait(() => this.#sendNext(lane, window, 0), waitMs);
      else window.rest();
    } else if (window.take()) {
      this.#setDue(lane);
      lane.send();
    } else window.rest();
  }

  /** How long until the lane may send under its limit; not above 0 where it may now. */
  #untilDueMs(lane: Lane): number {
    return this.#intervalMs === 0 ? 0 : (this.#dueMs.get(lane) ?? 0) - performance.now();
  }

  /** The next request is due an interval after this one was; what was missed by more than that is not made up for. */
  #setDue(lane: Lane): void {
    if (this.#intervalMs === 0) return;
    const nowMs = performance.now();
    this.#dueMs.set(lane, Math.max(this.#dueMs.get(lane) ?? nowMs, nowMs - this.#intervalMs) + this.#intervalMs);
  }
}

/** What is left of a window, and who is still at it. */
class Window {
  readonly #over = Promise.withResolvers<void>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #endMs: number;
  #left: number;
  #active: number;

  /** @param startMs now. @param lanes all of them at work. */
  constructor(volume: Volume, startMs: number, lanes: number) {
    this.#left = volume.kind === 'requests' ? volume.requests : Infinity;
    this.#endMs = volume.kind === 'time' ? startMs + volume.ms : Infinity;
    this.#active = lanes;
  }

  /** Resolves when no lane is at work any more. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Whether a request may begin after that time. */
  hasMore(waitMs: number): boolean {
    return this.#left > 0 && performance.now() + waitMs < this.#endMs;
  }

  /** Takes one of the requests that are left. @returns false where none is. */
  take(): boolean {
    if (this.#left <= 0 || (this.#endMs !== Infinity && performance.now() >= this.#endMs)) return false;
    this.#left -= 1;
    return true;
  }

  /** A lane has nothing more to do. */
  rest(): void {
    this.#active -= 1;
    if (this.#active === 0) this.#over.resolve();
  }

  wait(action: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  /** Ends it for all lanes. */
  end(): void {
    this.#left = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#over.resolve();
  }
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0;
}
