/**
 * What is measured over HTTP, and the line that a journal keeps of each load.
 */
import {
  amount,
  cellId,
  count,
  positive,
  reason,
  reasonUnlessOk,
  status,
  text,
  tier,
  warnings,
  yes,
} from './values.ts';

const httpLoadSchema = {
  type: 'object',
  required: ['kind', 'connections'],
  properties: {
    kind: { enum: ['closed', 'open'] },
    connections: { type: 'integer', minimum: 1 },
    requestsPerSec: positive,
    isNamed: yes,
  },
  if: { properties: { kind: { not: { const: 'open' } } } },
  else: { required: ['requestsPerSec'] },
};

export const httpCellId = { suite: text, scenario: text, contender: text, load: httpLoadSchema };

export const httpMetricsSchema = {
  type: 'object',
  required: ['requestsPerSec', 'p50Ns', 'wireBytesPerRequest'],
  properties: {
    requestsPerSec: positive,
    p50Ns: positive,
    p95Ns: positive,
    p99Ns: positive,
    p999Ns: positive,
    cpuNsPerRequest: amount,
    behindCpuNsPerRequest: amount,
    eventLoopDelayP99Ns: amount,
    wireBytesPerRequest: amount,
    peakMemoryBytes: amount,
  },
};

const share = { type: 'number', minimum: 0, maximum: 1 };

/** `NoiseShares`. */
export const noiseShares = { cleanShare: share, stolenShare: share, othersShare: share };

/** Numbers of requests and reasons by names that may come from a server or a later version: any name will do. */
export const httpFailures = { type: 'object', additionalProperties: count };

export const httpAbsent = { type: 'object', additionalProperties: reason };

/** `HttpOutcome`: a line of the journal of a run over HTTP. */
export const httpOutcomeSchema = {
  type: 'object',
  required: [...Object.keys(httpCellId), 'round', 'status', 'failures', 'absent', 'warnings'],
  properties: {
    ...httpCellId,
    round: count,
    isTwin: yes,
    status,
    reason,
    metrics: httpMetricsSchema,
    requests: { type: 'integer', minimum: 1 },
    ...noiseShares,
    failures: httpFailures,
    absent: httpAbsent,
    warnings,
  },
  allOf: [
    reasonUnlessOk,
    { if: { properties: { status: { not: { const: 'ok' } } } }, else: { required: ['metrics', 'requests'] } },
  ],
};

/** `HttpScenario`: what clients of a gateway did. */
export const httpScenarioSchema = {
  type: 'object',
  required: ['id', 'title', 'where', 'items', 'client', 'requests', 'writes', 'volatile', 'sweep', 'tier'],
  properties: {
    id: text,
    title: text,
    where: text,
    items: cellId.items,
    client: { enum: ['load', 'sync', 'events'] },
    requests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['method', 'path', 'weight'],
        properties: {
          method: { enum: ['GET', 'POST', 'PUT'] },
          path: { type: 'string', pattern: '^/' },
          callsTool: yes,
          entity: { enum: ['tools', 'servers'] },
          isPage: yes,
          weight: { type: 'integer', minimum: 1 },
        },
      },
    },
    writes: { type: 'boolean' },
    volatile: { type: 'array', items: text },
    connections: { type: 'integer', minimum: 1 },
    sweep: { type: 'boolean' },
    rates: { type: 'array', items: positive },
    rateWindowMs: positive,
    tier,
    headline: yes,
    isNamed: yes,
  },
};

/** `MeasuredHttpSuite`: which servers made one table. */
export const measuredHttpSuiteSchema = {
  type: 'object',
  required: ['id', 'title', 'question', 'reference', 'contenders'],
  properties: {
    id: text,
    title: text,
    question: text,
    reference: text,
    contenders: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['id', 'title'],
        properties: {
          id: text,
          title: text,
          settings: {
            type: 'object',
            required: ['serializer'],
            properties: {
              serializer: text,
              compression: { enum: ['gzip', 'br', 'zstd'] },
              cache: yes,
              closesConnections: yes,
              authentication: yes,
              bare: yes,
              forwarding: { enum: ['server', 'gateway'] },
            },
          },
        },
      },
    },
  },
};
