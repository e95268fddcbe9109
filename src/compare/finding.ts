/**
 * The kinds of finding that a run can hold: data from which a sentence, a mark in a table or a decision is made.
 */
import type { CellStatus, MicroCellId, Observation } from '../model/cell.ts';
import type { Bytes, Nanoseconds, Sink, Variant } from '../model/values.ts';
import type { Interval } from '../stats/intervals.ts';

/** Text that any JSON client reads, or a form that needs a decoder of its own: the two are never ranked together. */
export type WireForm = 'json' | 'own-decoder';

/** One table: what stays the same while items and contenders vary. */
export interface TablePlace {
  readonly suite: string;
  readonly payload: string;
  readonly variant: Variant;
  readonly sink: Sink;
}

export interface Fastest extends TablePlace {
  readonly kind: 'fastest';
  readonly form: WireForm;
  readonly sizes: readonly {
    readonly items: number;
    readonly contender: string;
    /** Over the reference; absent where that was not measured. */
    readonly speedup?: Interval;
    readonly isReference: boolean;
    /** Contenders that the fastest one is not shown to beat; empty for a clear win. */
    readonly tiedWith: readonly string[];
  }[];
}

/** Where one of two contenders wins. */
export interface Spot {
  readonly items: number;
  readonly variant: Variant;
}

export interface Flip {
  readonly kind: 'flip';
  readonly dimension: 'items' | 'variant';
  readonly suite: string;
  readonly payload: string;
  readonly sink: Sink;
  readonly first: string;
  readonly second: string;
  /** Never empty, like `secondWins`; both in the order of the run. */
  readonly firstWins: readonly Spot[];
  readonly secondWins: readonly Spot[];
}

export interface NoDifference extends TablePlace {
  readonly kind: 'no-difference';
  readonly contender: string;
  readonly reference: string;
  readonly items: readonly number[];
}

export interface NativeCost {
  readonly kind: 'native-cost';
  readonly suite: string;
  readonly payload: string;
  readonly sink: Sink;
  readonly contender: string;
  readonly sizes: readonly {
    readonly items: number;
    readonly textBytesPerSec: number;
    readonly nativeBytesPerSec: number;
    /** time(native) / time(text); absent where no round has both. */
    readonly slowdown?: Interval;
  }[];
}

export interface CompileCost {
  readonly kind: 'compile-cost';
  readonly suite: string;
  readonly contender: string;
  readonly reference: string;
  readonly compileNs: Nanoseconds;
  /** Calls until it pays off, fewest and most over the cells where it does; absent where it never does. */
  readonly calls?: { readonly fewest: number; readonly most: number };
  readonly paysOffIn: number;
  readonly cells: number;
}

export interface CheapestRepresentation {
  readonly kind: 'cheapest-representation';
  readonly suite: string;
  readonly family: string;
  readonly contender: string;
  readonly payload: string;
  readonly variant: Variant;
  readonly latencyNsPerItem: Nanoseconds;
  readonly tiedWith: readonly string[];
  /** The dearest one that was measured, and how many times it takes as long. */
  readonly dearest: { readonly payload: string; readonly ratio: number };
}

export interface OutputSize {
  readonly kind: 'output-size';
  readonly suite: string;
  readonly payload: string;
  readonly variant: Variant;
  readonly contender: string;
  readonly reference: string;
  /** True for a layout that is only there to be compared with, so that the reference is the subject. */
  readonly isLayout: boolean;
  readonly sizes: readonly { readonly items: number; readonly sizeBytes: Bytes; readonly referenceBytes: Bytes }[];
}

export interface TypeHandling {
  readonly kind: 'type-handling';
  readonly suite: string;
  readonly contender: string;
  readonly inputs: number;
  /** Ids of inputs by outcome, only outcomes that occurred. */
  readonly byOutcome: Readonly<Partial<Record<Observation['outcome'], readonly string[]>>>;
}

export interface Excluded {
  readonly kind: 'excluded';
  readonly suite: string;
  readonly contender: string;
  readonly status: Exclude<CellStatus, 'ok'>;
  readonly reason: string;
  readonly cells: readonly Omit<MicroCellId, 'suite' | 'contender'>[];
}

export interface Noisy {
  readonly kind: 'noisy';
  readonly suite: string;
  readonly cells: readonly Omit<MicroCellId, 'suite'>[];
}

export type Finding =
  | Fastest
  | Flip
  | NoDifference
  | NativeCost
  | CompileCost
  | CheapestRepresentation
  | OutputSize
  | TypeHandling
  | Excluded
  | Noisy;
