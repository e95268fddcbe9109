/**
 * A load that users made: what it was asked to be, what workers tell of it, and what a run file holds.
 */
import { count, amount, text } from './values.ts';

const counts = { type: 'object', additionalProperties: count };

const recordedLatenciesSchema = {
  type: 'object',
  required: ['histogram', 'maxNs', 'sumNs'],
  properties: { histogram: text, maxNs: amount, sumNs: amount },
};

/** `WorkerSlice`. */
export const workerSliceSchema = {
  type: 'object',
  required: ['elapsedMs', 'sliceMs', 'users', 'begun', 'requests', 'cpuShare'],
  properties: {
    elapsedMs: amount,
    sliceMs: amount,
    users: counts,
    begun: {
      type: 'array',
      items: {
        type: 'object',
        required: ['userClass', 'task', 'count'],
        properties: { userClass: text, task: text, count },
      },
    },
    requests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['userClass', 'task', 'step', 'requests', 'failures', 'wireBytes'],
        properties: {
          userClass: text,
          task: text,
          step: count,
          requests: count,
          failures: counts,
          wireBytes: amount,
          latency: recordedLatenciesSchema,
          serviceTime: recordedLatenciesSchema,
        },
      },
    },
    cpuShare: amount,
    lateness: recordedLatenciesSchema,
  },
};

/** `WorkerEvent`: a line of the journal of a load. */
export const workerEventSchema = {
  type: 'object',
  required: ['type', 'worker'],
  properties: {
    type: { enum: ['slice', 'lost', 'finished'] },
    worker: text,
    slice: workerSliceSchema,
    reason: text,
    unanswered: count,
  },
  anyOf: [
    { properties: { type: { const: 'slice' } }, required: ['slice'] },
    { properties: { type: { const: 'lost' } }, required: ['reason'] },
    { properties: { type: { const: 'finished' } }, required: ['unanswered'] },
  ],
};

const wait = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: ['between', 'constant-throughput'] },
    minSeconds: amount,
    maxSeconds: amount,
    tasksPerSec: amount,
  },
};

const unavailable = {
  type: 'array',
  items: {
    type: 'object',
    required: ['userClass', 'task', 'reason'],
    properties: { userClass: text, task: text, reason: text },
  },
};

const asked = {
  target: text,
  preset: text,
  weights: { enum: ['page', 'contextforge'] },
  users: { type: 'integer', minimum: 1 },
  spawnRatePerSec: { type: 'number', exclusiveMinimum: 0 },
  runTimeMs: { type: 'number', exclusiveMinimum: 0 },
  engine: { enum: ['local', 'locust'] },
  unavailable,
};
const alwaysAsked = ['target', 'weights', 'users', 'spawnRatePerSec', 'engine', 'classes', 'unavailable'];

/** `PlannedLoad`. */
export const plannedLoadSchema = {
  type: 'object',
  required: alwaysAsked,
  properties: {
    ...asked,
    classes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'title', 'weight', 'wait', 'tasks'],
        properties: {
          name: text,
          title: text,
          weight: amount,
          wait,
          tasks: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'weight', 'steps'],
              properties: {
                name: text,
                weight: amount,
                steps: {
                  type: 'array',
                  items: { type: 'object', required: ['method', 'path'], properties: { method: text, path: text } },
                },
              },
            },
          },
        },
      },
    },
  },
};

const latencySummary = {
  type: 'object',
  required: ['p50Ns', 'p90Ns', 'p95Ns', 'p99Ns', 'p999Ns', 'maxNs', 'meanNs'],
  properties: {
    p50Ns: amount,
    p90Ns: amount,
    p95Ns: amount,
    p99Ns: amount,
    p999Ns: amount,
    maxNs: amount,
    meanNs: amount,
  },
};

const counted = {
  requests: count,
  failures: counts,
  wireBytes: amount,
  latency: latencySummary,
  serviceTime: latencySummary,
  histograms: {
    type: 'object',
    required: ['latency', 'serviceTime'],
    properties: { latency: text, serviceTime: text },
  },
};

/** `UsersResults`. */
export const usersResultsSchema = {
  type: 'object',
  required: [...alwaysAsked, 'elapsedMs', 'unanswered', 'requests', 'total', 'timeline', 'workers', 'incomplete'],
  properties: {
    ...asked,
    elapsedMs: amount,
    unanswered: count,
    classes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'title', 'weight', 'users', 'wait', 'tasks'],
        properties: {
          name: text,
          title: text,
          weight: amount,
          users: count,
          wait,
          tasks: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'weight', 'begun'],
              properties: { name: text, weight: amount, begun: count },
            },
          },
        },
      },
    },
    requests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['userClass', 'task', 'request', 'method', 'requests', 'failures', 'wireBytes'],
        properties: { userClass: text, task: text, request: text, method: { type: 'string' }, ...counted },
      },
    },
    total: { type: 'object', required: ['requests', 'failures', 'wireBytes'], properties: counted },
    timeline: {
      type: 'array',
      items: {
        type: 'object',
        required: ['elapsedMs', 'sliceMs', 'users', 'requests', 'failures'],
        properties: {
          elapsedMs: amount,
          sliceMs: amount,
          users: count,
          requests: count,
          failures: count,
          failuresByKind: counts,
          p50Ns: amount,
          p95Ns: amount,
          p99Ns: amount,
        },
      },
    },
    workers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'state', 'users', 'requests', 'cpuShare', 'latenessP99Ns'],
        properties: {
          id: text,
          state: { enum: ['finished', 'lost'] },
          users: count,
          requests: count,
          cpuShare: amount,
          latenessP99Ns: amount,
        },
      },
    },
    incomplete: { type: 'array', items: text },
  },
};
