/**
 * The latency that half of the requests stayed within.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'p50',
  unit: 'nanoseconds',
  better: 'lower',
  order: 2,
  meaning: 'half of the requests had their answer by then',
  ratio: 'value/reference',
  isCompared: true,
  slug: 'latency',
  read: ({ latencyNs }) => latencyNs(50) ?? 'too few requests',
} satisfies MetricDefinition;
