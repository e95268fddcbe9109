/**
 * msgspec's JSON encoder, made once, on plain values.
 *
 * It takes datetime and UUID objects as they are. Deliberately absent: its typed structs, which are another shape of
 * the gateway's data. Source: msgspec's documentation, "Performance tips".
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'msgspec.json (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['native-code', 'in-python'],
  equality: 'json',
  note: 'One encoder for all calls; plain dicts, no structs.',
  python: {
    module: 'msgspec.json',
    distribution: 'msgspec',
    encode: 'msgspec.json.Encoder().encode',
  },
} satisfies PythonContender;
