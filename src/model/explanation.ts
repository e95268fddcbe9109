/**
 * What `explain` finds out of one value: what takes it off the fast path of JSON.stringify, where, and what that costs.
 *
 * Plain data that crosses from the processes that look and measure to the report.
 */
import type { Environment } from './environment.ts';
import type { Bytes, Nanoseconds } from './values.ts';

/** Why a value leaves the fast path; `unexplained` is what V8 refuses and no rule knows. */
export type OffenceKind =
  | 'date'
  | 'to-json'
  | 'reserved-name'
  | 'class-instance'
  | 'no-prototype'
  | 'other-realm'
  | 'indexed-keys'
  | 'dictionary-mode'
  | 'accessor'
  | 'cons-string'
  | 'sliced-string'
  | 'frozen-array'
  | 'sparse-array'
  | 'function'
  | 'built-in'
  | 'boxed-primitive'
  | 'raw-json'
  | 'proxy'
  | 'unexplained';

/** A ratio of times from rounds; without bounds where there were fewer than three. */
export interface MeasuredRatio {
  readonly ratio: number;
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** What one kind of offence costs by itself: the cleaned value with this kind put back, against the cleaned value. */
export interface OffenceCost {
  /** time(with this kind) / time(cleaned), so more is dearer. */
  readonly slowdown: MeasuredRatio;
  /** time(with this kind) - time(cleaned), the mean over the rounds; may be negative where nothing can be told. */
  readonly extraNs: Nanoseconds;
}

/** All offences of one kind in a value. */
export interface Offence {
  readonly kind: OffenceKind;
  /** What it is, as the beginning of a sentence. */
  readonly title: string;
  /** Why V8 leaves the fast path there, one sentence. */
  readonly why: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  readonly count: number;
  /** True where there are so many that counting stopped at a sample. */
  readonly countIsEstimate?: true;
  /** JSON pointer (RFC 6901) of the first one; empty for the whole value. */
  readonly firstPointer: string;
  /** The first one in a few words, such as the name of its class; from outside, not escaped. */
  readonly detail?: string;
  /** Absent where it was not measured. */
  readonly cost?: OffenceCost;
}

/** What came of the timed comparisons. */
export interface ExplanationTimes {
  /** Rounds in which every comparison was measured. */
  readonly rounds: number;
  /** Median over the rounds, one call of JSON.stringify with the value as it is. */
  readonly asItIsNs: Nanoseconds;
  /** time(fast path switched off) / time(as it is): above 1 where the fast path does the work. */
  readonly switchedOff?: MeasuredRatio;
  /** The value with every offence replaced; absent where there is none. */
  readonly cleaned?: { readonly latencyNs: Nanoseconds; readonly slowdown: MeasuredRatio };
}

/** One value explained. */
export interface Explanation {
  /** What was explained, for a person; from outside, not escaped. */
  readonly source: string;
  readonly environment: Environment;
  /** Whether this runtime's JSON.stringify has a fast path at all, as a probe of it says. */
  readonly runtimeHasFastPath: boolean;
  /** Whether V8 takes this value on the fast path, as a probe says; `undefined` on a runtime without one. */
  readonly takesFastPath?: boolean;
  /** Whether it takes the cleaned value; absent where nothing was cleaned. */
  readonly cleanedTakesFastPath?: boolean;
  /** Bytes of the value's JSON text in UTF-8. */
  readonly outputBytes: Bytes;
  /** Kinds in the order in which their first ones are written; empty where nothing leaves. */
  readonly offences: readonly Offence[];
  /** Absent where nothing was measured to the end of a round. */
  readonly times?: ExplanationTimes;
  readonly warnings: readonly string[];
  /** True where Ctrl-C ended the measurement early. */
  readonly interrupted?: true;
}
