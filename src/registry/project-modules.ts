/**
 * The contenders and payloads of a project's own: the modules and JSON files that its configuration names.
 *
 * They are checked before anything is planned, since a worker would only see `undefined`.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { UserContender, UserPayload } from '../config.ts';
import { createGenerator } from '../corpus/generator.ts';
import { inferUsableSchema } from '../corpus/inferred-schema.ts';
import { createSample } from '../corpus/sample.ts';
import { loadSchema } from '../corpus/schemas.ts';
import { messageOf, showText } from '../foreign-text.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Contender } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { JsonSchema, JsonValue } from '../model/values.ts';
import { UserError } from '../user-error.ts';
import { completeContender, completePayload } from './defaults.ts';
import { checkFields, contenderFields, neededToGenerate, payloadFields } from './module-fields.ts';
import { cannotUse, findFiles, type OwnFile, type ProjectRequest, quote, refuseDoubles } from './project-files.ts';

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
