/**
 * orjson, the serializer of the Python gateway, which this project is compared with.
 *
 * It takes datetime and UUID objects as they are. `OPT_UTC_Z` makes it end UTC with `Z` as JavaScript does, which is an
 * option of values that hold datetimes only. Deliberately absent: options for keys and arrays that no payload has.
 * Source: orjson's README.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'orjson (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['native-code', 'in-python'],
  equality: 'json',
  note: 'OPT_UTC_Z in the native variant.',
  beside: ['gateway-serializer'],
  python: {
    module: 'orjson',
    distribution: 'orjson',
    encode: "orjson.dumps if variant == 'text' else lambda value: orjson.dumps(value, option=orjson.OPT_UTC_Z)",
  },
} satisfies PythonContender;
