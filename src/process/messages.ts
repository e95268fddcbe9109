/**
 * Checks messages of other processes against schemas before they are believed: a process may run code of others, which
 * may send anything.
 */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';

/** Schemas of a message's fields by name, without `type`. A name that ends in `?` may be missing. */
export type FieldSchemas = Readonly<Record<string, AnySchema>>;

/**
 * Makes a check for messages that differ by their `type`.
 * @param fields what each type holds; fields that are not named are let through.
 * @returns a function that is true for a message that is one of them.
 */
export function createMessageCheck<T extends { readonly type: string }>(
  fields: Readonly<Record<T['type'], FieldSchemas>>,
): (message: unknown) => message is T {
  return new Ajv2020({ strictTypes: false, strictRequired: false }).compile<T>({
    oneOf: Object.entries<FieldSchemas>(fields).map(([type, schemas]) => {
      const { properties, required } = objectOf(schemas);
      return {
        type: 'object',
        properties: { type: { const: type }, ...properties },
        required: ['type', ...required],
      };
    }),
  });
}

/** The schema of an object inside a message, written as its fields are. */
export function objectOf(schemas: FieldSchemas): {
  type: 'object';
  properties: Record<string, AnySchema>;
  required: string[];
} {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: Object.keys(schemas).filter((name) => !name.endsWith('?')),
  };
}
