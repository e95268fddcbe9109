/**
 * JSON Schemas of those types of model.ts and model/ that cross a process or a disk, for ajv.
 *
 * A worker process runs foreign code and a run file may come from anywhere: both are checked against these before
 * they are believed. Fields may be added to a run file, so unknown ones are allowed. Deliberately absent: ajv itself.
 */

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const amount = { type: 'number', minimum: 0 };
const positive = { type: 'number', exclusiveMinimum: 0 };
const warnings = { type: 'array', items: text };
const reason = { type: 'string', minLength: 1 };
const notOk = { enum: ['incorrect', 'unsupported', 'unavailable', 'failed'] };
const status = { enum: ['ok', ...notOk.enum] };
/** Asks for nothing where the status itself is wrong, so that the message is about the status. */
const isOkOrWrong = { properties: { status: { not: notOk } } };
const reasonUnlessOk = { if: isOkOrWrong, else: { required: ['reason'] } };

const cellId = {
  suite: text,
  contender: text,
  payload: text,
  items: { type: 'integer', minimum: 1 },
  variant: { enum: ['text', 'native'] },
  sink: { enum: ['string', 'bytes'] },
};

const cell = { type: 'object', required: Object.keys(cellId), properties: cellId };
const packages = { type: 'object', additionalProperties: text };

const interval = {
  lo: positive,
  hi: positive,
  confidence: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
};

export const observationSchema = {
  type: 'object',
  required: ['input', 'outcome', 'output'],
  properties: {
    input: text,
    outcome: { enum: ['kept', 'converted', 'changed', 'error', 'rejected', 'crashed', 'unsupported'] },
    output: text,
  },
};

const forkSchema = {
  type: 'object',
  required: ['round', 'latencyNs', 'blocks', 'opsPerBlock', 'peakBlockNs', 'compileNs', 'outputBytes', 'warnings'],
  properties: {
    round: count,
    latencyNs: positive,
    blocks: { type: 'array', minItems: 1, items: positive },
    opsPerBlock: { type: 'integer', minimum: 1 },
    peakBlockNs: positive,
    compileNs: amount,
    outputBytes: count,
    allocatedBytesPerOp: amount,
    gcTimeShare: { type: 'number', minimum: 0, maximum: 1 },
    warnings,
  },
};

const encodedSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['encoding', 'level', 'sizeBytes', 'latencyNs'],
    properties: {
      encoding: { enum: ['gzip', 'br', 'zstd'] },
      level: { type: 'integer' },
      sizeBytes: positive,
      latencyNs: positive,
    },
  },
};

/** `ForkOutcome` without the cell and round, which the parent knows better than the worker. */
export const workerOutcomeSchema = {
  type: 'object',
  required: ['status'],
  properties: {
    status,
    reason,
    fork: forkSchema,
    size: {
      type: 'object',
      required: ['outputBytes', 'encoded'],
      properties: { outputBytes: positive, encoded: encodedSchema },
    },
    observations: { type: 'array', items: observationSchema },
    example: text,
  },
  ...reasonUnlessOk,
};

/** `ForkOutcome`: a line of the journal. */
export const forkOutcomeSchema = {
  ...workerOutcomeSchema,
  required: ['cell', 'round', 'status'],
  properties: {
    ...workerOutcomeSchema.properties,
    cell,
    round: count,
  },
};

const wholeInterval = { lo: ['hi', 'confidence'], hi: ['lo', 'confidence'], confidence: ['lo', 'hi'] };

const summarySchema = {
  type: 'object',
  required: ['median'],
  properties: {
    median: amount,
    // An interval around rounds some of which were never late reaches below zero.
    lo: { type: 'number' },
    hi: amount,
    confidence: interval.confidence,
    ratio: {
      type: 'object',
      required: ['reference', 'ratio'],
      properties: { reference: text, ratio: positive, ...interval },
      dependentRequired: wholeInterval,
    },
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
    speedup: {
      type: 'object',
      required: ['reference', 'ratio'],
      properties: { reference: text, ratio: positive, ...interval },
    },
    warnings,
  },
  ...reasonUnlessOk,
};

