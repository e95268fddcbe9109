/**
 * The latency that 95% of the requests stayed within.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'p95',
  unit: 'nanoseconds',
  better: 'lower',
  order: 3,
  meaning: '95% of the requests had their answer by then; p99 and p99.9 likewise',
  ratio: 'value/reference',
  isCompared: true,
  slug: 'latency-p95',
  read: ({ latencyNs }) => latencyNs(95) ?? 'too few requests',
} satisfies MetricDefinition;
