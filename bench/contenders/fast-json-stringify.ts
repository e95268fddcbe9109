/**
 * fast-json-stringify: code generated from the JSON Schema, as Fastify serializes its responses.
 *
 * It gets the schema it deserves: `date-time` formats, `required` and `null` as declared, no keyword that makes it
 * validate while it writes. Open objects are handed to it as `{}`, which it passes to `JSON.stringify` as a whole;
 * `additionalProperties: true` gives the same text key by key and takes longer.
 * Required properties are written first, so keys may come in another order than the value's.
 * Deliberately absent: the `unsafe` format, which skips escaping. Source: the package's README and generated code.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { JsonSchema, Variant } from '../../src/model/values.ts';

/** What `adapt` does to a schema, for those who write their own. */
const schemaRules = [
  'A JSON Schema without references; fields that it does not name are not written.',
  "An object lists its properties and the required ones; nullable is { type: ['string', 'null'] }.",
  "A datetime is { type: 'string', format: 'date-time' }; other formats are left out.",
  'Objects with unknown keys, unions and lists of those are {}, left to JSON.stringify.',
];

export default {
  kind: 'serialize',
  title: 'fast-json-stringify',
  package: 'fast-json-stringify',
  tier: 'quick',
  capabilities: ['needs-schema', 'compiles-schema', 'drops-unknown-fields'],
  equality: 'json',
  note: "objectMechanism: 'native' where datetimes are text, as its README recommends for Node 25 and later.",
  async load() {
    const { default: build } = await import('fast-json-stringify');
    return ({ schema, variant }) => {
      // The README advises against the native mechanism for Dates, which the default formats faster than V8 does.
      const options = { objectMechanism: variant === 'text' ? 'native' : 'default' } as const;
      const stringify = build(adapt(schema, variant), options);
      return { stringify: (value) => stringify(value) };
    };
  },
  usage: {
    install: ['fast-json-stringify'],
    imports: ["import build from 'fast-json-stringify';"],
    setup: [],
    serializer: "build(schema, { objectMechanism: 'native' })",
    schemaRules: [...schemaRules, "A nullable integer is { type: ['number', 'null'] }."],
    // Fastify brings the library and compiles every route's response schema with it.
    integrations: {
      fastify: { install: [], imports: [], setup: [], options: "{ serializerOpts: { objectMechanism: 'native' } }" },
    },
    native: {
      serializer: 'build(schema)',
      schemaRules,
      integrations: { fastify: { install: [], imports: [], setup: [] } },
    },
  },
} satisfies SerializeContender;

/** The schema with what the library compiles well; everything else becomes `{}`, which `JSON.stringify` writes. */
function adapt(schema: unknown, variant: Variant): JsonSchema {
  if (typeof schema !== 'object' || schema === null) return {};
  const { type, format, properties, required, additionalProperties, items, ...rest } = schema as JsonSchema;
  const types = [type].flat();
  const [base, ...others] = types.filter((name) => name !== 'null');
  const nullable = types.includes('null');
  // More than one type, or a choice between schemas, would be decided by ajv at run time.
  if (base === undefined || others.length > 0 || 'anyOf' in rest || 'oneOf' in rest || 'allOf' in rest) return {};

  if (base === 'object') {
    if (typeof properties !== 'object' || isOpen(additionalProperties)) return {};
    const adapted = Object.entries(properties as JsonSchema).map(([key, property]) => [key, adapt(property, variant)]);
    return {
      type: nullable ? ['object', 'null'] : 'object',
      properties: Object.fromEntries(adapted) as JsonSchema,
      ...(required === undefined ? {} : { required }),
    };
  }
  if (base === 'array') {
    const element = adapt(items, variant);
    // Element by element it would write `undefined` where JSON has null.
    if (Object.keys(element).length === 0) return {};
    return { type: nullable ? ['array', 'null'] : 'array', items: element };
  }
  if (base === 'string' && format === 'date-time') return { type: nullable ? ['string', 'null'] : 'string', format };
  // The native mechanism knows nullable numbers and no nullable integers, and JSON text makes no difference.
  if (base === 'integer' && nullable && variant === 'text') return { type: ['number', 'null'] };
  return { type: nullable ? [base, 'null'] : base };
}

/** Absent counts as closed, as the library reads it. */
function isOpen(additionalProperties: unknown): boolean {
  return additionalProperties !== undefined && additionalProperties !== false;
}
