/**
 * `RunPlan` and its parts, which journals and run.json have in common.
 */
import { positive, text, yes } from './values.ts';

const names = { type: 'array', items: { type: 'string' } };

export const measuredCodeSchema = {
  type: 'object',
  required: ['program', 'bench'],
  properties: { program: { type: 'string' }, bench: { type: 'string' }, project: { type: 'string' } },
};

export const selectionSchema = {
  type: 'object',
  properties: {
    suites: names,
    contenders: names,
    payloads: names,
    variants: names,
    sinks: names,
    references: names,
    items: { type: 'array', items: { type: 'integer', minimum: 1 } },
  },
};

export const plannedSampleSchema = {
  type: 'object',
  required: ['source', 'sha256'],
  properties: {
    source: { type: 'string' },
    schema: { type: 'string' },
    types: { type: 'string' },
    sha256: { type: 'string' },
  },
};

const ordinal = { type: 'integer', minimum: 1 };

export const shardSchema = {
  type: 'object',
  required: ['index', 'of'],
  properties: { index: ordinal, of: ordinal },
};

/** `AskedRounds`. */
export const askedRoundsSchema = {
  type: 'object',
  required: ['fewest', 'most'],
  properties: { fewest: ordinal, most: ordinal },
};

/** `PlannedSite`. */
export const plannedSiteSchema = {
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string', minLength: 1 },
    tokenEnv: { type: 'string', minLength: 1 },
    headerEnv: { type: 'object', additionalProperties: { type: 'string', minLength: 1 } },
    ownThisHost: yes,
    write: yes,
    mcp: yes,
  },
};

/** `HttpRunPlan`. */
export const httpRunPlanSchema = {
  type: 'object',
  required: ['suites', 'code', 'options'],
  properties: {
    suites: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['id', 'scenarios'],
        properties: { id: text, scenarios: names, sweeps: yes },
      },
    },
    rounds: askedRoundsSchema,
    requestsPerSec: positive,
    site: plannedSiteSchema,
    code: measuredCodeSchema,
    options: { type: 'object' },
  },
};

export const runPlanSchema = {
  type: 'object',
  required: ['selection', 'code', 'options'],
  properties: {
    selection: selectionSchema,
    forks: ordinal,
    sample: plannedSampleSchema,
    code: measuredCodeSchema,
    options: { type: 'object' },
    shard: {
      ...shardSchema,
      required: [...shardSchema.required, 'groups'],
      properties: { ...shardSchema.properties, groups: { type: 'array', items: text } },
    },
  },
};
