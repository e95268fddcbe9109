/**
 * Reads a project's `wirebench.config.ts` and checks it before anything is done with it.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { Ajv2020 } from 'ajv/dist/2020.js';

import type { WirebenchConfig } from '../config.ts';
import { messageOf } from '../foreign-text.ts';
import { UserError } from '../user-error.ts';

/** Names that are looked for, the first one that exists counts. */
const fileNames = ['wirebench.config.ts', 'wirebench.config.mjs', 'wirebench.config.js'];

const share = { type: 'number', minimum: 0, exclusiveMaximum: 1 };
const tolerance = {
  time: { ...share, exclusiveMinimum: 0, minimum: undefined },
  outputBytes: share,
  allocations: share,
};
const names = { type: 'array', minItems: 1, items: { type: 'string' } };
const paths = { type: 'array', items: { type: 'string', minLength: 1 } };
const cellFields = {
  suite: { type: 'string' },
  contender: { type: 'string' },
  payload: { type: 'string' },
  items: { type: 'integer', minimum: 1 },
  variant: { enum: ['text', 'native'] },
  sink: { enum: ['string', 'bytes'] },
};
const closed = { type: 'object', additionalProperties: false };

const validate = new Ajv2020({ allErrors: false, strictTypes: false }).compile<WirebenchConfig>(
  JSON.parse(
    JSON.stringify({
      ...closed,
      properties: {
        contenders: paths,
        payloads: paths,
        gate: {
          ...closed,
          properties: {
            cells: {
              type: 'array',
              minItems: 1,
              items: {
                ...closed,
                properties: {
                  suites: names,
                  contenders: names,
                  payloads: names,
                  items: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1 } },
                  variants: { type: 'array', minItems: 1, items: cellFields.variant },
                  sinks: { type: 'array', minItems: 1, items: cellFields.sink },
                },
              },
            },
            tolerance: { ...closed, properties: tolerance },
            tolerances: {
              type: 'array',
              items: {
                ...closed,
                required: ['where'],
                properties: { where: { ...closed, properties: cellFields }, ...tolerance },
              },
            },
          },
        },
      },
    }),
  ) as object,
);

/**
 * @param directory the project's.
 * @returns an empty configuration where the project has none.
 * @throws {UserError} where the file does not load, has no default export or says something unknown.
 */
export async function readConfig(directory: string): Promise<WirebenchConfig> {
  const file = fileNames.map((name) => path.join(directory, name)).find((candidate) => existsSync(candidate));
  if (file === undefined) return {};
  const name = path.basename(file);
  const module = await load(file, name);
  if (module.default === undefined) {
    throw new UserError(`cannot use ${name}: it has no default export`, {
      hint: 'write `export default defineConfig({ … })`',
    });
  }
  return checkConfig(module.default, name);
}

/** @param name of the file, for the message. @throws {UserError} where a configuration says something unknown. */
export function checkConfig(config: unknown, name: string): WirebenchConfig {
  if (!validate(config)) {
    const [problem] = validate.errors ?? [];
    const unknown = (problem?.params as { additionalProperty?: string } | undefined)?.additionalProperty;
    const what = unknown === undefined ? problem?.message : `unknown field '${unknown}'`;
    throw new UserError(`cannot use ${name}: ${problem?.instancePath || '/'}: ${what ?? 'it is not a configuration'}`, {
      hint: 'the types of `defineConfig` say what it may hold',
    });
  }
  return config;
}

async function load(file: string, name: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    throw new UserError(`cannot use ${name}: ${messageOf(error)}`, {
      hint: 'correct it, or move it aside',
      cause: error,
    });
  }
}
