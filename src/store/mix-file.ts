/**
 * Reads a mix: which responses a gateway gives and how often, as a JSON file of the user's.
 *
 * Frequencies are rates for every response, or shares for every response; what comes out has shares that add up to 1.
 */
import { readFileSync } from 'node:fs';

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

import type { Variant } from '../model/values.ts';
import type { Mix, MixSource } from '../model/sample.ts';
import { UserError } from '../user-error.ts';
import { showText } from '../foreign-text.ts';

/** As the file has it. */
interface MixFile {
  readonly requestsPerSec?: number;
  readonly responses: readonly WrittenResponse[];
}

interface WrittenResponse {
  readonly payload?: string;
  readonly items?: number;
  readonly variant?: Variant;
  readonly sample?: string;
  readonly schema?: string;
  readonly types?: string;
  readonly share?: number;
  readonly requestsPerSec?: number;
}

/** Fields that only make sense beside one of the two kinds of source. */
const payloadFields = ['items', 'variant'] as const;
const sampleFields = ['schema', 'types'] as const;

const name = { type: 'string', minLength: 1 };
const positive = { type: 'number', exclusiveMinimum: 0 };
const responseFields = {
  payload: name,
  items: { type: 'integer', minimum: 1 },
  variant: { enum: ['text', 'native'] },
  sample: name,
  schema: name,
  types: name,
  share: positive,
  requestsPerSec: positive,
};
const validate = new Ajv2020().compile<MixFile>({
  type: 'object',
  additionalProperties: false,
  required: ['responses'],
  properties: {
    requestsPerSec: positive,
    responses: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', additionalProperties: false, properties: responseFields },
    },
  },
});

const fileFields = ['requestsPerSec', 'responses'];
const form =
  '{ "responses": [{ "payload": "tools", "items": 1000, "share": 0.8 }, { "sample": "FILE", "share": 0.2 }] }';

/**
 * @returns responses in the file's order, with shares that add up to 1.
 * @throws {UserError} where the file cannot be read, is not JSON, holds an unknown field or a wrong value, or mixes
 * shares with rates.
 */
export function readMix(file: string): Mix {
  const what = `cannot use the mix ${file}`;
  const content = parse(file, what);
  if (!validate(content)) throw refusal(what, validate.errors?.[0]);
  const { responses, requestsPerSec } = content;
  for (const [index, response] of responses.entries()) checkSource(response, `${what}: /responses/${index}`);
  const weights = readWeights(content, what);
  const sum = weights.values.reduce((total, value) => total + value, 0);
  const total = weights.field === 'requestsPerSec' ? sum : requestsPerSec;
  if (!Number.isFinite(sum)) {
    throw new UserError(`${what}: the ${weights.field} of its responses add up to more than a number can hold`, {
      hint: 'give smaller ones',
    });
  }
  return {
    ...(total !== undefined && { requestsPerSec: total }),
    responses: responses.map((response, index) => ({
      ...sourceOf(response),
      share: (weights.values[index] as number) / sum,
    })),
  };
}

function parse(file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${what}: ${(cause as Error).message}`, {
      hint: `give a file with a mix, as in ${form}`,
      cause,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new UserError(`${what}: it is not JSON: ${showText((cause as Error).message)}`, {
      hint: `write it as in ${form}`,
    });
  }
}

function checkSource(response: WrittenResponse, where: string): void {
  const { payload, sample } = response;
  if ((payload === undefined) === (sample === undefined)) {
    const what = payload === undefined ? 'it has neither "payload" nor "sample"' : 'it has both "payload" and "sample"';
    throw new UserError(`${where}: ${what}`, { hint: 'give a payload of the suite or a document, one of the two' });
  }
  const stray = (payload === undefined ? payloadFields : sampleFields).find((field) => response[field] !== undefined);
  if (stray === undefined) return;
  const kind = payload === undefined ? 'payload' : 'sample';
  throw new UserError(`${where}/${stray}: "${stray}" belongs to a "${kind}"`, {
    hint: `leave it out; beside "${payload === undefined ? 'sample' : 'payload'}" are allowed ${(payload === undefined ? sampleFields : payloadFields).join(', ')}`,
  });
}

/** What the responses weigh against each other. */
function readWeights(
  { responses, requestsPerSec }: MixFile,
  what: string,
): { field: 'share' | 'requestsPerSec'; values: number[] } {
  const field = responses.some((response) => response.requestsPerSec !== undefined) ? 'requestsPerSec' : 'share';
  const hint = 'give every response a "share", or every response its "requestsPerSec"';
  const both = responses.findIndex((response) => field === 'requestsPerSec' && response.share !== undefined);
  if (both !== -1) throw new UserError(`${what}: /responses/${both}: it has a "share" where rates are given`, { hint });
  const without = responses.findIndex((response) => response[field] === undefined);
  if (without !== -1) throw new UserError(`${what}: /responses/${without}: it has no "${field}"`, { hint });
  if (field === 'requestsPerSec' && requestsPerSec !== undefined) {
    throw new UserError(`${what}: /requestsPerSec: every response has a rate of its own already`, {
      hint: 'leave the total out; it is their sum',
    });
  }
  return { field, values: responses.map((response) => response[field] as number) };
}

function sourceOf({ payload, items, variant, sample, schema, types }: WrittenResponse): MixSource {
  if (payload !== undefined)
    return { payload, ...(items !== undefined && { items }), ...(variant !== undefined && { variant }) };
  return { sample: sample as string, ...(schema !== undefined && { schema }), ...(types !== undefined && { types }) };
}

function refusal(what: string, problem: ErrorObject | undefined): UserError {
  const { additionalProperty, allowedValues } = (problem?.params ?? {}) as {
    additionalProperty?: string;
    allowedValues?: string[];
  };
  const pointer = problem?.instancePath || '/';
  if (additionalProperty !== undefined) {
    const choices = pointer === '/' ? fileFields : Object.keys(responseFields);
    const field = showText(JSON.stringify(additionalProperty));
    return new UserError(`${what}: ${pointer}: unknown field ${field}`, { hint: `allowed are ${choices.join(', ')}` });
  }
  const message = problem?.message ?? 'is wrong';
  const hint = allowedValues === undefined ? `write it as in ${form}` : `allowed are ${allowedValues.join(', ')}`;
  return new UserError(`${what}: ${pointer}: ${message}`, { hint });
}
