/**
 * ujson's parser, from bytes and from text. Deliberately absent: any option.
 * Source: ujson's README.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'ujson.loads (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['leaves-text', 'native-code', 'in-python'],
  equality: 'json',
  python: {
    module: 'ujson',
    distribution: 'ujson',
    parseText: 'ujson.loads',
    parseBytes: 'ujson.loads',
  },
} satisfies PythonContender;
