/**
 * `JSON.parse` with a reviver that gives Dates and UUIDs back, as applications do that want their own types.
 *
 * The names of the properties to revive come from the schema, and a value is replaced only where it also looks the
 * part: a name alone is not enough, since open objects may use it for something else. Deliberately absent: guessing
 * by the look alone, which turns text that happens to be a date into a Date.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import type { JsonSchema, NativeTypes } from '../../src/model/values.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Turns text into an object of its type; `undefined` where the text does not look like one. */
type Read = (text: string) => unknown;
/** What to read by property name, with `[]` behind it for the elements of a list; the root has the empty name. */
type Readers = Map<string, Read>;

/** Stands for the members of a map, whose names no schema tells: every name that has no reader of its own. */
const ANY_NAME = '*';

export default {
  kind: 'parse',
  title: 'JSON.parse with reviver',
  package: null,
  tier: 'thorough',
  capabilities: ['needs-schema'],
  equality: 'round-trip',
  note: 'Restores Dates and UUIDs at the property names that the schema gives those formats.',
  unsupported({ variant }) {
    return variant === 'text' ? 'the text variant has nothing to revive' : undefined;
  },
  load() {
    return Promise.resolve(({ schema, types }) => {
      const readers: Readers = new Map();
      collect(schema, '', { readers, types });
      const revive = (name: string, value: unknown): unknown => {
        if (typeof value === 'string') return (readers.get(name) ?? readers.get(ANY_NAME))?.(value) ?? value;
        // Elements of a list are visited under their index, so their list is handled as a whole.
        if (Array.isArray(value)) {
          const read = readers.get(`${name}[]`) ?? readers.get(`${ANY_NAME}[]`);
          if (read !== undefined) {
            return value.map((entry: unknown) => (typeof entry === 'string' ? (read(entry) ?? entry) : entry));
          }
        }
        return value;
      };
      return { parseText: (text): unknown => JSON.parse(text, revive) };
    });
  },
} satisfies ParseContender;

/** Walks the schema and notes, by property name, where a `date-time` or a `uuid` may stand. */
function collect(schema: unknown, name: string, into: { readers: Readers; types: NativeTypes }): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { format, properties, items, additionalProperties, anyOf, oneOf, allOf } = schema as JsonSchema;
  if (format === 'date-time') into.readers.set(name, readDate);
  if (format === 'uuid') into.readers.set(name, readUuid(into.types));
  for (const branch of [anyOf, oneOf, allOf].flat()) collect(branch, name, into);
  collect(items, `${name}[]`, into);
  collect(additionalProperties, ANY_NAME, into);
  for (const [key, property] of Object.entries((properties ?? {}) as JsonSchema)) collect(property, key, into);
}

function readDate(text: string): Date | undefined {
  if (!DATE_TIME.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function readUuid(types: NativeTypes): Read {
  return (text) => (UUID.test(text) ? new types.Uuid(Buffer.from(text.replaceAll('-', ''), 'hex')) : undefined);
}
