/**
 * msgspec's JSON decoder, made once, without a type: plain values as from the standard library.
 * Deliberately absent: typed decoding, which is validation too. Source: msgspec's documentation.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'parse',
  title: 'msgspec.json decoder (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['leaves-text', 'native-code', 'in-python'],
  equality: 'json',
  python: {
    module: 'msgspec.json',
    distribution: 'msgspec',
    parseText: 'msgspec.json.Decoder().decode',
    parseBytes: 'msgspec.json.Decoder().decode',
  },
} satisfies PythonContender;
