/**
 * Share of one more block, after the timed ones, that was spent in garbage collection.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'in GC',
  unit: 'share',
  better: 'lower',
  order: 5,
  hasBounds: false,
  read: ({ gcTimeShare }) => gcTimeShare,
} satisfies MetricDefinition;
