/**
 * The latency that 99.9% of the requests stayed within. Runs are not held against each other by it: windows of a second
 * say little of it.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'p99.9',
  unit: 'nanoseconds',
  better: 'lower',
  order: 5,
  ratio: 'value/reference',
  read: ({ latencyNs }) => latencyNs(99.9) ?? 'too few requests',
} satisfies MetricDefinition;
