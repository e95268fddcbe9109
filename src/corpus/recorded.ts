/**
 * Recorded catalogs: the format of a recording's file, and the payload that a recording becomes.
 *
 * A recording holds the items of a live server exactly as received. As a payload it is measured as recorded and scaled,
 * by repeating the items cyclically from an offset of the generator's choice, so that the distinct catalogs of a cell
 * differ. src/record makes recordings.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { isObject } from '../json.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import type { JsonValue } from '../model/values.ts';
import { invocationOf, isInstalled, packageRoot } from '../own-files.ts';
import { nearestName, UserError } from '../user-error.ts';
import { formattedFields } from './infer.ts';
import { inferUsableSchema } from './inferred-schema.ts';

/**
 * Where `wirebench record` puts catalogs: the checkout's own place, which git ignores, or that of the user's project.
 * @param directory the project's.
 */
export function recordedDirectoryOf(directory: string): string {
  return join(isInstalled ? directory : fileURLToPath(packageRoot), 'fixtures', 'recorded');
}

/** Where a recording's items came from; nothing here may hold a secret. */
export interface RecordingSource {
  readonly kind: 'mcp-stdio' | 'mcp-http' | 'rest' | 'merge';
  /** The server's command with credentials replaced; `mcp-stdio` only. */
  readonly command?: readonly string[];
  /** Without user, query and fragment; `mcp-http` and `rest` only. */
  readonly url?: string;
  /** What the server calls itself; MCP only. */
  readonly server?: { readonly name: string; readonly version: string };
  /** Names of the recordings put together, in order; `merge` only. */
  readonly recordings?: readonly string[];
}

/** The content of `<name>.json`, schemaVersion 1. */
export interface Recording {
  readonly schemaVersion: 1;
  readonly name: string;
  /** RFC 3339. */
  readonly recordedAt: string;
  readonly source: RecordingSource;
  /**
   * Where the items differ from what was sent, and the like, one sentence each without a full stop; absent where
   * nothing does.
   */
  readonly notes?: readonly string[];
  /** Objects as received, but for what the notes say; at least one. */
  readonly items: readonly JsonValue[];
}

/** The prefix that tells a recording's payload id from one of bench/payloads. */
export const recordedPrefix = 'recorded/';

/** Sizes besides the recorded one: the four of every list payload. */
const scaledSizes = [10, 100, 1000, 5000];

/** Lower-case kebab-case is safe on every file system; 64 characters leave room for a path around it. */
const namePattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const maxNameLength = 64;

/** Names of devices, which Windows opens in place of a file whatever the extension. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** True for a name that is safe as a file name: kebab-case, 1 to 64 characters, no device name. */
export function isRecordingName(name: string): boolean {
  return name.length <= maxNameLength && namePattern.test(name) && !deviceName.test(name);
}

/** Names of the recordings in a directory, ascending; empty where the directory does not exist. */
export function listRecorded(directory: string): string[] {
  return readNames(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter(isRecordingName)
    .toSorted();
}

/**
 * The payload of one recording: an array of its items, sizes as recorded and 10 to 5,000.
 * @param request.name without the prefix; @param request.directory where the recordings lie.
 * @throws {UserError} where there is no such recording or its file is not one.
 */
export function loadRecorded(request: { name: string; directory: string }): Registered<Payload> {
  const { items, source, recordedAt } = readRecording(request);
  const { schema: itemSchema } = inferUsableSchema(items);
  const texts = items.map((item) => JSON.stringify(item));
  return {
    id: `${recordedPrefix}${request.name}`,
    url: pathToFileURL(recordingPath(request)).href,
    title: `Recorded: ${request.name}`,
    where: `${describeSource(source)}, recorded ${recordedAt.slice(0, 10)}`,
    role: 'response',
    tier: 'quick',
    schema: { type: 'array', items: itemSchema },
    sizes: [...new Set([items.length, ...scaledSizes])].toSorted((a, b) => a - b),
    variants: formattedFields(itemSchema).length > 0 ? ['text', 'native'] : ['text'],
    list: '',
    generate(generator, count) {
      const offset = generator.integer(0, texts.length - 1);
      const chosen = Array.from({ length: count }, (_, index) => texts[(offset + index) % texts.length]);
      // Through text, so that a repeated item is an object of its own, as it would be in a response of that size.
      return JSON.parse(`[${chosen.join(',')}]`) as JsonValue;
    },
  };
}

/**
 * Reads and checks one recording.
 * @throws {UserError} where there is none of that name (the nearest one is named), or the file is not JSON, of another
 * schemaVersion, or without items.
 */
export function readRecording(request: { name: string; directory: string }): Recording {
  const text = readText(request);
  const path = recordingPath(request);
  const what = `recording "${request.name}"`;
  const hint = `record it again with --force, or delete ${path}`;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${what}: ${path} is not JSON (${(cause as Error).message})`, { hint, cause });
  }
  if (!isObject(content)) throw new UserError(`${what}: ${path} does not hold an object`, { hint });
  const { schemaVersion, recordedAt, source, items, notes } = content;
  if (schemaVersion !== 1) {
    throw new UserError(`${what}: schemaVersion ${JSON.stringify(schemaVersion)} is not known, only 1 is`, { hint });
  }
  if (typeof recordedAt !== 'string' || !isObject(source)) {
    throw new UserError(`${what}: "recordedAt" or "source" is missing in ${path}`, { hint });
  }
  if (!Array.isArray(items) || items.length === 0 || !items.every(isObject)) {
    throw new UserError(`${what}: "items" in ${path} is not a list of one or more objects`, { hint });
  }
  if (notes !== undefined && !(Array.isArray(notes) && notes.every((note) => typeof note === 'string'))) {
    throw new UserError(`${what}: "notes" in ${path} is not a list of texts`, { hint });
  }
  return content as unknown as Recording;
}

/** Where a recording of that name lies, whether it exists or not. */
export function recordingPath(request: { name: string; directory: string }): string {
  return join(request.directory, `${request.name}.json`);
}

function readText(request: { name: string; directory: string }): string {
  const present = listRecorded(request.directory);
  const what = `payload "${recordedPrefix}${request.name}"`;
  if (!present.includes(request.name)) {
    if (present.length === 0) {
      throw new UserError(`${what}: nothing is recorded in ${request.directory}`, {
        hint: `record a server first: ${invocationOf('record')} -- npx -y @modelcontextprotocol/server-everything`,
      });
    }
    const nearest = nearestName(request.name, present);
    throw new UserError(`${what}: no such recording`, {
      hint: `${nearest === undefined ? '' : `did you mean "${recordedPrefix}${nearest}"? `}recorded are: ${present.join(', ')}`,
    });
  }
  try {
    return readFileSync(recordingPath(request), 'utf8');
  } catch (cause) {
    throw new UserError(`${what}: ${(cause as Error).message}`, { hint: 'make the file readable', cause });
  }
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(`recordings: ${(cause as Error).message}`, { hint: 'make the directory readable', cause });
  }
}

function describeSource(source: RecordingSource): string {
  if (source.recordings !== undefined) return `catalogs of ${source.recordings.join(', ')}`;
  if (source.server !== undefined) return `catalog of ${source.server.name} ${source.server.version}`;
  return `list at ${source.url ?? 'an unknown address'}`;
}
