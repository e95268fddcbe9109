/**
 * What others state about contenders, as data that a run is held against.
 *
 * A stated figure is a fact about a page, never a finding of this project. Deliberately absent: what was measured.
 */
import type { Nanoseconds } from './values.ts';
import type { HttpMetricName } from './http.ts';

/** One page's statements: a file of bench/claims. */
export interface ClaimSet {
  readonly title: string;
  /** Whose page it is, in words. */
  readonly source: string;
  /** The payload that the statements are about; they are judged on its text variant, with bytes as the sink. */
  readonly payload: string;
  /** The page's table of times, measured again. */
  readonly table: ClaimTable;
  readonly claims: readonly Claim[];
  /** What the page states of a gateway under load. */
  readonly http?: readonly HttpClaim[];
}

/** Times of two contenders by size. */
export interface ClaimTable extends ClaimedPair {
  /** Contenders that are shown beside the two where the run has them. */
  readonly beside: readonly string[];
  readonly stated: readonly {
    readonly items: number;
    readonly againstNs: Nanoseconds;
    readonly subjectNs: Nanoseconds;
    /** (t_against - t_subject) / t_subject as the page has it: 6.23 for 623%. */
    readonly gain: number;
  }[];
}

/** Who is said to be better than whom, in which suite. */
interface ClaimedPair {
  readonly suite: string;
  readonly subject: string;
  readonly against: string;
}

/**
 * `gain`: faster by a share of its own time, at least `from`, at some sizes. `smaller`: its output is smaller by a share
 * of the other's, at every size measured. `grows`: its ratio is higher at the second size than at the first. Shares are
 * rounded to whole percents on the page, and are read with that in mind.
 */
export type Claim =
  | (ClaimedPair & {
      readonly kind: 'gain';
      readonly what: string;
      readonly items: readonly number[];
      readonly from: number;
      readonly to: number;
    })
  | (ClaimedPair & { readonly kind: 'smaller'; readonly what: string; readonly share: number })
  | (ClaimedPair & { readonly kind: 'grows'; readonly what: string; readonly items: readonly [number, number] });

/**
 * A statement about a gateway under load: a metric is `more` or `less` than the suite's reference's by a share of that,
 * at least `from`; `from` 0 says no more than that it is better at all.
 */
export interface HttpClaim {
  readonly what: string;
  readonly suite: string;
  readonly scenario: string;
  readonly subject: string;
  readonly metric: HttpMetricName;
  readonly change: 'more' | 'less';
  readonly from: number;
  /** Absent where the page names no upper end. */
  readonly to?: number;
}