export const environmentSchema = {
  type: 'object',
  required: ['node', 'v8', 'os', 'arch', 'cpuModel', 'cores', 'memoryBytes', 'packages'],
  properties: {
    node: text,
    v8: text,
    os: text,
    arch: text,
    cpuModel: text,
    cores: { type: 'integer', minimum: 1 },
    memoryBytes: count,
    packages,
    commit: text,
  },
};

const yes = { const: true };

const httpLoadSchema = {
  type: 'object',
  required: ['kind', 'connections'],
  properties: {
    kind: { enum: ['closed', 'open'] },
    connections: { type: 'integer', minimum: 1 },
    requestsPerSec: positive,
  },
  if: { properties: { kind: { not: { const: 'open' } } } },
  else: { required: ['requestsPerSec'] },
};

const httpCellId = { suite: text, scenario: text, contender: text, load: httpLoadSchema };

const httpMetricsSchema = {
  type: 'object',
  required: ['requestsPerSec', 'p50Ns', 'wireBytesPerRequest'],
  properties: {
    requestsPerSec: positive,
    p50Ns: positive,
    p95Ns: positive,
    p99Ns: positive,
    p999Ns: positive,
    cpuNsPerRequest: amount,
    eventLoopDelayP99Ns: amount,
    wireBytesPerRequest: amount,
    peakMemoryBytes: amount,
  },
};

/** Numbers of requests and reasons by names that may come from a server or a later version: any name will do. */
const httpFailures = { type: 'object', additionalProperties: count };
const httpAbsent = { type: 'object', additionalProperties: reason };

/** `HttpOutcome`: a line of the journal of a run over HTTP. */
export const httpOutcomeSchema = {
  type: 'object',
  required: [...Object.keys(httpCellId), 'round', 'status', 'failures', 'absent', 'warnings'],
  properties: {
    ...httpCellId,
    round: count,
    status,
    reason,
    metrics: httpMetricsSchema,
    requests: { type: 'integer', minimum: 1 },
    failures: httpFailures,
    absent: httpAbsent,
    warnings,
  },
  allOf: [
    reasonUnlessOk,
    { if: { properties: { status: { not: { const: 'ok' } } } }, else: { required: ['metrics', 'requests'] } },
  ],
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
        properties: { round: count, metrics: httpMetricsSchema, requests: { type: 'integer', minimum: 1 } },
      },
    },
    warnings,
  },
  if: isOkOrWrong,
  else: { required: ['reason'], properties: { metrics: { maxProperties: 0 } } },
};

const tier = { enum: ['quick', 'standard', 'thorough'] };

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
          weight: { type: 'integer', minimum: 1 },
        },
      },
    },
    writes: { type: 'boolean' },
    volatile: { type: 'array', items: text },
    sweep: { type: 'boolean' },
    tier,
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
            },
          },
        },
      },
    },
  },
};

/** `HttpResults`: what a run file holds of a gateway. */
const httpResultsSchema = {
  type: 'object',
  required: ['suites', 'scenarios', 'cells'],
  properties: {
    suites: { type: 'array', items: measuredHttpSuiteSchema },
    scenarios: { type: 'array', items: httpScenarioSchema },
    cells: { type: 'array', items: httpCellSchema },
  },
};

/** `Run`: the whole of run.json. */
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
    warnings,
  },
};

const stage = { enum: ['screen', 'confirm'] };
const version = { type: 'string', minLength: 1 };

const duetSideSchema = {
  type: 'object',
  required: ['status'],
  properties: { status, reason, latencyNs: positive, outputBytes: count, allocatedBytesPerOp: amount },
  ...reasonUnlessOk,
};

/** `Duet`: one cell measured once on both sides. */
const duetSchema = {
  type: 'object',
  required: ['cell', 'stage', 'fork', 'baseline', 'candidate', 'warnings'],
  properties: {
    cell,
    stage,
    fork: count,
    baseline: duetSideSchema,
    candidate: duetSideSchema,
    logRatio: { type: 'number' },
    nullLogRatio: { type: 'number' },
    opsPerBlock: { type: 'integer', minimum: 1 },
    warnings,
  },
};

