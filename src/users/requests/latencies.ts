/**
 * Times of many requests, merged over tasks, processes and machines without loss: HdrHistogram of microseconds with
 * three significant digits, and beside it what a histogram rounds: the maximum and the sum.
 *
 * @see https://hdrhistogram.org
 */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

import type { LatencySummary, RecordedLatencies } from '../../model/users.ts';

/** A thousandth of a value is the most that it is off by. */
const significantDigits = 3;
/** An hour; what takes longer counts as an hour, and shows in the maximum. */
const longestUs = 3_600_000_000;

/** Latencies that can be added to several others without being decoded for each. */
export interface DecodedLatencies {
  readonly histogram: Histogram;
  readonly maxNs: number;
  readonly sumNs: number;
}

/** @throws {Error} for a text that is no histogram. */
export function decodeLatencies({ histogram, maxNs, sumNs }: RecordedLatencies): DecodedLatencies {
  return { histogram: decodeFromCompressedBase64(histogram), maxNs, sumNs };
}

export class Latencies {
  readonly #histogram: Histogram = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestUs,
    numberOfSignificantValueDigits: significantDigits,
  });
  #maxNs = 0;
  #sumNs = 0;

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** @param latencyMs at least 0; less than a microsecond counts as one. */
  record(latencyMs: number): void {
    const us = Math.round(latencyMs * 1000);
    this.#histogram.recordValue(Math.min(longestUs, Math.max(1, us)));
    const ns = Math.max(0, latencyMs * 1e6);
    this.#maxNs = Math.max(this.#maxNs, ns);
    this.#sumNs += ns;
  }

  add({ histogram, maxNs, sumNs }: DecodedLatencies): void {
    this.#histogram.add(histogram);
    this.#maxNs = Math.max(this.#maxNs, maxNs);
    this.#sumNs += sumNs;
  }

  /** As it is now; what comes later may show in it. */
  decoded(): DecodedLatencies {
    return { histogram: this.#histogram, maxNs: this.#maxNs, sumNs: this.#sumNs };
  }

  recorded(): RecordedLatencies {
    return { histogram: encodeIntoCompressedBase64(this.#histogram), maxNs: this.#maxNs, sumNs: this.#sumNs };
  }

  /** Forgets everything. */
  reset(): void {
    this.#histogram.reset();
    this.#maxNs = 0;
    this.#sumNs = 0;
  }

  /** @param percent in (0, 100]. @returns 0 of none. */
  percentileNs(percent: number): number {
    return this.count === 0 ? 0 : Math.min(this.#histogram.getValueAtPercentile(percent) * 1000, this.#maxNs);
  }

  /** `undefined` of none. */
  summary(): LatencySummary | undefined {
    if (this.count === 0) return undefined;
    return {
      p50Ns: this.percentileNs(50),
      p90Ns: this.percentileNs(90),
      p95Ns: this.percentileNs(95),
      p99Ns: this.percentileNs(99),
      p999Ns: this.percentileNs(99.9),
      maxNs: this.#maxNs,
      meanNs: this.#sumNs / this.count,
    };
  }
}
