/**
 * What it costs to hold a datetime or a UUID one way rather than another, serializer by serializer.
 * Deliberately absent: parsing, and every payload that a gateway really sends.
 */
import type { LatencySuite } from '../../src/model/suite.ts';

export default {
  title: 'Datetimes and UUIDs',
  question: 'What does each way to hold a datetime or a UUID cost, and what is written for it?',
  order: 3,
  reference: 'json-stringify',
  tier: 'standard',
  method: 'latency',
  layout: 'by-representation',
  sinks: ['bytes'],
  // Representations and single values are those of JavaScript.
  contenders: ({ kind, python }) => kind === 'serialize' && python === undefined,
  payloads: ({ role }) => role === 'representation',
} satisfies LatencySuite;
