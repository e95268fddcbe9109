/**
 * `json.loads` of Python's standard library, from bytes and from text; of bytes it finds the encoding out itself.
 * Deliberately absent: hooks; datetimes and UUIDs stay strings.
 * Source: the documentation of Python's `json` module.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'json.loads (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['leaves-text', 'in-python'],
  equality: 'json',
  python: {
    module: 'json',
    distribution: null,
    parseText: 'json.loads',
    parseBytes: 'json.loads',
  },
} satisfies PythonContender;
