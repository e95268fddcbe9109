/**
 * `simdjson.parse` for Node: the C++ parser, with the whole result carried over into JavaScript objects.
 *
 * Its own declarations advise against it where everything is needed, because building objects across the native
 * boundary costs more than parsing; the row shows how much. The package compiles on installation and is optional.
 * Deliberately absent: reading bytes, since the binding takes strings only.
 */
import type { ParseContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'simdjson.parse',
  package: 'simdjson',
  tier: 'standard',
  capabilities: ['native-code', 'leaves-text'],
  equality: 'json',
  async load() {
    const { default: simdjson } = await import('simdjson');
    return () => ({ parseText: (text): unknown => simdjson.parse(text) });
  },
} satisfies ParseContender;
