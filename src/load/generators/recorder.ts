/**
 * Counts answers: a warm-up that does not count, a window that does, and the histogram of its latencies.
 *
 * The window begins with an answer and ends with one, so that its rate does not depend on how long requests take;
 * answers per planned second would be off by a request at either end. Latencies are kept in nanoseconds with three
 * digits.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

import type { LoadSettings } from '../profiles.ts';
import { WarmUp } from './warm-up.ts';

/** After so many failed requests nothing more is to be learned. */
export const mostFailures = 100;

/** In nanoseconds to three digits, what each thousandth of the requests stayed within: the 950th is the 95th percentile. */
export type Latencies = readonly number[];

/** What a recorder has to say when its window is over. */
export interface RecordedWindow {
  /** Answered inside the window. */
  readonly requests: number;
  readonly elapsedNs: number;
  readonly wireBytes: number;
  /** `undefined` where nothing was answered. */
  readonly latencies: Latencies | undefined;
  /** Warm-up included. */
  readonly failures: Record<string, number>;
  /** False where the server was still getting faster when the warm-up's time was up. */
  readonly hasSettled: boolean;
}

/** Keeps count of one load. Times are those of `now`, in milliseconds. */
export class Recorder {
  readonly #settings: LoadSettings;
  readonly #now: () => number;
  readonly #histogram = createLatencyHistogram();
  readonly #failures: Record<string, number> = {};
  readonly #startMs: number;
  readonly #warmUp: WarmUp;
  readonly #over = Promise.withResolvers<void>();
  #beginMs: number | undefined;
  #lastMs = 0;
  #requests = 0;
  #wireBytes = 0;
  #isOver = false;
  readonly #onBegin: () => void;
  readonly #onEnd: () => void;

  /**
   * @param request.isWarm true where the server is warm already. @param request.onBegin called when the window begins;
   *   never where no answer comes. @param request.onEnd called once.
   */
  constructor(request: {
    settings: LoadSettings;
    isWarm: boolean;
    now: () => number;
    onBegin: () => void;
    onEnd: () => void;
  }) {
    this.#warmUp = new WarmUp(request.settings, { settles: !request.isWarm });
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
    this.#histogram.record(toInteger(latencyNs));
    this.#requests += 1;
    this.#wireBytes += wireBytes;
    this.#lastMs = nowMs;
    const { measureMs, fewestRequests, longestMs } = this.#settings;
    const elapsedMs = nowMs - this.#beginMs;
    if ((elapsedMs >= measureMs && this.#requests >= fewestRequests) || elapsedMs >= longestMs) this.finish();
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
      requests: this.#requests,
      elapsedNs: this.#beginMs === undefined ? 0 : (this.#lastMs - this.#beginMs) * 1e6,
      wireBytes: this.#wireBytes,
      latencies: readLatencies(this.#histogram),
      failures: this.#failures,
      hasSettled: this.#warmUp.hasSettled,
    };
  }
}

/** A histogram for `readLatencies`: nanoseconds from 1 to an hour with three significant digits. */
export function createLatencyHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 3_600_000_000_000, figures: 3 });
}

/** What a histogram takes: an integer from 1. */
export function toInteger(ns: number): number {
  return Math.max(1, Math.round(ns));
}

/** @returns `undefined` for an empty histogram. */
export function readLatencies(histogram: Pick<RecordableHistogram, 'count' | 'percentile'>): Latencies | undefined {
  if (histogram.count === 0) return undefined;
  return Array.from({ length: 999 }, (_, index) => histogram.percentile((index + 1) / 10));
}

/**
 * A percentile of latencies.
 * @param request.percent in (0, 100), a multiple of 0.1. @param request.requests how many there were.
 * @returns `undefined` where it lies beyond the evidence: p99 of fewer than a hundred values would be their maximum.
 */
export function latencyAt(request: { latencies: Latencies; requests: number; percent: number }): number | undefined {
  const { latencies, requests, percent } = request;
  const isKnown = percent <= 50 || requests >= Math.round(100 / (100 - percent));
  return isKnown ? latencies[Math.round(percent * 10) - 1] : undefined;
}
