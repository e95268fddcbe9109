/**
 * Makes up a value that fits a JSON Schema, for results of tools that nobody runs.
 *
 * The same schema gives the same value. It follows what schemas of results commonly say and promises nothing: its
 * caller checks the value.
 */
import { isObject } from '../../../json.ts';
import type { Schema } from '../../json.ts';
import { followReference } from './json-pointers.ts';

/** Levels that are filled in; arbitrary, schemas that refer to themselves have no end of their own. */
const deepest = 6;
/** Schemas that are looked at; arbitrary, many times those of any tool. Beyond it everything is null. */
const mostSteps = 10_000;

/** Some value of the schema's type, `null` where it names none that is known. */
export function sampleValue(schema: Schema): unknown {
  return sampleAt(schema, { root: schema, depth: 0, left: { steps: mostSteps } });
}

/** The value that is being made. */
interface Sampling {
  readonly root: Schema;
  readonly depth: number;
  /** What may still be done for the whole value. */
  readonly left: { steps: number };
}

function sampleAt(schema: unknown, sampling: Sampling): unknown {
  if (!isObject(schema) || sampling.depth > deepest) return null;
  sampling.left.steps -= 1;
  if (sampling.left.steps < 0) return null;
  const given = givenValue(schema);
  if (given !== undefined) return given.value;
  const inner = { ...sampling, depth: sampling.depth + 1 };
  if (typeof schema['$ref'] === 'string') return sampleAt(followReference(sampling.root, schema['$ref']), inner);
  if (Array.isArray(schema['allOf']))
    return Object.assign({}, ...schema['allOf'].map((part) => sampleAt(part, inner))) as object;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return sampleAt(choices[0], inner);
  const type = Array.isArray(schema['type']) ? (schema['type'][0] as unknown) : schema['type'];
  const make = typeof type === 'string' && Object.hasOwn(samples, type) ? samples[type] : undefined;
  return make === undefined ? null : make(schema, inner);
}

/** What the schema itself offers as a value. */
function givenValue(schema: Schema): { readonly value: unknown } | undefined {
  if ('const' in schema) return { value: schema['const'] };
  if ('default' in schema) return { value: schema['default'] };
  for (const list of [schema['enum'], schema['examples']]) {
    if (Array.isArray(list) && list.length > 0) return { value: list[0] };
  }
  return undefined;
}

const samples: Readonly<Record<string, (schema: Schema, inner: Sampling) => unknown>> = {
  object(schema, inner) {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, sampleAt(property, inner)]));
  },
  array: (schema, inner) => (Number(schema['minItems'] ?? 0) > 0 ? [sampleAt(schema['items'], inner)] : []),
  string: ({ format, minLength }) => sampleText(format).padEnd(Math.min(Number(minLength ?? 0), 1_000), '-'),
  integer: sampleNumber,
  number: sampleNumber,
  boolean: () => false,
};

const textByFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function sampleText(format: unknown): string {
  return typeof format === 'string' && Object.hasOwn(textByFormat, format)
    ? (textByFormat[format] as string)
    : 'sample';
}

function sampleNumber({ minimum, exclusiveMinimum, maximum }: Schema): number {
  const least = typeof minimum === 'number' ? minimum : typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : 0;
  return typeof maximum === 'number' ? Math.min(least, maximum) : least;
}
