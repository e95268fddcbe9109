/**
 * ujson at its default: compact text with `\u` escapes beyond ASCII, and `\/` for slashes.
 *
 * It knows no datetime, so native values go through a function, as they do with the standard library.
 * Source: ujson's README.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'ujson (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['native-code', 'in-python'],
  equality: 'json',
  note: 'Default escapes; native values by default=: isoformat for datetimes, str for UUIDs.',
  python: {
    module: 'ujson',
    distribution: 'ujson',
    setup: [
      'import datetime',
      'def write_native(value):',
      '    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)',
    ],
    stringify: "ujson.dumps if variant == 'text' else lambda value: ujson.dumps(value, default=write_native)",
  },
} satisfies PythonContender;
