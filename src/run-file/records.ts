/**
 * run.json as it is stored, version 1. Figures of micro-benchmarks have fields of their own; those over HTTP stand by
 * metric.
 */
import type {
  CellStatus,
  EncodedSize,
  Fork,
  LostRound,
  MicroCellId,
  NoiseShares,
  Observation,
  RequestFailures,
} from '../model/cell.ts';
import type { HttpCellId, HttpResults } from '../model/http.ts';
import type { Difference, MetricInfo, Ratio, Speedup, Summary } from '../model/metric.ts';
import type { Run } from '../model/run.ts';

/** The whole file. */
export interface RunRecord extends Omit<Run, 'metrics' | 'cells' | 'http'> {
  readonly schemaVersion: 1;
  /** Absent in files of versions that knew no others than their own. */
  readonly metrics?: readonly MetricInfo[];
  readonly cells: readonly MicroCellRecord[];
  readonly http?: HttpResultsRecord;
}

export interface HttpResultsRecord extends Omit<HttpResults, 'cells'> {
  readonly cells: readonly HttpCellRecord[];
}

/** A metric over all rounds. */
export interface SummaryRecord extends Summary {
  readonly ratio?: Ratio;
  readonly difference?: Difference;
}

/** Figures are there where `status` is `ok`. */
export interface MicroCellRecord extends MicroCellId {
  readonly status: CellStatus;
  readonly reason?: string;
  readonly latencyNs?: Summary;
  readonly outputBytes?: number;
  readonly throughputBytesPerSec?: number;
  readonly allocatedBytesPerOp?: number;
  readonly gcTimeShare?: number;
  readonly peakBlockNs?: number;
  readonly compileNs?: number;
  readonly encoded?: readonly EncodedSize[];
  /** Metrics that have no field of their own. */
  readonly metrics?: Readonly<Record<string, SummaryRecord & { readonly rounds: readonly RoundValueRecord[] }>>;
  readonly forks: readonly Fork[];
  readonly observations?: readonly Observation[];
  readonly example?: string;
  readonly lost?: readonly LostRound[];
  readonly warnings: readonly string[];
  readonly speedup?: Speedup;
}

interface RoundValueRecord {
  readonly round: number;
  readonly value: number;
}

export interface HttpCellRecord extends HttpCellId {
  /** Of its scenario. */
  readonly items: number;
  readonly status: CellStatus;
  readonly reason?: string;
  readonly metrics: Readonly<Record<string, SummaryRecord>>;
  readonly absent: Readonly<Record<string, string>>;
  readonly failures: RequestFailures;
  readonly rounds: readonly {
    readonly round: number;
    readonly metrics: Readonly<Record<string, number>>;
    readonly requests: number;
    /** This and what follows: absent in files of versions that did not record it. */
    readonly shares?: NoiseShares;
    readonly warnings?: readonly string[];
  }[];
  readonly warnings: readonly string[];
}
