/**
 * What others state about contenders, as data that a run is held against.
 *
 * A stated figure is a fact about a page, never a finding of this project.
 */
import type { Nanoseconds } from './values.ts';

/** One page's statements: a file of bench/claims. */
export interface ClaimSet {
  readonly title: string;
  /** Whose page it is, in words. */
  readonly source: string;
  /** The payload that the table is about; it is judged with bytes as the sink. */
  readonly payload: string;
  /** The page's table of times, measured again. */
  readonly table: ClaimTable;
  /** About micro-benchmarks. */
  readonly claims: readonly Claim[];
  /** What the page states of a gateway under load. */
  readonly http?: readonly Claim[];
}

/** Times of two contenders by size. */
export interface ClaimTable {
  readonly suite: string;
  readonly subject: string;
  readonly against: string;
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

/** Who is said to be better than whom, where, and by which metric. */
interface ClaimSubject {
  readonly what: string;
  readonly suite: string;
  /** Parts of a cell's id that say where in the suite, e.g. `{ scenario: 'tools-100' }`. */
  readonly at: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly against: string;
  readonly metric: string;
}

/**
 * `more`, `less`: the metric's ratio is above or below 1 by a share, at least `from`; `from` 0 says no more than that
 * it is at all. A time's ratio is its speedup, so more is faster. `grows`: the ratio is higher at the second item count
 * than at the first. Shares are rounded to whole percents on the page, and are read with that in mind.
 */
export type Claim =
  | (ClaimSubject & {
      readonly change: 'more' | 'less';
      /** A line each; every item count that was measured where left out. */
      readonly items?: readonly number[];
      readonly from: number;
      /** Absent where the page names no upper end. */
      readonly to?: number;
    })
  | (ClaimSubject & { readonly change: 'grows'; readonly items: readonly [number, number] });
