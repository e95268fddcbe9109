/**
 * What a run was asked for and with which code: enough to measure more of the same later, and to tell which shards are
 * of one run.
 *
 * Profile and seed stand in the run itself.
 */
import type { CellSelection } from './cell.ts';

/** SHA-256 of the files of each kind; `project` only where the project has modules of its own in the plan. */
export interface MeasuredCode {
  readonly program: string;
  readonly bench: string;
  readonly project?: string;
}

/** The options that a session was planned with, as the command line was understood, defaults included. */
export type PlannedOptions = Readonly<Record<string, unknown>>;

/** A document of the user's that was measured; it has to be the same one again. */
export interface PlannedSample {
  readonly source: string;
  readonly schema?: string;
  readonly types?: string;
  readonly sha256: string;
}

/** Which part of a plan a machine measures: whole groups, so that no ratio pairs two machines. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** A shard with the groups of the whole plan, those of other shards included, in the order of the plan. */
export interface PlannedShard extends Shard {
  readonly groups: readonly string[];
}

export interface RunPlan {
  readonly selection: CellSelection;
  /** Rounds a cell where they were asked for by number. */
  readonly forks?: number;
  readonly sample?: PlannedSample;
  readonly code: MeasuredCode;
  readonly options: PlannedOptions;
  /** Absent where the whole plan was measured. */
  readonly shard?: PlannedShard;
}
