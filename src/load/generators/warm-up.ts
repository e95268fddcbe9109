/**
 * When a server is warm: its rate of answers has stopped rising and does not dip.
 *
 * A fixed time is wrong for somebody: lists are written by native code and are as fast as they get in half a second,
 * small calls run optimised code only after about two, and are slowest while it is being compiled.
 */
import type { LoadSettings } from '../profiles.ts';

/**
 * A rate is taken over at least this time and so many answers: one of each connection, up to ten. With much shorter
 * windows a plateau before the dip passed for the end.
 */
const windowMs = 250;
const fewestAnswers = 4;
const mostAnswers = 10;
/**
 * Of the two latest windows to the two before them: faster by a larger share is still warming up, slower by a larger
 * one is a dip. Few answers tell little of a rate, so that the shares grow below this number.
 */
const mostRise = 0.05;
const mostFall = 0.1;
const telling = 100;

export type WarmUpSettings = Pick<LoadSettings, 'warmupMs' | 'fewestWarmups' | 'longestWarmupMs'>;

/** Answers in a time. */
export interface RateWindow {
  readonly ms: number;
  readonly answers: number;
}

/** Told of every answer until one of them ends it. */
export class WarmUp {
  readonly #settings: WarmUpSettings;
  readonly #windows: RateWindow[] = [];
  readonly #windowAnswers: number;
  /** False where the server was warm before: then only the least is waited for. */
  readonly #settles: boolean;
  #answers = 0;
  #windowStart = { ms: 0, answers: 0 };

  constructor(settings: WarmUpSettings, { settles, connections }: { settles: boolean; connections: number }) {
    this.#settings = settings;
    this.#settles = settles;
    this.#windowAnswers = Math.min(mostAnswers, Math.max(fewestAnswers, connections));
  }

  /** False where the time was up before the rate had settled. */
  get hasSettled(): boolean {
    return !this.#settles || isSettled(this.#windows);
  }

  /**
   * One more answer.
   * @param elapsedMs since the load began.
   * @returns whether the warm-up is over.
   */
  answered(elapsedMs: number): boolean {
    const { warmupMs, fewestWarmups, longestWarmupMs } = this.#settings;
    this.#answers += 1;
    const window = { ms: elapsedMs - this.#windowStart.ms, answers: this.#answers - this.#windowStart.answers };
    if (window.ms >= windowMs && window.answers >= this.#windowAnswers) {
      this.#windows.push(window);
      this.#windowStart = { ms: elapsedMs, answers: this.#answers };
    }
    if (elapsedMs >= Math.max(warmupMs, longestWarmupMs)) return true;
    return elapsedMs >= warmupMs && this.#answers >= fewestWarmups && this.hasSettled;
  }
}

/** @param windows successive ones; fewer than four say nothing. */
export function isSettled(windows: readonly RateWindow[]): boolean {
  const latest = windows.slice(-4);
  if (latest.length < 4) return false;
  const [before, after] = [rateOf(latest.slice(0, 2)), rateOf(latest.slice(2))];
  const answers = Math.min(...latest.map((window) => window.answers)) * 2;
  const allowance = Math.sqrt(Math.max(1, telling / answers));
  const change = after / before - 1;
  return change <= mostRise * allowance && change >= -mostFall * allowance;
}

/** Answers a millisecond. */
function rateOf(windows: readonly RateWindow[]): number {
  const [answers, ms] = [windows.map((window) => window.answers), windows.map((window) => window.ms)];
  return answers.reduce((sum, value) => sum + value, 0) / ms.reduce((sum, value) => sum + value, 0);
}
