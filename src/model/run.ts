/**
 * One invocation of `wirebench run` or `wirebench http`: circumstances, metrics and cells.
 */
import type { Profile } from './bench-module.ts';
import type { MicroCell } from './cell.ts';
import type { Environment } from './environment.ts';
import type { HttpResults } from './http.ts';
import type { MetricInfo } from './metric.ts';
import type { RunNoise } from './noise.ts';
import type { RunPlan } from './run-plan.ts';
import type { UsersResults } from './users.ts';

/** As it is worked with; src/run-file has it as it is stored. */
export interface Run {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly profile: Profile;
  /** True where the run was stopped before every planned fork was measured. */
  readonly interrupted?: boolean;
  readonly environment: Environment;
  /** What its metrics are, in the order of reports. */
  readonly metrics: readonly MetricInfo[];
  /** Of micro-benchmarks; empty where only a gateway was measured. */
  readonly cells: readonly MicroCell[];
  /** Present where a gateway was measured over HTTP. */
  readonly http?: HttpResults;
  /** Present where users made a load. */
  readonly users?: UsersResults;
  readonly warnings?: readonly string[];
  /** Absent in files of versions that did not record it, and where a gateway was measured. */
  readonly plan?: RunPlan;
  /** Present where the run was joined of shards; its environment is that of the first one then. */
  readonly shards?: JoinedShards;
  /** Of micro-benchmarks; absent in files of version 0.1, and where nothing was timed in ensembles. */
  readonly noise?: RunNoise;
}

/** Of which shards a run was joined. */
export interface JoinedShards {
  /** How many the plan has; those that are not among the parts are missing. */
  readonly of: number;
  /** In the order of their indices. */
  readonly parts: readonly ShardPart[];
}

/** What one machine measured. */
export interface ShardPart {
  /** From 1. */
  readonly index: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly environment: Environment;
  /** Groups that have cells, in the order of the plan. */
  readonly groups: readonly string[];
}
