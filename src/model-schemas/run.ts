/**
 * run.json. Fields may be added to it, so unknown ones are allowed.
 */
import { encodedSchema, forkSchema, observationSchema } from './fork.ts';
import {
  httpAbsent,
  httpCellId,
  httpFailures,
  httpMetricsSchema,
  httpScenarioSchema,
  measuredHttpSuiteSchema,
  noiseShares,
} from './http.ts';
import { usersResultsSchema } from './users.ts';
import { httpRunPlanSchema, runPlanSchema } from './run-plan.ts';
import {
  amount,
  cell,
  cellId,
  count,
  environmentSchema,
  interval,
  isOkOrWrong,
  positive,
  reason,
  reasonUnlessOk,
  status,
  text,
  tier,
  warnings,
  wholeInterval,
  yes,
} from './values.ts';

/** What a metric is to the reference's; a speedup is one. */
const ratioSchema = {
  type: 'object',
  required: ['reference', 'ratio'],
  properties: {
    reference: text,
    ratio: positive,
    ...interval,
    degreesOfFreedom: { type: 'number', minimum: 1 },
    usualSpread: {
      type: 'object',
      required: ['variance', 'degreesOfFreedom', 'ratios'],
      properties: { variance: positive, degreesOfFreedom: positive, ratios: count },
    },
  },
  dependentRequired: { degreesOfFreedom: ['lo', 'hi', 'confidence'], usualSpread: ['degreesOfFreedom'] },
};

const summarySchema = {
  type: 'object',
  required: ['median'],
  properties: {
    median: amount,
    // An interval around rounds some of which were never late reaches below zero.
    lo: { type: 'number' },
    hi: amount,
    confidence: interval.confidence,
    ratio: { ...ratioSchema, dependentRequired: { ...ratioSchema.dependentRequired, ...wholeInterval } },
    difference: {
      type: 'object',
      required: ['reference', 'value'],
      properties: {
        reference: text,
        value: { type: 'number' },
        lo: { type: 'number' },
        hi: { type: 'number' },
        confidence: interval.confidence,
      },
      dependentRequired: wholeInterval,
    },
  },
  dependentRequired: wholeInterval,
};

/** A metric of a micro-benchmark that has no field of its own. */
const otherMetricSchema = {
  ...summarySchema,
  required: [...summarySchema.required, 'rounds'],
  properties: {
    ...summarySchema.properties,
    rounds: {
      type: 'array',
      items: { type: 'object', required: ['round', 'value'], properties: { round: count, value: { type: 'number' } } },
    },
  },
};

const cellSchema = {
  type: 'object',
  required: [...Object.keys(cellId), 'status', 'forks', 'warnings'],
  properties: {
    ...cellId,
    status,
    reason,
    latencyNs: { type: 'object', required: ['median'], properties: { median: positive, ...interval } },
    forks: { type: 'array', items: forkSchema },
    outputBytes: count,
    throughputBytesPerSec: positive,
    allocatedBytesPerOp: amount,
    gcTimeShare: { type: 'number', minimum: 0, maximum: 1 },
    peakBlockNs: positive,
    compileNs: amount,
    encoded: encodedSchema,
    metrics: { type: 'object', additionalProperties: otherMetricSchema },
    observations: { type: 'array', items: observationSchema },
    example: text,
    lost: {
      type: 'array',
      items: { type: 'object', required: ['round', 'status', 'reason'], properties: { round: count, status, reason } },
    },
    speedup: ratioSchema,
    warnings,
  },
  ...reasonUnlessOk,
};

/** `HttpCell`: a contender under one load of one scenario, with all of its rounds. */
const httpCellSchema = {
  type: 'object',
  required: [...Object.keys(httpCellId), 'items', 'status', 'metrics', 'absent', 'failures', 'rounds', 'warnings'],
  properties: {
    ...httpCellId,
    items: cellId.items,
    status,
    reason,
    metrics: { type: 'object', additionalProperties: summarySchema },
    absent: httpAbsent,
    failures: httpFailures,
    rounds: {
      type: 'array',
      items: {
        type: 'object',
        required: ['round', 'metrics', 'requests'],
        properties: {
          round: count,
          metrics: httpMetricsSchema,
          requests: { type: 'integer', minimum: 1 },
          shares: { type: 'object', properties: noiseShares },
          warnings,
        },
      },
    },
    warnings,
  },
  if: isOkOrWrong,
  else: { required: ['reason'], properties: { metrics: { maxProperties: 0 } } },
};

/** `MetricInfo`: what a metric of the file is. */
const metricSchema = {
  type: 'object',
  required: ['name', 'source', 'title', 'unit', 'better', 'order'],
  properties: {
    name: text,
    source: { enum: ['fork', 'load'] },
    title: text,
    unit: { enum: ['nanoseconds', 'bytes', 'bytesPerSec', 'perSec', 'share', 'count'] },
    better: { enum: ['lower', 'higher'] },
    order: { type: 'number' },
    meaning: text,
    ratio: { enum: ['value/reference', 'reference/value'] },
    resolution: amount,
    isCompared: yes,
    slug: text,
  },
};

/** `JoinedShards`: the machines that a joined run was measured on. */
const joinedShardsSchema = {
  type: 'object',
  required: ['of', 'parts'],
  properties: {
    of: { type: 'integer', minimum: 1 },
    parts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['index', 'startedAt', 'durationMs', 'environment', 'groups'],
        properties: {
          index: { type: 'integer', minimum: 1 },
          startedAt: { type: 'string', format: 'date-time' },
          durationMs: amount,
          environment: environmentSchema,
          groups: { type: 'array', items: text },
        },
      },
    },
  },
};

/** `RunNoise`: what the run knows of its own noise. @param id the schema of the cells. */
const noiseOf = (id: object) => ({
  type: 'object',
  required: ['twins'],
  properties: {
    clock: { enum: ['elapsed'] },
    ...noiseShares,
    twins: {
      type: 'array',
      items: {
        type: 'object',
        required: ['cell', 'rounds', 'ratio'],
        properties: {
          cell: id,
          rounds: {
            type: 'array',
            minItems: 1,
            items: { type: 'object', required: ['round', 'ratio'], properties: { round: count, ratio: positive } },
          },
          ratio: positive,
          ...interval,
        },
        dependentRequired: wholeInterval,
      },
    },
  },
});

/** `HttpResults`: what a run file holds of a gateway. */
const httpResultsSchema = {
  type: 'object',
  required: ['suites', 'scenarios', 'cells'],
  properties: {
    suites: { type: 'array', items: measuredHttpSuiteSchema },
    scenarios: { type: 'array', items: httpScenarioSchema },
    cells: { type: 'array', items: httpCellSchema },
    plan: httpRunPlanSchema,
    noise: noiseOf({ type: 'object', required: Object.keys(httpCellId), properties: httpCellId }),
  },
};

/** `Run`: the whole of run.json. */
export const runSchema = {
  type: 'object',
  required: ['schemaVersion', 'startedAt', 'durationMs', 'seed', 'profile', 'environment', 'cells'],
  properties: {
    schemaVersion: { const: 1 },
    startedAt: { type: 'string', format: 'date-time' },
    durationMs: amount,
    seed: { type: 'integer' },
    profile: tier,
    interrupted: { type: 'boolean' },
    environment: environmentSchema,
    metrics: { type: 'array', items: metricSchema },
    cells: { type: 'array', items: cellSchema },
    http: httpResultsSchema,
    users: usersResultsSchema,
    warnings,
    plan: runPlanSchema,
    shards: joinedShardsSchema,
    noise: noiseOf(cell),
  },
};
