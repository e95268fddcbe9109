/**
 * The contenders and payloads of a project's own: the modules and JSON files that its configuration names.
 *
 * They are checked before anything is planned, since a worker would only see `undefined`. Deliberately absent: reading
 * the configuration (src/store), and what a module may leave out (defaults.ts).
 */
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { UserContender, UserPayload, WirebenchConfig } from '../config.ts';
import { createGenerator } from '../corpus/generator.ts';
import { inferUsableSchema } from '../corpus/inferred-schema.ts';
import { createSample } from '../corpus/sample.ts';
import { loadSchema } from '../corpus/schemas.ts';
import { isObject } from '../json.ts';
import { profileOrder } from './tiers.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Capability, Contender } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { JsonSchema, JsonValue } from '../model/values.ts';
import type { ListedModule } from '../own-files.ts';
import { listModules } from '../own-files.ts';
import { completeContender, completePayload } from './defaults.ts';
import { messageOf, showText } from '../foreign-text.ts';
import { UserError } from '../user-error.ts';

/** Where a project's modules are looked for. */
export interface ProjectRequest {
  readonly config: WirebenchConfig;
  /** The configuration's; its paths are relative to it. */
  readonly directory: string;
}

/**
 * The contenders that the configuration names, in its order; of a directory in the order of their names.
 * @throws {UserError} where a path leads nowhere, a module does not load or is no contender, or two have one id.
 */
export async function loadProjectContenders({ config, directory }: ProjectRequest): Promise<Registered<Contender>[]> {
  const files = findFiles({ what: 'contender', paths: config.contenders ?? [], directory, others: [] });
  const contenders = await Promise.all(
    files.map(async (file) => {
      const content = completeContender((await importDefault(file)) as UserContender);
      checkFields(file, content, contenderFields);
      return { ...content, id: file.id, url: pathToFileURL(file.path).href };
    }),
  );
  refuseDoubles(files);
  return contenders;
}

/**
 * The payloads that the configuration names, in its order; of a directory in the order of their names.
 * @throws {UserError} as `loadProjectContenders` does, and for a JSON file that is none.
 */
export async function loadProjectPayloads({ config, directory }: ProjectRequest): Promise<Registered<Payload>[]> {
  const files = findFiles({ what: 'payload', paths: config.payloads ?? [], directory, others: ['.json'] });
  refuseDoubles(files);
  return Promise.all(files.map((file) => (file.path.endsWith('.json') ? loadSampleFile(file) : loadPayload(file))));
}

/** The files that a configuration leads to, found without importing any. @throws {UserError} where a path leads nowhere. */
export function listProjectModules({ config, directory }: ProjectRequest): {
  readonly contenders: readonly ListedModule[];
  readonly payloads: readonly ListedModule[];
} {
  const listed = ({ id, path: file }: OwnFile): ListedModule => ({ id, url: pathToFileURL(file).href });
  return {
    contenders: findFiles({ what: 'contender', paths: config.contenders ?? [], directory, others: [] }).map(listed),
    payloads: findFiles({ what: 'payload', paths: config.payloads ?? [], directory, others: ['.json'] }).map(listed),
  };
}

/**
 * What is built in and what is the project's own, together.
 * @throws {UserError} where a name of the project's is taken.
 */
export function addOwn<T extends { readonly id: string; readonly url: string }>(request: {
  what: string;
  builtIn: readonly T[];
  own: readonly T[];
}): T[] {
  const { what, builtIn, own } = request;
  for (const { id, url } of own) {
    if (!builtIn.some((other) => other.id === id)) continue;
    throw new UserError(
      `cannot add the ${what} ${quote(path.basename(new URL(url).pathname))}: '${id}' is the name of one that wirebench has itself`,
      {
        hint: 'give the file another name, which is its id',
      },
    );
  }
  return [...builtIn, ...own];
}

/** A file that the configuration leads to. */
interface OwnFile {
  readonly what: string;
  readonly id: string;
  readonly path: string;
  /** As the configuration has it, for messages. */
  readonly shown: string;
}

const moduleExtensions = ['.ts', '.js', '.mjs'];

/** Ids are parts of cell names and of comma-separated lists, and they are printed. */
const idPattern = /^[\w.-]+$/;

