/**
 * What is measured and what came of it: cells, the fresh processes (forks) behind them, and their figures.
 */
import type { Nanoseconds, Bytes, Variant, Sink } from './values.ts';

/** suite x contender x payload x items x variant x sink. */
export interface CellId {
  readonly suite: string;
  readonly contender: string;
  readonly payload: string;
  readonly items: number;
  readonly variant: Variant;
  readonly sink: Sink;
}

/** Cells by what they have in common; an absent list means all, or what a profile chooses. */
export interface CellSelection {
  readonly suites?: readonly string[];
  readonly contenders?: readonly string[];
  readonly payloads?: readonly string[];
  readonly items?: readonly number[];
  readonly variants?: readonly Variant[];
  readonly sinks?: readonly Sink[];
  /** Other programs whose contenders take part beside those above. */
  readonly references?: readonly 'python'[];
}

export type CellStatus = 'ok' | 'incorrect' | 'unsupported' | 'unavailable' | 'failed';

/** Centre and interval in nanoseconds an operation. */
export interface Summary {
  readonly median: Nanoseconds;
  /** Absent where there are too few forks for an interval. */
  readonly lo?: Nanoseconds;
  readonly hi?: Nanoseconds;
  readonly confidence?: number;
}

/** time(reference) / time(contender), so more is better. */
export interface Speedup {
  readonly reference: string;
  readonly ratio: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** Size and cost of one content encoding of the output. */
export interface EncodedSize {
  readonly encoding: 'gzip' | 'br' | 'zstd';
  readonly level: number;
  readonly sizeBytes: Bytes;
  /** Time to compress the whole output once. */
  readonly latencyNs: Nanoseconds;
}

/** What one contender did with one input of the type-handling table. */
export interface Observation {
  readonly input: string;
  /**
   * `kept`: an accepted text that holds the whole value, or a round trip that restores it. `converted`: the accepted
   * text for a value that JSON has no room for. `changed`: anything else was written. `error`: it threw; `rejected`:
   * it threw where an error is the right answer. `crashed`: the process ended or hung. `unsupported`: no such value.
   */
  readonly outcome: 'kept' | 'converted' | 'changed' | 'error' | 'rejected' | 'crashed' | 'unsupported';
  /** What was written, shortened to a displayable length, or the error's message. */
  readonly output: string;
}

/** One fresh process's measurement of one cell. */
export interface Fork {
  readonly round: number;
  /** Median over the blocks, per operation. */
  readonly latencyNs: Nanoseconds;
  /** Per operation, in the order measured. */
  readonly blocks: readonly Nanoseconds[];
  readonly opsPerBlock: number;
  /** The longest single operation seen: the event loop stands still for that long. */
  readonly peakBlockNs: Nanoseconds;
  readonly compileNs: Nanoseconds;
  readonly outputBytes: Bytes;
  /** Bytes allocated on the V8 heap; a Buffer's own memory lies outside it. */
  readonly allocatedBytesPerOp?: Bytes;
  /** Share of one more block, after the timed ones, that was spent in garbage collection, in [0, 1]; absent where the runtime has no such account. */
  readonly gcTimeShare?: number;
  readonly warnings: readonly string[];
}

/** What became of one fork; a line of the journal that a run keeps while it measures. */
export interface ForkOutcome {
  readonly cell: CellId;
  readonly round: number;
  readonly status: CellStatus;
  /** Present unless `status` is `ok`. */
  readonly reason?: string;
  /** Present where `status` is `ok` and the suite's method is `latency`. */
  readonly fork?: Fork;
  /** Present where `status` is `ok` and the suite's method is `size`. */
  readonly size?: { readonly outputBytes: Bytes; readonly encoded: readonly EncodedSize[] };
  /** Present where the suite's method is `observation`. */
  readonly observations?: readonly Observation[];
  /** What was produced for the payload's first item, shortened to a displayable length; `incorrect` has it too. */
  readonly example?: string;
}

/** A cell of a run file. Metrics are there where `status` is `ok`; every other status has a `reason`. */
export interface Cell extends CellId {
  readonly status: CellStatus;
  readonly reason?: string;
  readonly latencyNs?: Summary;
  readonly forks: readonly Fork[];
  readonly outputBytes?: Bytes;
  readonly throughputBytesPerSec?: number;
  readonly allocatedBytesPerOp?: Bytes;
  readonly gcTimeShare?: number;
  readonly peakBlockNs?: Nanoseconds;
  readonly compileNs?: Nanoseconds;
  readonly encoded?: readonly EncodedSize[];
  readonly observations?: readonly Observation[];
  readonly example?: string;
  readonly speedup?: Speedup;
  readonly warnings: readonly string[];
}
