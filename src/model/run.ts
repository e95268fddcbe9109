/**
 * What a run file holds: circumstances, cells of micro-benchmarks, and what was measured over HTTP.
 *
 * Deliberately absent: cells themselves (model.ts, http.ts), and how the file is read and checked (src/store).
 */
import type { Profile } from './bench-module.ts';
import type { Cell } from './cell.ts';
import type { Environment } from './environment.ts';
import type { HttpResults } from './http.ts';

/** One invocation of `wirebench run` or `wirebench http`: what run.json holds. */
export interface Run {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly profile: Profile;
  /** True where the run was stopped before every planned fork was measured. */
  readonly interrupted?: boolean;
  readonly environment: Environment;
  /** Empty where only the gateway was measured. */
  readonly cells: readonly Cell[];
  /** Present where a gateway was measured over HTTP. */
  readonly http?: HttpResults;
  readonly warnings?: readonly string[];
}
