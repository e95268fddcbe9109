/**
 * Size of what is written; the same in every fork, since each one is given the same values.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'bytes',
  unit: 'bytes',
  better: 'lower',
  order: 4,
  hasBounds: false,
  slug: 'output-size',
  read: ({ outputBytes }) => outputBytes,
} satisfies MetricDefinition;
