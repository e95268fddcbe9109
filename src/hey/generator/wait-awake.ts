/**
 * Waits awake for the next answer, for a moment, before the process sleeps.
 *
 * A process that sleeps is woken by the server's processor, once for each answer, and on one machine that can cost the
 * server more than a small call does: the less a client has to do, the slower the server looks. Clients elsewhere cost it
 * nothing of the kind. Where answers mostly come later than that moment, or not at all because the server needs this very
 * processor, waiting awake is given up, and tried again now and then.
 */
import { performance } from 'node:perf_hooks';

/**
 * Longer than a fast server takes for a small call, so that it finds the next answer; of a call that takes longer than
 * that, waking is a small part.
 */
const longestMs = 0.1;
/** Of the latest waits, the share that an answer has to end for the next one to be worth it. */
const worthwhile = 0.5;
/** How much the latest wait counts. Arbitrary: some dozens of waits decide. */
const weight = 1 / 16;
/** Answers until it is tried again. */
const pause = 64;

export class AwakeWait {
  #isAwake = false;
  #hasCome = false;
  #success = 1;
  #passed = 0;
  #untilMs = 0;
  #lastMs = 0;
  #idleMs = 0;

  /** Time that was spent awake without anything to do, in milliseconds. */
  get idleMs(): number {
    return this.#idleMs;
  }

  /** An answer has come, and the next one is waited for. */
  answerCame(): void {
    this.#hasCome = true;
    if (this.#isAwake) return;
    this.#passed += 1;
    if (this.#success < worthwhile && this.#passed < pause) return;
    this.#passed = 0;
    this.#isAwake = true;
    this.#hasCome = false;
    this.#begin(performance.now());
  }

  #begin(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#untilMs = nowMs + longestMs;
    this.#lookLater();
  }

  /** The event loop looks for what has come before it gets there, and does not sleep until then. */
  #lookLater(): void {
    setImmediate(() => this.#look());
  }

  #look(): void {
    const nowMs = performance.now();
    if (this.#hasCome) {
      this.#hasCome = false;
      this.#note(1);
      return this.#begin(nowMs);
    }
    this.#idleMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (nowMs < this.#untilMs) return this.#lookLater();
    this.#note(0);
    this.#isAwake = false;
  }

  #note(success: 0 | 1): void {
    this.#success += weight * (success - this.#success);
  }
}
