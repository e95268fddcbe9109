/**
 * Makes a payload of any JSON document of the user's, and says what JavaScript, a schema or a type changes about it.
 *
 * The document is measured as it is: one size, no generated content, and the text that a gateway would write, so that
 * every contender is held against what JSON.stringify makes of it.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { isObject, pointerTo } from '../json.ts';
import type { JsonSchema, JsonValue } from '../model/values.ts';
import type { NativeType, Sample, SuggestedType, TypeRule } from '../model/sample.ts';
import { unknownName, UserError } from '../user-error.ts';
import { formattedFields } from './infer.ts';
import { inferUsableSchema } from './inferred-schema.ts';
import { describeLosses, findJsonLosses, showPointer } from './json-losses.ts';
import { plain, quoted } from './quoted.ts';
import { isRecordingName } from './recorded.ts';
import { isCheckerLimit } from './schemas.ts';
import { applyTypeRules } from './type-rules.ts';

/** The prefix that tells a sample's payload id from one of bench/payloads. */
const samplePrefix = 'sample/';

const nativeTypeNames: readonly NativeType[] = ['date', 'uuid'];

export interface SampleRequest {
  /** Kebab-case, 1 to 64 characters; without the prefix. */
  readonly name: string;
  /** One JSON document without a byte order mark. */
  readonly text: string;
  /** Where it came from, for a reader; holds no secret. */
  readonly described: string;
  /** As `readUserSchema` gives it; inferred from the document where it is absent. */
  readonly schema?: JsonSchema | undefined;
  /** Empty or absent: the document is measured as text. */
  readonly types?: readonly TypeRule[] | undefined;
}

/**
 * The document as a payload of one size: `native` where there are rules for types, else `text`.
 *
 * Its list is the document itself, or the longest array of objects directly inside it, or one level further in where a
 * response has an envelope; its items are that list's, or 1.
 * @throws {UserError} where the name is no name, the text is not JSON or nested too deeply to be written, a rule does
 * not fit, or the given schema is one that ajv does not take.
 */
export function createSample(request: SampleRequest): Sample {
  const { name, text, described, schema: given, types = [] } = request;
  if (!isRecordingName(name)) {
    throw new UserError(`sample: ${quoted(name)} is no name for a payload`, {
      hint: 'use lower-case letters, digits and single hyphens, at most 64 of them',
    });
  }
  const what = `cannot measure ${plain(described)}`;
  // What JavaScript changes has to be changed before anything is inferred: 1e400 is written as null.
  const value = JSON.parse(write(parse(text, what), what)) as JsonValue;
  const notes = describeLosses(findJsonLosses(text));
  const inferred = inferUsableSchema([value]);
  if (given !== undefined) notes.push(...describeMisfit(value, given, what));
  else if (inferred.note !== undefined) notes.push(plain(inferred.note));
  const schema = given ?? inferred.schema;

  const typed = types.length === 0 ? { value, schema, notes: [] } : applyTypeRules({ value, schema, rules: types });
  const written = write(typed.value, what);
  const list = findList(typed.value);
  return {
    payload: {
      id: `${samplePrefix}${name}`,
      url: `sample:${name}`,
      title: `Sample: ${name}`,
      where: described,
      role: 'response',
      tier: 'quick',
      schema: typed.schema,
      sizes: [list.items],
      fixedSizes: true,
      variants: [types.length === 0 ? 'text' : 'native'],
      list: list.pointer,
      generate: () => JSON.parse(written) as JsonValue,
    },
    schemaOrigin: given === undefined ? 'inferred' : 'given',
    notes: [...notes, ...typed.notes],
    bytes: Buffer.byteLength(written),
    suggestedTypes: types.length === 0 ? suggestTypes(inferred.schema) : [],
  };
}

/**
 * The rules of `--types`, e.g. `createdAt=date,owner=uuid`; a field holds no comma, and TypeRule says what it names.
 * @throws {UserError} for an empty text, a rule without `=`, an unknown type and a field that comes twice.
 */
export function parseTypeRules(text: string): TypeRule[] {
  const rules = text.split(',').map((part) => parseRule(part.trim()));
  const twice = rules.find(({ field }, index) => rules.findIndex((rule) => rule.field === field) < index);
  if (twice === undefined) return rules;
  throw new UserError(`--types: the field ${quoted(twice.field)} comes twice`, { hint: 'give it one type' });
}

function parseRule(part: string): TypeRule {
  const separator = part.lastIndexOf('=');
  if (separator === -1) {
    throw new UserError(`--types: ${quoted(part)} is not a rule`, {
      hint: `write FIELD=TYPE, as in createdAt=date; types are ${nativeTypeNames.join(', ')}`,
    });
  }
  const [field, name] = [part.slice(0, separator).trim(), part.slice(separator + 1).trim()];
  const type = nativeTypeNames.find((candidate) => candidate === name);
  if (type === undefined)
    throw unknownName({ what: `type in --types ${quoted(part)}:`, name, choices: nativeTypeNames });
  return { field, type };
}

function parse(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new UserError(`${what}: it is not JSON: ${plain((error as Error).message)}`, {
      hint: 'give one JSON document',
    });
  }
}

/** JSON.parse reads any depth, but JSON.stringify calls itself at every level. */
function write(value: JsonValue, what: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${what}: JSON.stringify itself cannot write it: ${error.message}`, {
      hint: 'it is nested too deeply or too long; give a document that a gateway could send',
    });
  }
}

/**
 * A note where the document does not satisfy its schema: contenders are compiled from it and may lose what it omits.
 */
function describeMisfit(value: JsonValue, schema: JsonSchema, what: string): string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    const why = plain((error as Error).message);
    if (isCheckerLimit(error))
      return [
        `ajv cannot check the document against the given schema (${why}); contenders are compiled from it all the same`,
      ];
    throw new UserError(`${what}: ajv does not take its schema: ${why}`, {
      hint: 'correct the schema; contenders are compiled from it',
    });
  }
  if (validate(value)) return [];
  const [problem] = validate.errors ?? [];
  const { additionalProperty } = (problem?.params ?? {}) as { additionalProperty?: string };
  const message = problem?.message ?? 'breaks it';
  const named = additionalProperty === undefined ? message : `${message}: ${quoted(additionalProperty)}`;
  return [
    `the document does not satisfy the given schema: ${showPointer(problem?.instancePath ?? '')} ${plain(named)}`,
  ];
}

function suggestTypes(schema: JsonSchema): SuggestedType[] {
  return formattedFields(schema).map(({ pointer, format }) => ({ pointer, type: format === 'uuid' ? 'uuid' : 'date' }));
}

function findList(value: JsonValue): { pointer: string | null; items: number } {
  if (Array.isArray(value)) return { pointer: '', items: Math.max(1, value.length) };
  const lists = listsIn(value, '');
  const inner =
    lists.length > 0 || !isObject(value)
      ? lists
      : Object.entries(value).flatMap(([key, member]) => listsIn(member, pointerTo(key)));
  const [longest] = inner.toSorted((a, b) => b.items - a.items);
  return longest ?? { pointer: null, items: 1 };
}

/** Arrays of one or more objects, and of nothing else, directly inside an object. */
function listsIn(value: JsonValue, pointer: string): { pointer: string; items: number }[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    Array.isArray(member) && member.length > 0 && member.every(isObject)
      ? [{ pointer: `${pointer}${pointerTo(key)}`, items: member.length }]
      : [],
  );
}
