/**
 * What a process that measures says, and the line that a journal keeps of it.
 */
import { amount, cell, count, positive, reason, reasonUnlessOk, status, text, warnings } from './values.ts';

export const observationSchema = {
  type: 'object',
  required: ['input', 'outcome', 'output'],
  properties: {
    input: text,
    outcome: { enum: ['kept', 'converted', 'changed', 'error', 'rejected', 'crashed', 'unsupported'] },
    output: text,
  },
};

const share = { type: 'number', minimum: 0, maximum: 1 };

export const forkSchema = {
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
    gcTimeShare: share,
    clock: { enum: ['elapsed'] },
    cleanShare: share,
    stolenShare: share,
    othersShare: share,
    warnings,
  },
};

export const encodedSchema = {
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
    isTwin: { type: 'boolean' },
  },
};
