/**
 * `json.dumps` of Python's standard library at its default: `, ` and `: ` between tokens, `\u` escapes beyond ASCII.
 *
 * What the Python gateway's own page compares with. The module knows no datetime and no UUID, so in the native variant
 * it asks a function, as its documentation shows. Deliberately absent: compact separators, which would hide the
 * difference in size that the page names.
 * Source: the documentation of Python's `json` module.
 */
import type { PythonContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'json.dumps (Python)',
  package: null,
  tier: 'quick',
  capabilities: ['in-python'],
  equality: 'json',
  note: 'Default separators and escapes; native values by default=: isoformat for datetimes, str for UUIDs.',
  beside: ['gateway-serializer'],
  python: {
    module: 'json',
    distribution: null,
    setup: [
      'import datetime',
      'def write_native(value):',
      '    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)',
    ],
    // Without a keyword the module takes an encoder that it has made already, which is what plain values get.
    stringify: "json.dumps if variant == 'text' else lambda value: json.dumps(value, default=write_native)",
  },
} satisfies PythonContender;
