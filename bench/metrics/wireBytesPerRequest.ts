/**
 * Bytes an answer, headers and body as they came out of the socket.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'wire',
  unit: 'bytes',
  better: 'lower',
  order: 8,
  meaning: 'bytes an answer, headers and body as they came out of the socket',
  ratio: 'value/reference',
  isCompared: true,
  slug: 'wire-bytes',
  read: ({ wireBytes, requests }) => wireBytes / requests,
} satisfies MetricDefinition;
