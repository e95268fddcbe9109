/**
 * What the history keeps of a run, and what it says of a cell over many runs.
 *
 * Types only. An entry is small enough to be committed for every run: the figures that can be compared from run to run,
 * and what they depend on; forks, examples and reasons stay in the run file.
 */
import type { Profile } from './bench-module.ts';
import type { CellStatus, MicroCellId } from './cell.ts';
import type { Environment } from './environment.ts';
import type { Bytes, Nanoseconds, Sink, Variant } from './values.ts';

/** One contender of a group. Figures are there where it was timed and right. */
export interface HistoryCell {
  readonly contender: string;
  readonly status: CellStatus;
  /** Median; for eyes only, since times of two runs are not comparable. */
  readonly latencyNs?: Nanoseconds;
  readonly outputBytes?: Bytes;
  /**
   * time(reference) / time(contender); absent for the reference itself. Bounds are absent where there were fewer than
   * three rounds.
   */
  readonly ratio?: number;
  readonly lo?: number;
  readonly hi?: number;
}

/** Cells that differ in nothing but the contender. */
export interface HistoryGroup {
  readonly suite: string;
  readonly payload: string;
  readonly items: number;
  readonly variant: Variant;
  readonly sink: Sink;
  /** Absent where no speedup was formed. */
  readonly reference?: string;
  /** Of the speedups' intervals. */
  readonly confidence?: number;
  readonly cells: readonly HistoryCell[];
}

/** One run, as a file of results/history/ keeps it. */
export interface HistoryEntry {
  readonly historyVersion: 1;
  readonly startedAt: string;
  readonly seed: number;
  readonly profile: Profile;
  readonly environment: Environment;
  readonly groups: readonly HistoryGroup[];
}

/** One thing that is not the same before and after a change. */
export interface CircumstanceChange {
  /** A package's name, `node`, `V8`, `system`, `seed`, `profile` or `output bytes`. */
  readonly what: string;
  /** Absent where the package was not installed. */
  readonly before?: string;
  readonly after?: string;
}

/** A cell in one run. */
export interface HistoryPoint {
  readonly startedAt: string;
  readonly commit?: string;
  /** As `node 26.10.0`. */
  readonly runtime: string;
  /** Of the contender's package; absent for what belongs to the runtime or to the project itself. */
  readonly packageVersion?: string;
  readonly status: CellStatus;
  readonly ratio?: number;
  readonly lo?: number;
  readonly hi?: number;
}

/** The mean of the speedups between two changes, with the interval that the runs' own intervals allow. */
export interface HistoryLevel {
  readonly runs: number;
  readonly ratio: number;
  readonly lo: number;
  readonly hi: number;
}

/** A run from which on the speedup was another one. */
export interface HistoryChange {
  /** Index of the first point after it. */
  readonly at: number;
  readonly before: HistoryLevel;
  readonly after: HistoryLevel;
  readonly pValue: number;
  /** Between the last run before it and the first one after it. */
  readonly differences: readonly CircumstanceChange[];
}

/** A cell over the runs of one machine. */
export interface HistorySeries {
  readonly cell: MicroCellId;
  readonly reference: string;
  /** Equal for runs of the same kind of machine. */
  readonly machine: string;
  readonly confidence?: number;
  /** Oldest first; length >= 1. */
  readonly points: readonly HistoryPoint[];
  /** Points that have an interval: those among which change points are looked for. */
  readonly comparable: number;
  /** In the order of time. */
  readonly changes: readonly HistoryChange[];
}
