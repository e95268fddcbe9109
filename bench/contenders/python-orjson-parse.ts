/**
 * orjson's parser, from bytes and from text. Deliberately absent: anything that makes datetimes; orjson has no such thing.
 * Source: orjson's README.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'orjson.loads (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['leaves-text', 'native-code', 'in-python'],
  equality: 'json',
  python: {
    module: 'orjson',
    distribution: 'orjson',
    parseText: 'orjson.loads',
    parseBytes: 'orjson.loads',
  },
} satisfies PythonContender;
