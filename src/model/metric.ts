/**
 * A figure by which cells are compared: what it is, its values by round, and what it is to the reference's.
 *
 * What a metric is stands in a file of bench/metrics and is copied into run files, so that a run can be reported
 * without it.
 */
/** Base units; only reports scale them. `share` lies in [0, 1]. */
export type Unit = 'nanoseconds' | 'bytes' | 'bytesPerSec' | 'perSec' | 'share' | 'count';

/** What reports and comparisons need to know of a metric. */
export interface MetricInfo {
  /** What files call it, with its unit: `p95Ns`. */
  readonly name: string;
  /** What it is read from: one fork of a micro-benchmark, or one load on a server. */
  readonly source: 'fork' | 'load';
  /** What tables call it. */
  readonly title: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /** Position among the metrics of its source, ascending. */
  readonly order: number;
  /** A sentence for the legend, without a capital and a full stop. */
  readonly meaning?: string;
  /**
   * How it is held against the reference's; without it only its own values are told. A speedup is the one that is
   * quoted the other way round, so that more is better, as readers expect it of that word.
   */
  readonly ratio?: 'value/reference' | 'reference/value';
  /** Values below it are not told apart by what measures them, so that their difference is told and no ratio. */
  readonly resolution?: number;
  /** True where runs are held against each other by it. */
  readonly isCompared?: true;
  /** What services that follow it over commits call it; without it they do not get it. */
  readonly slug?: string;
}

/** Bounds at a level of confidence; absent, all three together, where there are fewer than three rounds. */
interface Bounds {
  readonly lo?: number;
  readonly hi?: number;
  readonly confidence?: number;
}

/** Centre over rounds, in the metric's unit. */
export interface Summary extends Bounds {
  readonly median: number;
}

/** A quotient formed inside rounds, whichever way round its metric has it. */
export interface Ratio extends Bounds {
  readonly reference: string;
  /** Geometric mean over the rounds; 1 without bounds for the reference itself. */
  readonly ratio: number;
  /**
   * Of the t quantile behind the bounds: more than the rounds minus one where the spread of the suite's other cells
   * helped. Absent without bounds, and in files of versions that did not say.
   */
  readonly degreesOfFreedom?: number;
  /** What the bounds rest on beside the cell's own rounds; absent where that is nothing. */
  readonly usualSpread?: UsualSpread;
}

/** How far the ratios of a suite spread over rounds, all of its cells together. */
export interface UsualSpread {
  /** Of the natural logarithms of the ratios, > 0. */
  readonly variance: number;
  /** How much it weighs beside a cell's own, > 0: the more, the better the cells agree. */
  readonly degreesOfFreedom: number;
  /** How many ratios it was estimated from. */
  readonly ratios: number;
}

/** time(reference) / time(contender), so more is better. */
export type Speedup = Ratio;

/** value(contender) - value(reference) in the metric's own unit, where a ratio would say nothing. */
export interface Difference extends Bounds {
  readonly reference: string;
  /** Mean over the rounds. */
  readonly value: number;
}

/** One metric of one cell. */
export interface Metric extends Pick<MetricInfo, 'unit' | 'better'> {
  /** In the order of rounds; of a round that could not give it there is none. */
  readonly values: readonly { readonly round: number; readonly value: number }[];
  /** Absent where not every round has a value. */
  readonly summary?: Summary;
  readonly ratio?: Ratio;
  readonly difference?: Difference;
  /** Why a round has no value. */
  readonly absent?: string;
}

/** Metrics of a cell by name, in the order of reports. */
export type Metrics = Readonly<Record<string, Metric>>;
