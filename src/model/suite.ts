/**
 * Which contenders, payloads and sinks make one table: the types of bench/suites.
 */
import type { Registered, Profile } from './bench-module.ts';
import type { Contender } from './contender.ts';
import type { Payload, TypeInput } from './payload.ts';
import type { Sink, Variant } from './values.ts';

interface SuiteBase {
  readonly title: string;
  /** The question that the suite's table answers. */
  readonly question: string;
  /** Position in reports, ascending. */
  readonly order: number;
  /** The contender that speedups are quoted against. */
  readonly reference: string;
  /** Which contenders take part. */
  contenders(contender: Registered<Contender>): boolean;
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
}

/** A suite whose cells are timed: one process a cell and round. */
export interface LatencySuite extends SuiteBase {
  readonly method: 'latency';
  /** `by-size`: a table per payload and variant. `by-representation`: contenders against payloads. */
  readonly layout: 'by-size' | 'by-representation';
  payloads(payload: Registered<Payload>): boolean;
  /** The first one is the headline sink, the only one of a default run. */
  readonly sinks: readonly Sink[];
  /** Those of a default run; all that a payload has where it is left out. */
  readonly headlineVariants?: readonly Variant[];
}

/** A suite whose cells are measured in bytes, plain and compressed. */
export interface SizeSuite extends SuiteBase {
  readonly method: 'size';
  payloads(payload: Registered<Payload>): boolean;
  /** Item counts of a default run; sizes hardly depend on it. */
  readonly sizes: readonly number[];
}

/** A suite that looks at what is written for single values; nothing is timed. */
export interface ObservationSuite extends SuiteBase {
  readonly method: 'observation';
  readonly inputs: readonly TypeInput[];
}

export type Suite = LatencySuite | SizeSuite | ObservationSuite;
