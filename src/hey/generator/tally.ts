/**
 * Keeps count of the requests to one server: every one of them is answered, failed or abandoned in the end.
 *
 * All latencies are kept, so that percentiles are exact also over several windows.
 */
import { perSecOf, percentileNs, type SideFigures, summarizeLatencies, type WindowFigures } from '../figures.ts';
import type { Flaw } from '../judge.ts';

/** Kinds of failures that are told apart. Arbitrary: a server may make codes up, and a report has an end. */
const mostKinds = 50;
const otherKinds = 'other failures';

/** Latencies that there is room for at first. */
const firstRoom = 16_384;

interface Count {
  count: number;
  example?: string;
}

export class Tally {
  #latenciesNs = new Float64Array(firstRoom);
  #answered = 0;
  #abandoned = 0;
  #failed = 0;
  #elapsedNs = 0;
  #receivedBytes = 0;
  readonly #failures = new Map<string, Count>();
  readonly #statuses = new Map<number, number>();
  readonly #windows: WindowFigures[] = [];
  /** Answers before the window that is counted now. */
  #before = 0;

  /** Requests that are answered or have failed. */
  get done(): number {
    return this.#answered + this.#failed;
  }

  /** A response came whole, whatever it says. */
  received(status: number, bytes: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#receivedBytes += bytes;
  }

  answered(latencyMs: number): void {
    if (this.#answered === this.#latenciesNs.length) {
      const larger = new Float64Array(2 * this.#answered);
      larger.set(this.#latenciesNs);
      this.#latenciesNs = larger;
    }
    this.#latenciesNs[this.#answered] = latencyMs * 1e6;
    this.#answered += 1;
  }

  failed({ kind, example }: Flaw): void {
    this.#failed += 1;
    const known = this.#failures.has(kind) || this.#failures.size < mostKinds;
    const count: Count = this.#failures.get(known ? kind : otherKinds) ?? { count: 0 };
    count.count += 1;
    if (example !== undefined && known) count.example ??= example;
    this.#failures.set(known ? kind : otherKinds, count);
  }

  abandoned(): void {
    this.#abandoned += 1;
  }

  /** A window is over. */
  endWindow(elapsedMs: number): void {
    const latencies = summarizeLatencies(this.#latenciesNs.subarray(this.#before, this.#answered));
    const medianNs = percentileNs(latencies === undefined ? {} : { latencies }, 50);
    const elapsedNs = elapsedMs * 1e6;
    this.#windows.push({
      answeredPerSec: perSecOf({ answered: this.#answered - this.#before, elapsedNs }),
      ...(medianNs === undefined ? {} : { medianNs }),
    });
    this.#elapsedNs += elapsedNs;
    this.#before = this.#answered;
  }

  figures(): SideFigures {
    const latencies = summarizeLatencies(this.#latenciesNs.subarray(0, this.#answered));
    return {
      sent: this.done + this.#abandoned,
      answered: this.#answered,
      failures: [...this.#failures].map(([kind, count]) => ({ kind, ...count })).toSorted((a, b) => b.count - a.count),
      abandoned: this.#abandoned,
      statuses: Object.fromEntries(this.#statuses),
      elapsedNs: this.#elapsedNs,
      receivedBytes: this.#receivedBytes,
      ...(latencies === undefined ? {} : { latencies }),
      windows: this.#windows,
    };
  }
}
