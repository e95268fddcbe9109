/**
 * Puts the workload together that a choice is made for: one document, or a mix of documents and payloads.
 */
import path from 'node:path';

import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import type { WorkloadPart } from '../model/choice.ts';
import type { Mix, MixResponse } from '../model/sample.ts';
import type { Surroundings } from '../model/surroundings.ts';
import type { PartToMeasure } from './measure-workload.ts';
import type { Registry } from '../registry/registry.ts';
import { readMix } from '../store/mix-file.ts';
import { unknownName, UserError } from '../user-error.ts';
import { readSample } from '../record/sample.ts';

/** What the command line says about the data. */
export interface WorkloadOptions {
  readonly sample?: string;
  readonly schema?: string;
  readonly types?: string;
  readonly mix?: string;
  /** Responses a second, beside a sample. */
  readonly rate?: number;
  /** The environment variable with the Authorization header of URLs. */
  readonly authEnv: string;
}

type PayloadResponse = Extract<MixResponse, { readonly payload: string }>;

/** A part as it is measured, with what is told about it. */
interface AssembledPart extends PartToMeasure {
  readonly told: WorkloadPart;
}

export interface AssembledWorkload {
  readonly parts: readonly AssembledPart[];
  readonly requestsPerSec?: number;
  /** True where a schema of the user's takes part. */
  readonly hasGivenSchema: boolean;
}

/**
 * @param request.registry knows the payloads that a mix may name.
 * @throws {UserError} for unreadable documents, schemas and mixes, unknown payloads and contradicting options.
 */
export async function readWorkload(request: {
  options: WorkloadOptions;
  registry: Registry;
  surroundings: Surroundings;
}): Promise<AssembledWorkload> {
  const { options } = request;
  const mix = options.mix === undefined ? singleSample(options) : readMixOf(options, request.surroundings);
  const used = new Set<string>();
  const parts: AssembledPart[] = [];
  for (const response of mix.responses) parts.push(await readPart(response, { ...request, used }));
  return {
    parts,
    ...(mix.requestsPerSec === undefined ? {} : { requestsPerSec: mix.requestsPerSec }),
    hasGivenSchema: parts.some(({ told }) => told.schemaOrigin === 'given'),
  };
}

function singleSample({ sample, schema, types, rate }: WorkloadOptions): Mix {
  if (sample === undefined) {
    throw new UserError('there is nothing to choose for: no --sample and no --mix', {
      hint: 'give --sample FILE with a response as your gateway sends it; a URL and recorded/NAME work too',
    });
  }
  return {
    ...(rate === undefined ? {} : { requestsPerSec: rate }),
    responses: [
      { sample, share: 1, ...(schema === undefined ? {} : { schema }), ...(types === undefined ? {} : { types }) },
    ],
  };
}

function readMixOf(options: WorkloadOptions, surroundings: Surroundings): Mix {
  const beside = (['sample', 'schema', 'types'] as const).filter((name) => options[name] !== undefined);
  if (beside.length > 0) {
    throw new UserError(`--mix and ${beside.map((name) => `--${name}`).join(', ')} exclude each other`, {
      hint: 'a mix names sample, schema and types of each response',
    });
  }
  const mix = readMix(path.resolve(surroundings.cwd, options.mix ?? ''));
  if (options.rate === undefined) return mix;
  if (mix.requestsPerSec !== undefined)
    throw new UserError('--rate and the rates of the mix exclude each other', { hint: 'leave one of them out' });
  return { ...mix, requestsPerSec: options.rate };
}

async function readPart(
  response: MixResponse,
  request: { options: WorkloadOptions; registry: Registry; surroundings: Surroundings; used: Set<string> },
): Promise<AssembledPart> {
  const { options, registry, surroundings, used } = request;
  if ('payload' in response) return nameUniquely(placePayload(response, registry), used);
  const sample = await readSample(
    { source: response.sample, schema: response.schema, types: response.types, authEnv: options.authEnv },
    surroundings,
  );
  const { payload, schemaOrigin, notes, suggestedTypes } = sample;
  const [variant = 'text'] = payload.variants;
  const [items = 1] = payload.sizes;
  return nameUniquely(
    assemblePart({ payload, items, variant, share: response.share }, { schemaOrigin, notes, suggestedTypes }),
    used,
  );
}

function placePayload(response: PayloadResponse, registry: Registry): AssembledPart {
  const payload = registry.payloads.find(({ id }) => id === response.payload);
  if (payload === undefined)
    throw unknownName({ what: 'payload', name: response.payload, choices: registry.payloads.map(({ id }) => id) });
  const [firstVariant = 'text'] = payload.variants;
  const { items = payload.sizes[0] ?? 1, variant = firstVariant, share } = response;
  if (!payload.variants.includes(variant)) {
    throw new UserError(`payload '${payload.id}' has no variant '${variant}'`, {
      hint: `it has ${payload.variants.join(', ')}`,
    });
  }
  if (payload.fixedSizes === true && !payload.sizes.includes(items)) {
    throw new UserError(`payload '${payload.id}' does not come with ${items} items`, {
      hint: `it comes with ${payload.sizes.join(', ')}`,
    });
  }
  return assemblePart({ payload, items, variant, share }, { schemaOrigin: 'own', notes: [], suggestedTypes: [] });
}

function assemblePart(
  part: PartToMeasure,
  about: Pick<WorkloadPart, 'schemaOrigin' | 'notes' | 'suggestedTypes'>,
): AssembledPart {
  const { payload, items, variant, share } = part;
  return { ...part, told: { payload: payload.id, title: payload.title, items, variant, share, ...about } };
}

/** Two responses of a mix may have the same file name or payload; cells are told apart by the payload's id. */
function nameUniquely(part: AssembledPart, used: Set<string>): AssembledPart {
  const { payload, items, variant } = part;
  const isTaken = (id: string): boolean => used.has(`${id} ${items} ${variant}`);
  let { id } = payload;
  for (let number = 2; isTaken(id); number += 1) id = `${payload.id}-${number}`;
  used.add(`${id} ${items} ${variant}`);
  if (id === payload.id) return part;
  const renamed: Registered<Payload> = { ...payload, id };
  return { ...part, payload: renamed, told: { ...part.told, payload: id } };
}
