/**
 * Reads a JSON Schema of the user's and brings it to the vocabulary that contenders are compiled from.
 *
 * It is checked against its meta-schema before anything is made of it, references inside it are written out, and what
 * no serializer uses is left out. Contenders generate code from what comes out here; this module generates none. Names
 * of properties are the only free text that reaches them, and regular expressions do not: a `pattern` is of no use to a
 * serializer and could take for ever on a long string. Nothing is fetched, whatever a reference says.
 * Source: JSON Schema drafts 07, 2019-09 and 2020-12; RFC 6901.
 */
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { isObject, keysOf, pointerTo } from '../json.ts';
import type { JsonSchema } from '../model/values.ts';
import { UserError } from '../user-error.ts';
import { isListableKey } from './infer.ts';
import { showPointer } from './json-losses.ts';
import { plain, quoted } from './quoted.ts';

/** A schema without references, and what was changed about it, as sentences without a full stop. */
export interface UserSchema {
  readonly schema: JsonSchema;
  readonly notes: readonly string[];
}

/** Drafts by the address in `$schema`, without a fragment. */
const drafts: Record<string, () => Pick<Ajv, 'validateSchema' | 'errors'>> = {
  'https://json-schema.org/draft/2020-12/schema': () => new Ajv2020({ strict: false, logger: false }),
  'https://json-schema.org/draft/2019-09/schema': () => new Ajv2019({ strict: false, logger: false }),
  'http://json-schema.org/draft-07/schema': () => new Ajv({ strict: false, logger: false }),
};
const defaultDraft = 'https://json-schema.org/draft/2020-12/schema';

/** Keywords that are kept as they are: serializers, or validators that choose between alternatives, read them. */
const keptKeywords = new Set([
  'title',
  'description',
  'type',
  'enum',
  'const',
  'default',
  'required',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]);

/** Formats that mean a type in some driver or serializer; `unsafe` of one library would switch off escaping. */
const keptFormats = new Set(['date-time', 'date', 'time', 'uuid']);

/** Keywords that may allow properties besides those that are listed; without them an object has to be open. */
const openingKeywords = [
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
  'patternProperties',
  '$dynamicRef',
  '$recursiveRef',
  'unevaluatedProperties',
];

/**
 * Positions after references are written out. Every reference may double the schema, so a short text can stand for more
 * than fits into memory. Arbitrary beyond that: the largest response schemas known here have some thousands.
 */
const maxPositions = 20_000;

/** Levels after references are written out: arbitrary, far beyond hand-written schemas and far within every stack. */
const maxLevels = 100;

/**
 * @param described what the text is, for messages, e.g. its file.
 * @throws {UserError} where the text is not JSON, is no schema of a known draft, or refers to what is not in it.
 */
export function readUserSchema(text: string, described: string): UserSchema {
  const what = `cannot use the schema ${plain(described)}`;
  const root = parse(text, what);
  const draft = checkAgainstDraft(root, what);
  const reading: SchemaReading = { root, what, isDraft07: draft.includes('draft-07'), notes: new Map(), positions: 0 };
  const schema = convert(root, { reading, pointer: '', open: [root], levels: 0 });
  return { schema, notes: [...reading.notes].map(([change, places]) => showNote(change, places)) };
}

/** What stays the same throughout one schema; notes map what was done to the places where it was. */
interface SchemaReading {
  readonly root: JsonSchema;
  readonly what: string;
  readonly isDraft07: boolean;
  readonly notes: Map<string, string[]>;
  positions: number;
}

/** Where the conversion stands; `open` holds the schemas that are being written out, outermost first. */
interface SchemaCursor {
  readonly reading: SchemaReading;
  /** From the top of the schema that comes out. */
  readonly pointer: string;
  readonly open: readonly JsonSchema[];
  readonly levels: number;
}

