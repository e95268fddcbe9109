/**
 * The longest single operation that any fork saw: the event loop stands still for that long.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'longest call',
  unit: 'nanoseconds',
  better: 'lower',
  order: 6,
  summarize: 'maximum',
  hasBounds: false,
  read: ({ peakBlockNs }) => peakBlockNs,
} satisfies MetricDefinition;
