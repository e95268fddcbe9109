/**
 * Answers a second, over all connections.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

const nanosecondsPerSecond = 1e9;

export default {
  source: 'load',
  title: 'requests/s',
  unit: 'perSec',
  better: 'higher',
  order: 1,
  meaning: 'answers a second, over all connections',
  ratio: 'value/reference',
  isCompared: true,
  slug: 'throughput',
  read: ({ requests, elapsedNs }) => (requests / elapsedNs) * nanosecondsPerSecond,
} satisfies MetricDefinition;
