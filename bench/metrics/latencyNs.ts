/**
 * Time of one operation: the mean over a process's turns that count. Its ratio is the speedup.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'time',
  unit: 'nanoseconds',
  better: 'lower',
  order: 1,
  ratio: 'reference/value',
  isCompared: true,
  slug: 'latency',
  read: ({ latencyNs }) => latencyNs,
} satisfies MetricDefinition;
