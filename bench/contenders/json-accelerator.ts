/**
 * json-accelerator: code generated from a TypeBox schema, as Elysia serializes its responses.
 *
 * TypeBox marks what JSON Schema says with keywords, so the schema is rewritten: optional properties carry a symbol,
 * null and Date are branches of `anyOf`. Where its code is known to write broken JSON (lists of strings, lists that
 * may be null, objects that begin with an optional key, keys that are no identifiers) it is given `{}`, which it
 * passes to `JSON.stringify`. Deliberately absent: `sanitize: manual`, which does not escape at all.
 * Source: the package's source, since its README describes the options only.
 */
import type { SerializeContender } from '../../src/model/contender.ts';
import type { JsonSchema, Variant } from '../../src/model/values.ts';

/** The symbol by which TypeBox marks an optional property. */
const OPTIONAL = Symbol.for('TypeBox.Optional');
/** Keys that its code can write as `value.key`. */
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export default {
  kind: 'serialize',
  title: 'json-accelerator',
  package: 'json-accelerator',
  tier: 'thorough',
  capabilities: ['needs-schema', 'compiles-schema', 'drops-unknown-fields', 'skips-escaping-checks'],
  equality: 'json',
  note: 'In strings it looks for quotes and line breaks, not for backslashes, other controls and lone surrogates.',
  async load() {
    const { createAccelerator } = await import('json-accelerator');
    return ({ schema, variant }) => {
      const adapted = adapt(schema, variant) as Parameters<typeof createAccelerator>[0];
      const stringify = createAccelerator(adapted) as (value: unknown) => string;
      return { stringify: (value) => stringify(value) };
    };
  },
} satisfies SerializeContender;

/** The same shape in the dialect that the library reads; `{}` where it would go wrong. */
function adapt(schema: unknown, variant: Variant): JsonSchema {
  if (typeof schema !== 'object' || schema === null) return {};
  const { type, format, properties, required, additionalProperties, items } = schema as JsonSchema;
  const types = [type].flat();
  const [base, ...others] = types.filter((name) => name !== 'null');
  const nullable = types.includes('null');
  if (base === undefined || others.length > 0) return {};

  if (base === 'object') {
    const isOpen = additionalProperties !== undefined && additionalProperties !== false;
    if (typeof properties !== 'object' || isOpen) return {};
    const entries = Object.entries(properties as JsonSchema);
    const mandatory = new Set(required as string[] | undefined);
    const first = entries[0]?.[0];
    if (first === undefined || !mandatory.has(first) || entries.some(([key]) => !IDENTIFIER.test(key))) return {};
    const adapted = entries.map(([key, property]) => {
      const inner = adapt(property, variant);
      // Behind `anyOf` a nested object is read in place; otherwise it is read ahead, even where its parent is null.
      const shape = inner['type'] === 'object' ? { anyOf: [inner] } : inner;
      return [key, mandatory.has(key) ? shape : { ...shape, [OPTIONAL]: 'Optional' }] as const;
    });
    const object = { type: 'object', properties: Object.fromEntries(adapted) as JsonSchema };
    return nullable ? orNull(object) : object;
  }
  if (base === 'array') {
    const inner = adapt(items, variant);
    const isOpen = Object.keys(inner).length === 0;
    return isOpen || nullable || inner['type'] === 'string' ? {} : { type: 'array', items: inner };
  }
  if (base === 'string') {
    if (format === 'date-time' && variant === 'native') {
      const branches = [{ type: 'Date' }, { type: 'string', format }];
      return { anyOf: nullable ? [{ type: 'null' }, ...branches] : branches };
    }
    return nullable ? orNull({ type: 'string' }) : { type: 'string' };
  }
  // It has no code for integers and would call JSON.stringify for each.
  const plain = { type: base === 'integer' ? 'number' : base };
  return nullable ? orNull(plain) : plain;
}

/** Null stands first, since the library's search for it ends at the second other branch. */
function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [{ type: 'null' }, schema] };
}