/** Nothing takes less than no time, so a share of the baseline is never below -1. */
const share = { type: 'number', minimum: -1 };
const changeSchema = {
  type: 'object',
  required: ['value'],
  properties: { value: share, lo: share, hi: share, confidence: interval.confidence },
};

const countChangeSchema = {
  type: 'object',
  required: ['baseline', 'candidate', 'change', 'verdict'],
  properties: {
    baseline: amount,
    candidate: amount,
    change: share,
    verdict: { enum: ['pass', 'regression', 'improvement'] },
  },
};

const gateCellSchema = {
  type: 'object',
  required: ['cell', 'verdict', 'reason', 'stage', 'tolerance', 'duets'],
  properties: {
    cell,
    verdict: { enum: ['pass', 'regression', 'improvement', 'inconclusive', 'new', 'gone', 'unmeasured', 'failed'] },
    reason,
    stage,
    tolerance: {
      type: 'object',
      required: ['time', 'outputBytes', 'allocations'],
      properties: { time: amount, outputBytes: amount, allocations: amount },
    },
    time: changeSchema,
    nullArm: changeSchema,
    detectable: amount,
    outputBytes: countChangeSchema,
    allocations: countChangeSchema,
    duets: { type: 'array', items: duetSchema },
  },
};

function sideSchema(name: 'baseline' | 'candidate'): object {
  return {
    type: 'object',
    required: ['name', 'ref', 'commit', 'node', 'packages'],
    properties: { name: { const: name }, ref: version, commit: version, node: version, packages },
  };
}

/** `GateSession`: the whole of gate.json. */
export const gateSessionSchema = {
  type: 'object',
  required: [
    'gateVersion',
    'startedAt',
    'durationMs',
    'seed',
    'baseline',
    'candidate',
    'environment',
    'falseAlarmRate',
    'cells',
    'leftOut',
    'verdict',
    'warnings',
  ],
  properties: {
    gateVersion: { const: 1 },
    invocation: { type: 'string' },
    startedAt: { type: 'string', format: 'date-time' },
    durationMs: amount,
    seed: { type: 'integer' },
    baseline: sideSchema('baseline'),
    candidate: sideSchema('candidate'),
    environment: environmentSchema,
    falseAlarmRate: { type: 'number', minimum: 0, maximum: 1 },
    cells: { type: 'array', items: gateCellSchema },
    leftOut: { type: 'array', items: { type: 'object', required: ['cell', 'reason'], properties: { cell, reason } } },
    verdict: { enum: ['pass', 'regression', 'inconclusive', 'failed'] },
    interrupted: { type: 'boolean' },
    warnings,
  },
};

const injectedSchema = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: ['none', 'repeat', 'mutant'] },
    share: { type: 'number', minimum: 0, maximum: 1 },
    side: { enum: ['baseline', 'candidate'] },
    mutant: text,
  },
};
const loadSchema = { enum: ['quiet', 'busy'] };

export const powerEvidenceSchema = {
  type: 'object',
  required: [
    'powerVersion',
    'startedAt',
    'environment',
    'tolerance',
    'falseAlarmRate',
    'screenForks',
    'confirmForks',
    'duets',
    'sessions',
  ],
  properties: {
    powerVersion: { const: 1 },
    startedAt: { type: 'string', format: 'date-time' },
    environment: environmentSchema,
    tolerance: positive,
    falseAlarmRate: positive,
    screenForks: { type: 'integer', minimum: 1 },
    confirmForks: { type: 'integer', minimum: 1 },
    duets: {
      type: 'array',
      items: {
        type: 'object',
        required: ['load', 'injected', 'duet'],
        properties: { load: loadSchema, injected: injectedSchema, duet: duetSchema },
      },
    },
    sessions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['load', 'injected', 'durationMs', 'verdict', 'cells'],
        properties: {
          load: loadSchema,
          injected: injectedSchema,
          cell,
          durationMs: amount,
          verdict: { enum: ['pass', 'regression', 'inconclusive', 'failed'] },
          cells: {
            type: 'array',
            items: {
              type: 'object',
              required: ['cell', 'verdict'],
              properties: { cell, verdict: text, time: changeSchema },
            },
          },
        },
      },
    },
  },
};
