/**
 * Bytes allocated on the V8 heap by one operation; a Buffer's own memory lies outside it.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'fork',
  title: 'heap/call',
  unit: 'bytes',
  better: 'lower',
  order: 3,
  hasBounds: false,
  slug: 'allocated-bytes',
  read: ({ allocatedBytesPerOp }) => allocatedBytesPerOp,
} satisfies MetricDefinition;