function parse(text: string, what: string): JsonSchema {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${what}: it is not JSON: ${plain((error as Error).message)}`, {
      hint: 'give a file with one JSON Schema',
    });
  }
  if (isObject(schema)) return schema;
  throw new UserError(`${what}: it holds no object`, {
    hint: 'give a file with one JSON Schema, as in {"type": "object", ...}',
  });
}

/** The address of the draft that it is valid by. */
function checkAgainstDraft(schema: JsonSchema, what: string): string {
  const { $schema: named = defaultDraft } = schema;
  const address = typeof named === 'string' ? named.replace(/#$/, '') : JSON.stringify(named);
  const createAjv = Object.hasOwn(drafts, address) ? drafts[address] : undefined;
  if (createAjv === undefined) {
    throw new UserError(`${what}: $schema ${quoted(address)} is not known`, {
      hint: `known are ${Object.keys(drafts).join(', ')}`,
    });
  }
  const ajv = createAjv();
  let isValid: unknown;
  try {
    isValid = ajv.validateSchema({ ...schema, $schema: address });
  } catch (error) {
    // A meta-schema is recursive, and so is its validation.
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${what}: it is nested too deeply to be checked`, {
      hint: 'describe the deepest parts as open objects',
    });
  }
  if (isValid === true) return address;
  // Where alternatives fail, the deepest violation is the one that was meant.
  const [problem] = (ajv.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
  const choices = (problem?.params as { allowedValues?: unknown[] } | undefined)?.allowedValues;
  throw new UserError(
    `${what}: at ${showPointer(problem?.instancePath ?? '')} it ${plain(problem?.message ?? 'is not a schema')}`,
    {
      hint: choices === undefined ? `correct it by ${address}` : `allowed are ${choices.join(', ')}`,
    },
  );
}

function convert(schema: unknown, cursor: SchemaCursor): JsonSchema {
  const { reading, pointer } = cursor;
  if (!isObject(schema)) return {};
  reading.positions += 1;
  if (reading.positions > maxPositions) return opened(cursor, `beyond ${maxPositions} positions anything is allowed`);
  if (cursor.levels > maxLevels) return opened(cursor, `below ${maxLevels} levels anything is allowed`);
  const { $ref: reference, ...own } = schema;
  if (typeof reference !== 'string') return convertOwn(schema, cursor);

  const target = findTarget(reference, cursor);
  if (cursor.open.includes(target)) return opened(cursor, 'recursion ends with anything being allowed');
  const found = convert(target, { ...cursor, open: [...cursor.open, target], levels: cursor.levels + 1 });
  // Draft 07 ignores what stands beside a reference.
  if (reading.isDraft07 || Object.keys(own).length === 0) return found;
  return merge(found, convertOwn(own, { ...cursor, pointer }));
}

/** What stands beside a reference belongs to the place and wins, but takes no property away. */
function merge(found: JsonSchema, own: JsonSchema): JsonSchema {
  const both = { ...found, ...own };
  if (isObject(found['properties']) && isObject(own['properties']))
    both['properties'] = { ...found['properties'], ...own['properties'] };
  if (Array.isArray(found['required']) && Array.isArray(own['required'])) {
    both['required'] = [...new Set([...(found['required'] as string[]), ...(own['required'] as string[])])];
  }
  return both;
}

function convertOwn(schema: JsonSchema, cursor: SchemaCursor): JsonSchema {
  const result: JsonSchema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keptKeywords.has(keyword)) result[keyword] = value;
  }
  const { format, nullable, type } = schema;
  if (typeof format === 'string' && keptFormats.has(format)) result['format'] = format;
  // OpenAPI 3.0 has a keyword of its own for what JSON Schema says with a type.
  if (nullable === true && type !== undefined) result['type'] = [...new Set([type, 'null'].flat())];
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches))
      result[keyword] = branches.map((branch, index) => convert(branch, within(cursor, keyword, index)));
  }
  return { ...result, ...convertArray(schema, cursor), ...convertObject(schema, cursor) };
}

function convertArray(schema: JsonSchema, cursor: SchemaCursor): JsonSchema {
  const { items, prefixItems } = schema;
  if (Array.isArray(items) || Array.isArray(prefixItems)) {
    note(cursor, 'the elements of a tuple may be anything');
    return { items: {} };
  }
  return items === undefined ? {} : { items: convert(items, within(cursor, 'items')) };
}

