/**
 * One invocation of `wirebench run` or `wirebench http`: circumstances, metrics and cells.
 */
import type { Profile } from './bench-module.ts';
import type { MicroCell } from './cell.ts';
import type { Environment } from './environment.ts';
import type { HttpResults } from './http.ts';
import type { MetricInfo } from './metric.ts';

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
  /** Of micro-benchmarks; empty where only the gateway was measured. */
  readonly cells: readonly MicroCell[];
  /** Present where a gateway was measured over HTTP. */
  readonly http?: HttpResults;
  readonly warnings?: readonly string[];
}
