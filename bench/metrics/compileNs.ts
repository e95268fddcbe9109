/**
 * Time that compiling a schema, or setting up, takes once.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'compile',
  unit: 'nanoseconds',
  better: 'lower',
  order: 7,
  hasBounds: false,
  read: ({ compileNs }) => compileNs,
} satisfies MetricDefinition;