function convertObject(schema: JsonSchema, cursor: SchemaCursor): JsonSchema {
  const { properties, additionalProperties } = schema;
  const result: JsonSchema = {};
  let isOpened = false;
  if (isObject(properties)) {
    const names = Object.keys(properties).filter((name) => isListableKey(name) && properties[name] !== false);
    result['properties'] = Object.fromEntries(
      names.map((name) => [name, convert(properties[name], within(cursor, 'properties', name))]),
    );
    const unlistable = Object.keys(properties).find((name) => !isListableKey(name));
    if (unlistable !== undefined) {
      const why = unlistable.isWellFormed()
        ? 'generated code would find that name in every object'
        : 'compilers take no name with half of a surrogate pair';
      note(cursor, `an object with a property ${quoted(unlistable)} is open, since ${why}`);
      isOpened = true;
    }
  }
  const opening = openingKeywords.find((keyword) => keyword in schema && schema[keyword] !== false);
  if (opening !== undefined && mayBeObject(schema)) {
    note(cursor, `${opening} is left out and its object is open`);
    isOpened = true;
  }
  if (isOpened) return { ...result, additionalProperties: true };
  if (isObject(additionalProperties))
    result['additionalProperties'] = convert(additionalProperties, within(cursor, 'additionalProperties'));
  else if (additionalProperties !== undefined) result['additionalProperties'] = additionalProperties;
  // Only draft 2019-09 and later have it, and only a validator can tell what it refers to.
  if (schema['unevaluatedProperties'] === false && additionalProperties === undefined && !hasAlternatives(schema))
    result['additionalProperties'] = false;
  return result;
}

function mayBeObject({ type }: JsonSchema): boolean {
  return type === undefined || [type].flat().includes('object');
}

function hasAlternatives(schema: JsonSchema): boolean {
  return ['anyOf', 'oneOf', 'allOf', '$ref'].some((keyword) => keyword in schema);
}

/** @throws {UserError} where the reference leads out of the schema, or to nothing. */
function findTarget(reference: string, { reading, pointer }: SchemaCursor): JsonSchema {
  const { root, what } = reading;
  const [file = '', fragment = ''] = reference.split('#');
  if (file !== '' && !isOwnAddress(file, root)) {
    throw new UserError(
      `${what}: at ${showPointer(pointer)} it refers to ${quoted(reference)}, which is another document; none is fetched`,
      {
        hint: 'put what it refers to into $defs and refer to that',
      },
    );
  }
  const found =
    fragment === '' || fragment.startsWith('/') ? followPointer(root, fragment) : findAnchor(root, fragment);
  if (found === true) return {};
  if (isObject(found)) return found;
  throw new UserError(
    `${what}: at ${showPointer(pointer)} it refers to ${quoted(reference)}, where there is no schema`,
    {
      hint: 'correct the reference; pointers are resolved from the top of the file',
    },
  );
}

function isOwnAddress(file: string, { $id: id }: JsonSchema): boolean {
  if (typeof id !== 'string') return false;
  const own = id.replace(/#.*$/, '');
  return (
    file === own || (URL.canParse(own) && URL.canParse(file, own) && new URL(file, own).href === new URL(own).href)
  );
}

function followPointer(root: JsonSchema, fragment: string): unknown {
  let found: unknown = root;
  for (const key of keysOf(decodeFragment(fragment))) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? (found as JsonSchema)[key] : undefined;
  }
  return found;
}

/** The schema with that anchor, wherever it is; draft 07 writes it as an `$id` that is a fragment. */
function findAnchor(root: JsonSchema, anchor: string): unknown {
  const waiting: unknown[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const { $anchor, $dynamicAnchor, $id } = value as JsonSchema;
    if ($anchor === anchor || $dynamicAnchor === anchor || $id === `#${anchor}`) return value;
    for (const child of Object.values(value)) waiting.push(child);
  }
  return undefined;
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function within(cursor: SchemaCursor, ...steps: (string | number)[]): SchemaCursor {
  return { ...cursor, pointer: cursor.pointer + pointerTo(...steps), levels: cursor.levels + 1 };
}

function opened(cursor: SchemaCursor, text: string): JsonSchema {
  note(cursor, text);
  return {};
}

function note({ reading, pointer }: SchemaCursor, text: string): void {
  const places = reading.notes.get(text) ?? [];
  places.push(pointer);
  reading.notes.set(text, places);
}

function showNote(text: string, places: readonly string[]): string {
  const more = places.length === 1 ? '' : ` and ${places.length - 1} more`;
  return `in the schema ${text} (${showPointer(places[0] ?? '')}${more})`;
}
