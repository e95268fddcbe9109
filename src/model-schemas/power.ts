/**
 * The evidence of how much the gate sees.
 */
import { changeSchema, duetSchema } from './gate.ts';
import { amount, cell, environmentSchema, positive, text } from './values.ts';

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
    looks: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1 } },
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
