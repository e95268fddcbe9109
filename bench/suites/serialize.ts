/**
 * The main question: which serializer a response should go through, by payload, size and variant.
 * Deliberately absent: any list of contenders; whatever serializes takes part.
 */
import type { LatencySuite } from '../../src/model/suite.ts';

export default {
  title: 'Serialize',
  question: 'Which serializer is faster, and by how much, at each size?',
  order: 1,
  reference: 'json-stringify',
  tier: 'quick',
  method: 'latency',
  layout: 'by-size',
  sinks: ['bytes', 'string'],
  contenders: ({ kind }) => kind === 'serialize',
  payloads: ({ role }) => role === 'response',
} satisfies LatencySuite;