function findFiles(request: {
  what: string;
  paths: readonly string[];
  directory: string;
  others: readonly string[];
}): OwnFile[] {
  const { what, paths, directory, others } = request;
  const extensions = [...moduleExtensions, ...others];
  const files = paths.flatMap((given) => {
    if (path.isAbsolute(given)) {
      throw new UserError(`cannot load the ${what} ${quote(given)}: the path is absolute`, {
        hint: 'write it relative to wirebench.config, so that it means the same in every checkout',
      });
    }
    const place = path.resolve(directory, given);
    const stats = statSync(place, { throwIfNoEntry: false });
    if (stats === undefined) {
      throw new UserError(`cannot load the ${what} ${quote(given)}: there is no such file or directory`, {
        hint: 'paths in wirebench.config are relative to its own directory',
      });
    }
    return stats.isDirectory() ? listDirectory({ what, given, place, others }) : [{ what, path: place, shown: given }];
  });
  const named = files.map((file) => {
    const extension = extensions.find((known) => file.path.endsWith(known));
    if (extension === undefined) {
      throw new UserError(`cannot load the ${what} ${quote(file.shown)}: it is no ${extensions.join(', ')} file`, {
        hint: 'name a module, or a directory of modules',
      });
    }
    const id = path.basename(file.path, extension);
    if (!idPattern.test(id)) {
      throw new UserError(`cannot load the ${what} ${quote(file.shown)}: its name cannot be an id`, {
        hint: 'name the file with letters, digits, dots, hyphens and underscores',
      });
    }
    return { ...file, id };
  });
  // A file that is named itself and lies in a directory that is named, too, is one file.
  return [...new Map(named.map((file) => [file.path, file])).values()];
}

function listDirectory(request: {
  what: string;
  given: string;
  place: string;
  others: readonly string[];
}): Omit<OwnFile, 'id'>[] {
  const { what, given, place, others } = request;
  const modules = listModules(pathToFileURL(place + path.sep)).map(({ url }) =>
    path.basename(decodeURIComponent(new URL(url).pathname)),
  );
  const rest = readdirSync(place).filter((name) => others.some((extension) => name.endsWith(extension)));
  const names = [...modules, ...rest].toSorted();
  if (names.length === 0) {
    throw new UserError(`cannot load ${what}s from ${quote(given)}: the directory has none`, {
      hint: `put a module into it, or take it out of wirebench.config`,
    });
  }
  return names.map((name) => ({ what, path: path.join(place, name), shown: path.join(given, name) }));
}

async function importDefault(file: OwnFile): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(file.path).href)) as { default?: unknown };
  } catch (error) {
    throw cannotUse(file, {
      why: `it does not load: ${showText(messageOf(error))}`,
      hint: 'correct it, or take it out of wirebench.config',
      cause: error,
    });
  }
  if (module.default === undefined)
    throw cannotUse(file, { why: 'it has no default export', hint: `export the ${file.what} as default` });
  if (typeof module.default !== 'object' || module.default === null) {
    throw cannotUse(file, { why: 'its default export is no object', hint: `export the ${file.what} as default` });
  }
  return module.default;
}

async function loadPayload(file: OwnFile): Promise<Registered<Payload>> {
  const given = (await importDefault(file)) as UserPayload;
  // What may be left out is filled in by generating, for which these have to be right.
  checkFields(file, given, neededToGenerate);
  const content = completePayload(given, (sizes) => inferFrom(file, given, sizes));
  checkFields(file, content, payloadFields);
  try {
    loadSchema(content);
  } catch (error) {
    throw cannotUse(file, {
      why: `schema: ${showText(messageOf(error))}`,
      hint: 'leave the schema out to have it inferred',
      cause: error,
    });
  }
  return { ...content, id: file.id, url: pathToFileURL(file.path).href };
}

/** Values that a schema is inferred from: more than one, since a field may be missing in any of them. */
const inferenceSeeds = [1, 2, 3];

function inferFrom(file: OwnFile, payload: UserPayload, sizes: readonly number[]): JsonSchema {
  try {
    const items = Math.max(...sizes);
    return inferUsableSchema(inferenceSeeds.map((seed) => throughText(payload.generate(createGenerator(seed), items))))
      .schema;
  } catch (error) {
    throw cannotUse(file, {
      why: `generate: ${showText(messageOf(error))}`,
      hint: 'generate a value that has JSON text',
      cause: error,
    });
  }
}

/** As it will be measured: a Date is a string there. @throws {TypeError} for what has no JSON text. */
function throughText(value: unknown): JsonValue {
  const written = JSON.stringify(value) as string | undefined;
  if (written === undefined) throw new TypeError('it gave a value without JSON text');
  return JSON.parse(written) as JsonValue;
}

async function loadSampleFile(file: OwnFile): Promise<Registered<Payload>> {
  const text = decodeUtf8(file, await readFile(file.path));
  // The sample's own name has narrower rules than a file's; it is replaced by the id.
  const { payload } = createSample({ name: 'file', text, described: file.shown });
  return { ...payload, id: file.id, title: file.id, url: pathToFileURL(file.path).href };
}

