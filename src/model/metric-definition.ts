/**
 * How a metric is had from what was measured: the files of bench/metrics.
 */
import type { EncodedSize, Fork } from './cell.ts';
import type { LoadReading } from './http.ts';
import type { MetricInfo } from './metric.ts';

/** What one fork gave, whichever method its suite has. */
export type ForkReading = Partial<Fork> & { readonly encoded?: readonly EncodedSize[] };

interface Definition<Reading> extends Omit<MetricInfo, 'name' | 'source'> {
  /** The value of one round; a text says why there is none. */
  readonly read?: (reading: Reading) => number | string | undefined;
  /** In place of `read`: its median from the medians of others, where a median of rounds would not agree with them. */
  readonly derive?: (medianOf: (name: string) => number) => number;
  /** What stands for all rounds; the median where left out. */
  readonly summarize?: 'median' | 'maximum';
  /** False where values of rounds are too alike, or too few, for an interval to mean anything. */
  readonly hasBounds?: false;
}

/** What a file of bench/metrics says; the file's name is the metric's. */
export type MetricDefinition =
  | (Definition<ForkReading> & { readonly source: 'fork' })
  | (Definition<LoadReading> & { readonly source: 'load' });

/** A metric with its name. */
export type KnownMetric = MetricDefinition & Pick<MetricInfo, 'name'>;
