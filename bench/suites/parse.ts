/**
 * The way back: what reading a response costs its client, or a request the gateway.
 * Deliberately absent: any list of contenders; whatever parses takes part.
 */
import type { LatencySuite } from '../../src/model/suite.ts';

export default {
  title: 'Parse',
  question: 'Which parser is faster, and by how much, at each size?',
  order: 2,
  reference: 'json-parse',
  tier: 'standard',
  method: 'latency',
  layout: 'by-size',
  sinks: ['bytes', 'string'],
  // JSON text is the same in both variants, and so is what its parsers do.
  headlineVariants: ['text'],
  contenders: ({ kind }) => kind === 'parse',
  payloads: ({ role }) => role === 'response',
} satisfies LatencySuite;
