/**
 * What the schemas of all files and messages have in common.
 *
 * A worker process runs foreign code and a run file may come from anywhere: both are checked against JSON Schemas of
 * the types of src/model before they are believed.
 */

export const text = { type: 'string' };

export const count = { type: 'integer', minimum: 0 };

export const amount = { type: 'number', minimum: 0 };

export const positive = { type: 'number', exclusiveMinimum: 0 };

export const warnings = { type: 'array', items: text };

export const reason = { type: 'string', minLength: 1 };

const notOk = { enum: ['incorrect', 'unsupported', 'unavailable', 'failed'] };

export const status = { enum: ['ok', ...notOk.enum] };

/** Asks for nothing where the status itself is wrong, so that the message is about the status. */
export const isOkOrWrong = { properties: { status: { not: notOk } } };

export const reasonUnlessOk = { if: isOkOrWrong, else: { required: ['reason'] } };

export const cellId = {
  suite: text,
  contender: text,
  payload: text,
  items: { type: 'integer', minimum: 1 },
  variant: { enum: ['text', 'native'] },
  sink: { enum: ['string', 'bytes'] },
};

export const cell = { type: 'object', required: Object.keys(cellId), properties: cellId };

export const packages = { type: 'object', additionalProperties: text };

export const interval = {
  lo: positive,
  hi: positive,
  confidence: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
};

export const wholeInterval = { lo: ['hi', 'confidence'], hi: ['lo', 'confidence'], confidence: ['lo', 'hi'] };

export const environmentSchema = {
  type: 'object',
  required: ['node', 'v8', 'os', 'arch', 'cpuModel', 'cores', 'memoryBytes', 'packages'],
  properties: {
    node: text,
    v8: text,
    runtime: {
      type: 'object',
      required: ['name', 'version'],
      properties: { name: { enum: ['node', 'bun', 'deno'] }, version: text, v8: text },
    },
    os: text,
    arch: text,
    cpuModel: text,
    cores: { type: 'integer', minimum: 1 },
    memoryBytes: count,
    packages,
    commit: text,
  },
};

export const yes = { const: true };

export const tier = { enum: ['quick', 'standard', 'thorough'] };
