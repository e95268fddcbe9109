/**
 * Counts answers: a warm-up that does not count, a window that does, and the latencies in it.
 *
 * The window begins with an answer and ends with one, so that its rate does not depend on how long requests take;
 * answers per planned second would be off by a request at either end. Windows are short, so every latency is kept, and
 * percentiles over several windows are exact.
 */
import type { LoadSettings } from '../profiles.ts';
import { WarmUp } from './warm-up.ts';

/** After so many failed requests nothing more is to be learned. */
export const mostFailures = 100;

/** What a recorder has to say when its window is over. */
export interface RecordedWindow {
  /** Answered inside the window. */
  readonly requests: number;
  readonly elapsedNs: number;
  readonly wireBytes: number;
  /** Of each of these requests, whole, in the order of the answers. */
  readonly latenciesNs: readonly number[];
  /** Warm-up included. */
  readonly failures: Record<string, number>;
  /** False where the server was still getting faster when the warm-up's time was up. */
  readonly hasSettled: boolean;
}

/** Keeps count of one load. Times are those of `now`, in milliseconds. */
export class Recorder {
  readonly #settings: LoadSettings;
  readonly #now: () => number;
  readonly #latenciesNs: number[] = [];
  readonly #failures: Record<string, number> = {};
  readonly #startMs: number;
  readonly #warmUp: WarmUp;
  readonly #over = Promise.withResolvers<void>();
  #beginMs: number | undefined;
  #lastMs = 0;
  #wireBytes = 0;
  #isOver = false;
  readonly #onBegin: () => void;
  readonly #onEnd: () => void;

  /**
   * @param request.isWarm true where the server is warm already. @param request.connections of the load.
   * @param request.onBegin called when the window begins;
   *   never where no answer comes. @param request.onEnd called once.
   */
  constructor(request: {
    settings: LoadSettings;
    isWarm: boolean;
    connections: number;
    now: () => number;
    onBegin: () => void;
    onEnd: () => void;
  }) {
    this.#warmUp = new WarmUp(request.settings, { settles: !request.isWarm, connections: request.connections });
    this.#settings = request.settings;
    this.#now = request.now;
    this.#onBegin = request.onBegin;
    this.#onEnd = request.onEnd;
    this.#startMs = this.#now();
    const { warmupMs, longestWarmupMs, longestMs } = this.#settings;
    // Where answers stop coming, none of them can end the window.
    setTimeout(
      () => this.finish(),
      Math.max(warmupMs, longestWarmupMs) + longestMs + this.#settings.requestTimeoutMs,
    ).unref();
  }

  /** Resolves when the window is over. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** One answer with a status of 2xx that is complete now. @param latencyNs above 0. */
  answered(latencyNs: number, wireBytes: number): void {
    if (this.#isOver) return;
    const nowMs = this.#now();
    if (this.#beginMs === undefined) {
      if (!this.#warmUp.answered(nowMs - this.#startMs)) return;
      this.#beginMs = nowMs;
      this.#onBegin();
      return;
    }
    this.#latenciesNs.push(Math.max(1, Math.round(latencyNs)));
    this.#wireBytes += wireBytes;
    this.#lastMs = nowMs;
    const { measureMs, fewestRequests, longestMs } = this.#settings;
    const elapsedMs = nowMs - this.#beginMs;
    if ((elapsedMs >= measureMs && this.#latenciesNs.length >= fewestRequests) || elapsedMs >= longestMs) this.finish();
  }

  /** A request without a proper answer, whenever it was sent. */
  failed(kind: string, count: number = 1): void {
    this.#failures[kind] = (this.#failures[kind] ?? 0) + count;
    const total = Object.values(this.#failures).reduce((sum, value) => sum + value, 0);
    if (total >= mostFailures) this.finish();
  }

  /** Ends the window now; what comes later does not count. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    this.#over.resolve();
  }

  recording(): RecordedWindow {
    return {
      requests: this.#latenciesNs.length,
      elapsedNs: this.#beginMs === undefined ? 0 : (this.#lastMs - this.#beginMs) * 1e6,
      wireBytes: this.#wireBytes,
      latenciesNs: this.#latenciesNs,
      failures: this.#failures,
      hasSettled: this.#warmUp.hasSettled,
    };
  }
}

/**
 * A percentile of times by nearest rank.
 * @param request.ascending in any unit. @param request.percent in (0, 100), a multiple of 0.1.
 * @returns `undefined` where it lies beyond the evidence: p99 of fewer than a hundred values would be their maximum.
 */
export function percentileOf(request: { ascending: ArrayLike<number>; percent: number }): number | undefined {
  const { ascending, percent } = request;
  const isKnown = percent <= 50 || ascending.length >= Math.round(100 / (100 - percent));
  return isKnown ? ascending[Math.ceil((Math.round(percent * 10) * ascending.length) / 1000) - 1] : undefined;
}
