/**
 * The figures of a load on one server: how much was answered, how fast, and what failed.
 *
 * Percentiles are exact, by nearest rank on every latency, so none is above the slowest; one that so few answers cannot
 * tell is left out.
 */
import { percentileOf } from '../load/generators/recorder.ts';

/** Beyond hey's: a tail shows where one in a thousand waits. */
export const percents = [50, 75, 90, 95, 99, 99.9] as const;

interface Percentile {
  readonly percent: number;
  /** Absent where it lies beyond the evidence. */
  readonly ns?: number;
}

/** From the beginning of a request to the end of its answer, of what was answered. */
export interface Latencies {
  readonly fastestNs: number;
  readonly meanNs: number;
  readonly slowestNs: number;
  /** One for each of `percents`, in their order. */
  readonly percentiles: readonly Percentile[];
}

/** Requests that failed in one way. */
export interface Failures {
  readonly kind: string;
  readonly count: number;
  /** What the server said to one of them. */
  readonly example?: string;
}

export interface LoadFigures {
  /** `answered`, all failures and `abandoned` together. */
  readonly sent: number;
  readonly answered: number;
  /** The most frequent kind first. */
  readonly failures: readonly Failures[];
  /** Under way when the load was interrupted. */
  readonly abandoned: number;
  /** Responses by their HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** From the first request to the end of the last answer; of windows the sum. */
  readonly elapsedNs: number;
  readonly receivedBytes: number;
  /** Absent where nothing was answered. */
  readonly latencies?: Latencies;
}

/** What is compared of a window. */
export interface WindowFigures {
  readonly answeredPerSec: number;
  /** Absent where nothing was answered. */
  readonly medianNs?: number;
}

/** A side's load, whole and window by window. */
export interface SideFigures extends LoadFigures {
  readonly windows: readonly WindowFigures[];
}

/** What an engine has measured. */
export interface EngineFigures {
  /** In the order of the plan's sides. */
  readonly sides: readonly SideFigures[];
  /** Processor time of what made the load per time that passed and per processor that it can use; absent if unknown. */
  readonly cpuShare?: number;
  /** Share of the time in which it did not wait for anything; absent if unknown. */
  readonly busyShare?: number;
  /** What an engine that is a program of others printed. */
  readonly printed?: string;
}

/** Of latencies in any order; `undefined` of none. */
export function summarizeLatencies(latenciesNs: Float64Array): Latencies | undefined {
  const { length } = latenciesNs;
  if (length === 0) return undefined;
  const ascending = latenciesNs.toSorted();
  return {
    fastestNs: ascending[0] as number,
    meanNs: ascending.reduce((sum, value) => sum + value, 0) / length,
    slowestNs: ascending[length - 1] as number,
    percentiles: percents.map((percent) => {
      const ns = percentileOf({ ascending, percent });
      return { percent, ...(ns === undefined ? {} : { ns }) };
    }),
  };
}

/** Requests that failed. */
export function failedOf({ failures }: Pick<LoadFigures, 'failures'>): number {
  return failures.reduce((sum, { count }) => sum + count, 0);
}

/** Proper answers a second; 0 where no time has passed. */
export function perSecOf({ answered, elapsedNs }: Pick<LoadFigures, 'answered' | 'elapsedNs'>): number {
  return elapsedNs > 0 ? (answered / elapsedNs) * 1e9 : 0;
}

/** The latency that a share of the answers stays below; `undefined` where it is not known. */
export function percentileNs({ latencies }: Pick<LoadFigures, 'latencies'>, percent: number): number | undefined {
  return latencies?.percentiles.find((known) => known.percent === percent)?.ns;
}
