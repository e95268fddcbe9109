/**
 * The response serializers as functions, for a server that has no framework: the same ones that serializers.ts
 * installs.
 */
import build from 'fast-json-stringify';

import { createResponseSerializer } from '../../../packages/serializer/src/response-serializer.ts';
import type { Schema } from '../json.ts';
import type { SerializerName } from '../settings.ts';
import { knownTypes } from './serializers.ts';

/** A whole body: text, or bytes where the serializer makes bytes. */
export type Write = (value: object) => string | Buffer;

/**
 * How this serializer writes values of a schema.
 * @returns a function that compiles a schema where the serializer needs one, the same code for the same object.
 */
export function createWriters(name: SerializerName): (schema: Schema) => Write {
  return makers[name]();
}

const makers: Readonly<Record<SerializerName, () => (schema: Schema) => Write>> = {
  'json-stringify': () => () => (value) => JSON.stringify(value),
  'fast-json-stringify'() {
    const compiled = new WeakMap<Schema, Write>();
    return (schema) => {
      const known = compiled.get(schema);
      if (known !== undefined) return known;
      // Without options, as Fastify calls it.
      const write: Write = build(schema);
      compiled.set(schema, write);
      return write;
    };
  },
  'gateway-serializer'() {
    const serializer = createResponseSerializer({ types: knownTypes });
    const write: Write = (value) => serializer.toBody(value);
    return () => write;
  },
};
