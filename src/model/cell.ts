/**
 * What is measured and what came of it: cells, their rounds, and the fresh processes (forks) behind them.
 */
import type { Metrics } from './metric.ts';
import type { Nanoseconds, Bytes, Variant, Sink } from './values.ts';

/** Who is measured in which suite; what it is given besides depends on the kind of suite. */
export interface CellId {
  readonly suite: string;
  readonly contender: string;
}

/** A cell of a micro-benchmark: suite x contender x payload x items x variant x sink. */
export interface MicroCellId extends CellId {
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

/** What went on beside a measurement; shares in [0, 1], absent where a machine does not tell them. */
export interface NoiseShares {
  /** Of the turns, or windows of load, those that found the processor at its floor. */
  readonly cleanShare?: number;
  /** Of the machine's processor time: what the hypervisor gave to others. */
  readonly stolenShare?: number;
  /** Likewise: what other programs used. */
  readonly othersShare?: number;
}

/** One fresh process's measurement of one cell, as part of an ensemble. */
export interface Fork extends NoiseShares {
  readonly round: number;
  /** Mean over the turns that count, per operation. In files of version 0.1 the median over the blocks. */
  readonly latencyNs: Nanoseconds;
  /** Of all turns, per operation, in the order measured. */
  readonly blocks: readonly Nanoseconds[];
  readonly opsPerBlock: number;
  /** The longest single operation seen: the event loop stands still for that long. */
  readonly peakBlockNs: Nanoseconds;
  readonly compileNs: Nanoseconds;
  readonly outputBytes: Bytes;
  /** Bytes allocated on the V8 heap; a Buffer's own memory lies outside it. */
  readonly allocatedBytesPerOp?: Bytes;
  /**
   * Share of one more block, after the timed ones, that was spent in garbage collection, in [0, 1]; absent where the
   * runtime has no such account.
   */
  readonly gcTimeShare?: number;
  /** Present where the process could not be pinned to one processor: elapsed time counted, not its processor time. */
  readonly clock?: 'elapsed';
  readonly warnings: readonly string[];
}

/** What became of one fork; a line of the journal that a run keeps while it measures. */
export interface ForkOutcome {
  readonly cell: MicroCellId;
  readonly round: number;
  /** A second process of the cell in the same ensemble, which shows what identical code reads beside itself. */
  readonly isTwin?: boolean;
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

/**
 * Why a figure should be read with care; a report makes the sentence. `evidence` is what one round of the cell is
 * called.
 *
 * `noisy`: the rounds lie so far apart that two contenders could trade places. `told`: by what measured, in its own
 * words.
 */
export type Warning =
  | { readonly code: 'noisy'; readonly of: 'values' | 'interval' }
  | { readonly code: 'few-rounds'; readonly rounds: number; readonly evidence: Evidence }
  | {
      readonly code: 'lost-rounds';
      readonly status: CellStatus;
      readonly reason: string;
      readonly rounds: number;
      readonly of: number;
      readonly evidence: Evidence;
    }
  | { readonly code: 'size-differs'; readonly least: Bytes; readonly most: Bytes }
  | { readonly code: 'output-differs'; readonly input: string }
  | {
      readonly code: 'told';
      readonly text: string;
      /** In how many rounds, and of how many; absent where nobody counted. */
      readonly rounds?: { readonly count: number; readonly of: number; readonly evidence: Evidence };
    };

export type Evidence = 'fork' | 'round';

/** What one round left behind besides values. */
export interface Round {
  readonly round: number;
  readonly fork?: Fork;
  /** Requests that were answered and counted. */
  readonly requests?: number;
  /** What went on beside a load; of forks it stands in `fork`. */
  readonly shares?: NoiseShares;
  /** Of a load, where there are any; of forks they stand in `fork`. */
  readonly warnings?: readonly string[];
}

/** Requests without a 2xx answer by kind: `HTTP 503`, `ECONNRESET`, `timeout`, `connection closed`. */
export type RequestFailures = Readonly<Record<string, number>>;

/** What became of one cell in one round. */
export interface Outcome<Id extends CellId = CellId> {
  readonly id: Id;
  readonly round: number;
  readonly status: CellStatus;
  /** Present unless `status` is `ok`. */
  readonly reason?: string;
  /** By metric. */
  readonly values: Readonly<Record<string, number>>;
  /** Why a metric could not be had. */
  readonly absent: Readonly<Record<string, string>>;
  /** Absent where nothing was measured. */
  readonly evidence?: Omit<Round, 'round'>;
  readonly failures: RequestFailures;
  readonly observations?: readonly Observation[];
  readonly example?: string;
  /** As what measured has them. */
  readonly warnings: readonly string[];
}

/** A round of which nothing is left but why. */
export interface LostRound {
  readonly round: number;
  readonly status: Exclude<CellStatus, 'ok'>;
  readonly reason: string;
}

/**
 * One contender of a suite, all rounds together. Metrics have figures where `status` is `ok`; every other has a
 * `reason`.
 */
export interface Cell<Id extends CellId = CellId> {
  readonly id: Id;
  readonly status: CellStatus;
  readonly reason?: string;
  readonly metrics: Metrics;
  readonly rounds: readonly Round[];
  readonly warnings: readonly Warning[];
  /** Summed over the rounds; empty where nothing is requested. */
  readonly failures: RequestFailures;
  readonly observations?: readonly Observation[];
  readonly example?: string;
  /** Rounds that did not come out well, where the status does not say it all. */
  readonly lost?: readonly LostRound[];
}

export type MicroCell = Cell<MicroCellId>;
