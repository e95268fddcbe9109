/**
 * A made-up run over HTTP that holds every field and every kind of cell once: the material of the store's tests.
 *
 * Names are invented: nothing here is a measurement.
 */
import type { HttpOutcome, HttpScenario, MeasuredHttpSuite } from '../../src/model/http.ts';
import type { Run } from '../../src/model/run.ts';
import type { HttpCellRecord, RunRecord } from '../../src/run-file/records.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';

export const environment: Run['environment'] = { ...imaginaryEnvironment, packages: { fastify: '5' }, commit: 'abc' };

export const suite: MeasuredHttpSuite = {
  id: 'writers',
  title: 'Writers',
  question: 'Which?',
  reference: 'plain',
  contenders: [
    { id: 'plain', title: 'plain', settings: { serializer: 'plain', closesConnections: true } },
    {
      id: 'quick',
      title: 'quick',
      settings: { serializer: 'quick', compression: 'br', cache: true, authentication: true, bare: true },
    },
    { id: 'site', title: 'somebody else' },
  ],
};

export const scenario: HttpScenario = {
  id: 'calls',
  title: 'calls',
  where: 'everywhere',
  items: 3,
  client: 'load',
  requests: [
    { method: 'POST', path: '/rpc', body: { jsonrpc: '2.0', id: 1 }, weight: 1 },
    { method: 'POST', path: '/rpc', callsTool: true, weight: 2 },
  ],
  writes: true,
  volatile: ['/exported_at'],
  sweep: false,
  tier: 'quick',
};

const metrics = {
  requestsPerSec: 100,
  p50Ns: 5,
  p95Ns: 6,
  p99Ns: 7,
  p999Ns: 8,
  cpuNsPerRequest: 4,
  eventLoopDelayP99Ns: 0,
  wireBytesPerRequest: 99.5,
  peakMemoryBytes: 9,
};
const id = { suite: suite.id, scenario: scenario.id, load: { kind: 'closed', connections: 10 } } as const;
const bounds = { confidence: 0.95 } as const;
const common: Pick<HttpCellRecord, 'items' | 'absent' | 'failures' | 'warnings'> = {
  items: 3,
  absent: {},
  failures: {},
  warnings: [],
};

export const cells: readonly HttpCellRecord[] = [
  {
    ...id,
    ...common,
    contender: 'plain',
    status: 'ok',
    metrics: {
      requestsPerSec: { median: 100, ratio: { reference: 'plain', ratio: 1 } },
      eventLoopDelayP99Ns: { median: 0, lo: -1, hi: 1, ...bounds },
    },
    absent: { p999Ns: 'too few requests' },
    rounds: [{ round: 0, metrics, requests: 50 }],
    warnings: ['only 1 round'],
  },
  {
    ...id,
    ...common,
    contender: 'quick',
    status: 'ok',
    load: { kind: 'open', connections: 64, requestsPerSec: 20 },
    metrics: {
      p50Ns: {
        median: 5,
        lo: 4,
        hi: 6,
        ...bounds,
        ratio: {
          reference: 'plain',
          ratio: 1.5,
          lo: 1.4,
          hi: 1.6,
          ...bounds,
          degreesOfFreedom: 6.5,
          usualSpread: { variance: 0.01, degreesOfFreedom: 4.5, ratios: 12 },
        },
      },
    },
    rounds: [
      { round: 0, metrics, requests: 50 },
      { round: 1, metrics, requests: 51 },
    ],
  },
  {
    ...id,
    ...common,
    contender: 'site',
    status: 'failed',
    reason: 'requests failed: 3 x HTTP 503',
    metrics: {},
    rounds: [],
    failures: { 'HTTP 503': 3 },
  },
];

export const httpRun: RunRecord = {
  schemaVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1,
  seed: 1,
  profile: 'quick',
  environment,
  cells: [],
  http: { suites: [suite], scenarios: [scenario], cells },
};

export const outcome: HttpOutcome = {
  ...id,
  contender: 'quick',
  round: 0,
  status: 'ok',
  metrics,
  requests: 50,
  failures: {},
  absent: { p999Ns: 'too few requests' },
  warnings: ['only one'],
};
