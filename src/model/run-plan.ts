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

/** Rounds of a session over HTTP where they were asked for by number. */
export interface AskedRounds {
  /** What every scenario has. */
  readonly fewest: number;
  /** What the headline has. */
  readonly most: number;
}

/** What a session over HTTP was asked for beyond its suites and scenarios, which stand in its results. */
export interface HttpRunPlan {
  /** In the order of the results; `scenarios` are ids. */
  readonly suites: readonly { readonly id: string; readonly scenarios: readonly string[]; readonly sweeps?: true }[];
  readonly rounds?: AskedRounds;
  /** Of open loops; without it a share of what the reference answers. */
  readonly requestsPerSec?: number;
  readonly site?: PlannedSite;
  readonly code: MeasuredCode;
  readonly options: PlannedOptions;
}

/** A server that somebody else runs; its token and other secrets are looked up again. */
export interface PlannedSite {
  readonly url: string;
  readonly tokenEnv?: string;
  /** Further headers: lower-case names, and the environment variables that hold their values. */
  readonly headerEnv?: Readonly<Record<string, string>>;
  readonly ownThisHost?: true;
  readonly write?: true;
  /** The address is the endpoint of an MCP server, which answers nothing else. */
  readonly mcp?: true;
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
