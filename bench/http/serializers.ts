/**
 * The response serializer alone: the same gateway with one setting changed.
 *
 * Deliberately absent: scenarios, which are those of the profile.
 */
import type { HttpSuite } from '../../src/model/http.ts';

export default {
  title: 'Serializers end to end',
  question:
    'What does the response serializer do to requests a second, CPU time and latency, with everything else of a gateway around it?',
  order: 10,
  tier: 'quick',
  reference: 'json-stringify',
  contenders: ['json-stringify', 'fast-json-stringify', 'gateway-serializer'].map((serializer) => ({
    id: serializer,
    title: serializer,
    settings: { serializer },
  })),
  sweeps: true,
} satisfies HttpSuite;
