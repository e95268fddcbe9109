/**
 * The serializer that ajv compiles from a JSON Type Definition.
 *
 * It writes keys in the order of the definition and escapes more characters than JSON asks for (DEL, soft hyphen,
 * U+2028 and others), so its text holds the same value in other bytes. Deliberately absent: validation, which JTD
 * serializers do not do. Source: ajv's documentation, "JTD serialization"; RFC 8927.
 */
import type { SerializeContender } from '../../src/model/contender.ts';

export default {
  kind: 'serialize',
  title: 'ajv JTD',
  package: 'ajv',
  tier: 'thorough',
  capabilities: ['needs-schema', 'compiles-schema', 'drops-unknown-fields'],
  equality: 'json',
  note: 'specialNumbers: null, so that NaN and Infinity give JSON; a lone surrogate is not escaped.',
  async load() {
    const ajv = await import('ajv/dist/jtd.js');
    const compiler = new ajv.Ajv({ specialNumbers: 'null' });
    return (input) => {
      const stringify = compiler.compileSerializer(input.jtd());
      return { stringify: (value) => stringify(value) };
    };
  },
  usage: {
    install: ['ajv'],
    imports: ["import { Ajv } from 'ajv/dist/jtd.js';"],
    setup: ["const ajv = new Ajv({ specialNumbers: 'null' });"],
    serializer: 'ajv.compileSerializer(schema)',
    schemaRules: [
      'A JSON Type Definition (RFC 8927), not a JSON Schema; fields it does not name are lost.',
      "A datetime is { type: 'timestamp' }; an integer that may exceed 32 bits { type: 'float64' }.",
      'What may be null has nullable: true; objects with unknown keys and lists of anything are {}.',
    ],
  },
} satisfies SerializeContender;