/** Without the mark with which editors on Windows begin a file. @throws {UserError} where it is another encoding. */
function decodeUtf8(file: OwnFile, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw cannotUse(file, { why: 'it is not UTF-8 text', hint: 'convert it; JSON is exchanged as UTF-8', cause });
  }
}

function refuseDoubles(files: readonly OwnFile[]): void {
  for (const [index, file] of files.entries()) {
    const first = files.slice(0, index).find(({ id }) => id === file.id);
    if (first === undefined) continue;
    throw new UserError(`two ${file.what}s have the id '${file.id}': ${quote(first.shown)} and ${quote(file.shown)}`, {
      hint: 'give one of the files another name, which is its id',
    });
  }
}

/** What a field must be, in words, and whether it is. */
type FieldCheck = readonly [expected: string, fits: (value: unknown) => boolean];

const text: FieldCheck = ['a text that is not empty', (value) => typeof value === 'string' && value !== ''];
const callable: FieldCheck = ['a function', (value) => typeof value === 'function'];

function oneOf(choices: readonly string[]): FieldCheck {
  return [`one of ${choices.join(', ')}`, (value) => typeof value === 'string' && choices.includes(value)];
}

function listOf(choices: readonly string[]): FieldCheck {
  return [
    `a list of ${choices.join(', ')}`,
    (value) => Array.isArray(value) && value.every((entry) => choices.includes(entry as string)),
  ];
}

function optional([expected, fits]: FieldCheck): FieldCheck {
  return [`${expected}, or left out`, (value) => value === undefined || fits(value)];
}

const capabilities: Readonly<Record<Capability, true>> = {
  'needs-schema': true,
  'compiles-schema': true,
  'drops-unknown-fields': true,
  'skips-escaping-checks': true,
  lossy: true,
  binary: true,
  envelope: true,
  'leaves-text': true,
  'sorts-keys': true,
  partial: true,
  memoizes: true,
  'native-code': true,
  'in-python': true,
};

const contenderFields: Readonly<Record<string, FieldCheck>> = {
  kind: oneOf(['serialize', 'parse']),
  title: text,
  load: callable,
  package: [
    'the name of an npm package, or null',
    (value) => value === null || (typeof value === 'string' && value !== ''),
  ],
  tier: oneOf(profileOrder),
  capabilities: listOf(Object.keys(capabilities)),
  equality: oneOf(['bytes', 'json', 'round-trip']),
  note: optional(text),
  unsupported: optional(callable),
};

const itemCounts: FieldCheck = [
  'a list of whole numbers of at least 1',
  (value) => Array.isArray(value) && value.length > 0 && value.every((size) => Number.isSafeInteger(size) && size >= 1),
];

const neededToGenerate: Readonly<Record<string, FieldCheck>> = {
  title: text,
  generate: callable,
  sizes: optional(itemCounts),
};

const payloadFields: Readonly<Record<string, FieldCheck>> = {
  where: text,
  role: oneOf(['response', 'representation']),
  tier: oneOf(profileOrder),
  sizes: itemCounts,
  variants: [
    'a list of text, native',
    (value) => listOf(['text', 'native'])[1](value) && (value as unknown[]).length > 0,
  ],
  list: [
    'a JSON Pointer, or null',
    (value) => value === null || (typeof value === 'string' && /^(?:\/|$)/.test(value)),
  ],
  schema: ['a JSON Schema', (value) => typeof value === 'string' || isObject(value)],
  frame: optional([
    'an object with the texts prefix and suffix',
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      ['prefix', 'suffix'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string'),
  ]),
  revive: optional(callable),
  unsupported: optional(callable),
};

function checkFields(file: OwnFile, content: object, fields: Readonly<Record<string, FieldCheck>>): void {
  for (const [name, [expected, fits]] of Object.entries(fields)) {
    const value = (content as Record<string, unknown>)[name];
    if (fits(value)) continue;
    const found = value === undefined ? 'is missing' : `is ${describe(value)}`;
    throw cannotUse(file, { why: `its field '${name}' ${found}`, hint: `${name} is ${expected}` });
  }
}

/** Characters of a wrong value that are shown. Arbitrary: enough to find it. */
const shownCharacters = 60;

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  try {
    return showText(JSON.stringify(value).slice(0, shownCharacters));
  } catch {
    return 'a value without JSON text';
  }
}

function cannotUse(file: OwnFile, { why, hint, cause }: { why: string; hint: string; cause?: unknown }): UserError {
  return new UserError(`cannot use the ${file.what} ${quote(file.shown)}: ${why}`, { hint, cause });
}

function quote(name: string): string {
  return `'${showText(name)}'`;
}
