/**
 * The response serializer under the mix of requests that users make, at fixed rates of arrival.
 */
import type { HttpSuite } from '../../src/model/http.ts';

export default {
  title: 'Serializers under users',
  question:
    'How many requests a second of people and programs does a gateway carry with each serializer before 5% of them wait for more than 100 ms?',
  order: 50,
  tier: 'thorough',
  reference: 'json-stringify',
  contenders: ['json-stringify', 'fast-json-stringify', 'gateway-serializer'].map((serializer) => ({
    id: serializer,
    title: serializer,
    settings: { serializer },
  })),
  scenarios: ['realistic-user'],
  sweeps: true,
} satisfies HttpSuite;
