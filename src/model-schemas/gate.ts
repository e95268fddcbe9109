/**
 * gate.json.
 */
import {
  amount,
  cell,
  count,
  environmentSchema,
  interval,
  packages,
  positive,
  reason,
  reasonUnlessOk,
  status,
  warnings,
} from './values.ts';

const stage = { enum: ['screen', 'confirm'] };

const version = { type: 'string', minLength: 1 };

const duetSideSchema = {
  type: 'object',
  required: ['status'],
  properties: { status, reason, latencyNs: positive, outputBytes: count, allocatedBytesPerOp: amount },
  ...reasonUnlessOk,
};

/** `Duet`: one cell measured once on both sides. */
export const duetSchema = {
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

export const changeSchema = {
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
