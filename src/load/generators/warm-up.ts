/**
 * When a server is warm: its rate of answers has stopped rising and does not dip.
 *
 * A fixed time is wrong for somebody: lists are written by native code and are as fast as they get in half a second,
 * small calls run optimised code only after about two, and are slowest while it is being compiled.
 */
import type { LoadSettings } from '../profiles.ts';

/**
 * A rate is taken over at least this time and so many answers: a round of ten connections. With much shorter windows a
 * plateau before the dip passed for the end.
 */
const windowMs = 250;
const windowAnswers = 10;
/** Of the two latest windows to the two before them: faster by more is still warming up, slower by more is a dip. */
const mostRise = 1.05;
const mostFall = 0.9;

export type WarmUpSettings = Pick<LoadSettings, 'warmupMs' | 'fewestWarmups' | 'longestWarmupMs'>;

/** Told of every answer until one of them ends it. */
export class WarmUp {
  readonly #settings: WarmUpSettings;
  /** Answers per millisecond in successive windows. */
  readonly #rates: number[] = [];
  /** False where the server was warm before: then only the least is waited for. */
  readonly #settles: boolean;
  #answers = 0;
  #windowStart = { ms: 0, answers: 0 };

  constructor(settings: WarmUpSettings, { settles }: { settles: boolean }) {
    this.#settings = settings;
    this.#settles = settles;
  }

  /** False where the time was up before the rate had settled. */
  get hasSettled(): boolean {
    return !this.#settles || isSettled(this.#rates);
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
    if (window.ms >= windowMs && window.answers >= windowAnswers) {
      this.#rates.push(window.answers / window.ms);
      this.#windowStart = { ms: elapsedMs, answers: this.#answers };
    }
    if (elapsedMs >= Math.max(warmupMs, longestWarmupMs)) return true;
    return elapsedMs >= warmupMs && this.#answers >= fewestWarmups && this.hasSettled;
  }
}

/** @param rates of successive windows; fewer than four say nothing. */
export function isSettled(rates: readonly number[]): boolean {
  const [first, second, third, fourth] = rates.slice(-4);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) return false;
  const change = (third + fourth) / (first + second);
  return change <= mostRise && change >= mostFall;
}
