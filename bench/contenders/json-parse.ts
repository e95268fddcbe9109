/**
 * `JSON.parse`: the reference of the parsers.
 *
 * Datetimes and UUIDs stay strings, whatever they were before they were written. Deliberately absent: a reviver
 * (see json-parse-reviver.ts).
 */
import type { ParseContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'JSON.parse',
  package: null,
  tier: 'quick',
  capabilities: ['leaves-text'],
  equality: 'json',
  load() {
    return Promise.resolve(() => ({ parseText: (text): unknown => JSON.parse(text) }));
  },
} satisfies ParseContender;
