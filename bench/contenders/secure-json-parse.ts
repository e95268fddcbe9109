/**
 * secure-json-parse at its default: `JSON.parse`, then an error where the text carries `__proto__` or
 * `constructor.prototype` keys.
 *
 * What Fastify parses request bodies with. The difference from `JSON.parse` is two searches through the text, and a
 * walk over the result where one of them hits. Source: the package's README.
 */
import type { ParseContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'secure-json-parse',
  package: 'secure-json-parse',
  tier: 'thorough',
  capabilities: ['leaves-text'],
  equality: 'json',
  async load() {
    const { parse } = await import('secure-json-parse');
    return () => ({ parseText: (text): unknown => parse(text) });
  },
} satisfies ParseContender;
