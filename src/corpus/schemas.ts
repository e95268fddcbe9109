/**
 * Reads the JSON Schemas under fixtures/schemas and resolves the references between them.
 *
 * Each entity is described in one file and list schemas refer to it, while contenders see one schema without any
 * reference: not every library resolves files. A reference to itself cannot be written out and is refused.
 * Source: JSON Schema draft 2020-12, core, sections 8.2 and 8.3.
 */
import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { messageOf } from '../foreign-text.ts';
import { isObject, keysOf } from '../json.ts';
import type { Payload } from '../model/payload.ts';
import type { JsonSchema } from '../model/values.ts';
import { packageRoot } from '../own-files.ts';
import { UserError } from '../user-error.ts';

const DIRECTORY = new URL('fixtures/schemas/', packageRoot);
const SUFFIX = '.schema.json';

/** Keywords that say where a schema is and not what it allows; they end with the resolution. */
const LOCATION_KEYWORDS: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', '$comment']);
/** Keywords whose value maps names to schemas, so that a property may be called `$ref`. */
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas']);
/** Keywords whose value is data and never a schema. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required', 'type']);

/**
 * The payload's schema as contenders get it: no `$ref`, `$defs`, `$id` or `$schema` at any depth.
 * @returns a fresh object on every call, except that a schema which the payload holds itself is returned as it is.
 * @throws {UserError} where the file is missing or not JSON, a reference leads nowhere or back to itself, or ajv
 *   refuses the schema.
 */
export function loadSchema(payload: Pick<Payload, 'schema'>): JsonSchema {
  const { schema: source } = payload;
  const schema = typeof source === 'string' ? resolveFile(`${source}${SUFFIX}`) : source;
  checkSchema(schema, typeof source === 'string' ? `fixtures/schemas/${source}${SUFFIX}` : "the payload's own schema");
  return schema;
}

/**
 * Compiles it for nothing but the errors. @throws {Error} what ajv says against the schema, or about its own limits.
 */
export function compileSchema(schema: JsonSchema): void {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.compile(schema);
}

/**
 * True where ajv gave up (its stack, or a name that no URI holds) rather than found a fault; faults are plain errors.
 */
export function isCheckerLimit(error: unknown): error is RangeError | URIError {
  return error instanceof RangeError || error instanceof URIError;
}

function checkSchema(schema: JsonSchema, name: string): void {
  try {
    compileSchema(schema);
  } catch (cause) {
    // The schema may be right; contenders that cannot take it either say so in their own rows.
    if (isCheckerLimit(cause)) return;
    throw new UserError(`cannot use ${name}: ajv refuses it: ${(cause as Error).message}`, {
      hint: 'correct the schema; contenders are compiled from it',
      cause,
    });
  }
}

/**
 * Resolves one schema file of a directory with the files that it refers to.
 * @param name file name including `.schema.json`.
 * @param directory URL ending in a slash; tests pass one of their own.
 * @throws {UserError} as `loadSchema` does.
 */
export function resolveFile(name: string, directory: URL = DIRECTORY): JsonSchema {
  return resolveReference(`${name}#`, { directory, file: name, open: [] });
}

/** Where the resolver stands; `open` holds the references that are being written out, outermost first. */
interface ReferenceScope {
  readonly directory: URL;
  readonly file: string;
  readonly open: readonly string[];
}

function resolveReference(reference: string, from: ReferenceScope): JsonSchema {
  const [path = '', pointer = ''] = reference.split('#');
  const file = path === '' ? from.file : path;
  const target = `${file}#${pointer}`;
  if (from.open.includes(target)) {
    throw new UserError(`cannot resolve the schema ${from.file}: ${target} refers to itself`, {
      hint: 'describe the nested value as an open object',
    });
  }
  const schema = followPointer(readSchema(file, from.directory), pointer, target);
  return resolveSchema(schema, { directory: from.directory, file, open: [...from.open, target] });
}

function resolveSchema(schema: JsonSchema, scope: ReferenceScope): JsonSchema {
  const { $ref: reference, ...rest } = schema;
  const own: JsonSchema = {};
  for (const [keyword, value] of Object.entries(rest)) {
    if (!LOCATION_KEYWORDS.has(keyword)) own[keyword] = resolveKeyword(keyword, value, scope);
  }
  if (typeof reference !== 'string') return own;
  // What stands beside a reference (a title, say) belongs to the place and wins over what is referred to.
  return { ...resolveReference(reference, scope), ...own };
}

function resolveKeyword(keyword: string, value: unknown, scope: ReferenceScope): unknown {
  if (DATA.has(keyword)) return value;
  if (Array.isArray(value)) return value.map((entry) => (isObject(entry) ? resolveSchema(entry, scope) : entry));
  if (!isObject(value)) return value;
  if (!MAPS.has(keyword)) return resolveSchema(value, scope);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, isObject(entry) ? resolveSchema(entry, scope) : entry]),
  );
}

function followPointer(root: JsonSchema, pointer: string, target: string): JsonSchema {
  let found: unknown = root;
  for (const key of keysOf(pointer)) found = isObject(found) ? found[key] : undefined;
  if (!isObject(found)) throw new UserError(`cannot resolve the schema reference ${target}: nothing is there`);
  return found;
}

function readSchema(file: string, directory: URL): JsonSchema {
  let text: string;
  try {
    text = readFileSync(new URL(file, directory), 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read the schema ${file}: ${messageOf(cause)}`, {
      hint: `add it under fixtures/schemas or name another in the payload`,
      cause,
    });
  }
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`cannot read the schema ${file}: not JSON (${messageOf(cause)})`, { cause });
  }
  if (!isObject(schema)) throw new UserError(`cannot read the schema ${file}: it holds no object`);
  return schema;
}
