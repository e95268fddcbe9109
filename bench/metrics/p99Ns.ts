/**
 * The latency that 99% of the requests stayed within. Runs are not held against each other by it: windows of a second
 * say little of it.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'p99',
  unit: 'nanoseconds',
  better: 'lower',
  order: 4,
  ratio: 'value/reference',
  slug: 'latency-p99',
  read: ({ latencyNs }) => latencyNs(99) ?? 'too few requests',
} satisfies MetricDefinition;
