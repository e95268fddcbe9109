/**
 * Cells from outcomes: medians, intervals, ratios inside rounds, and what becomes of rounds that failed.
 */
import { describe, expect, it } from 'vitest';

import { assembleHttpCells } from '../../src/compare/assemble-loads.ts';
import { scenariosById } from '../load/scenarios.ts';
import type { HttpLoad, HttpOutcome } from '../../src/model/http.ts';
import { httpOutcomeOf } from '../http-outcomes.ts';
import { builtInMetrics, storeHttp } from '../records.ts';

const scenarios = scenariosById(['tools-10']);
const suite = { id: 'suite', reference: 'plain', contenders: ['plain', 'other'].map((id) => ({ id, title: id })) };
const closed: HttpLoad = { kind: 'closed', connections: 10 };

const outcomeOf = (contender: string, round: number, changes: Partial<HttpOutcome> = {}): HttpOutcome =>
  httpOutcomeOf({ contender, round, load: closed }, changes);

const metricsOf = (requestsPerSec: number, more: Record<string, number> = {}): Record<string, number> => ({
  requestsPerSec,
  p50Ns: 1e9 / requestsPerSec,
  wireBytesPerRequest: 100,
  ...more,
});

const assemble = (outcomes: HttpOutcome[]) =>
  storeHttp(assembleHttpCells({ outcomes, scenarios, suites: [suite], metrics: builtInMetrics }));

describe('assembleHttpCells', () => {
  it('forms ratios inside rounds, so that what slows a whole round cancels', () => {
    const outcomes = [100, 50, 200].flatMap((rate, round) => [
      outcomeOf('other', round, { metrics: metricsOf(rate * 2) }),
      outcomeOf('plain', round, { metrics: metricsOf(rate) }),
    ]);
    const [plain, other] = assemble(outcomes);
    expect(plain?.metrics.requestsPerSec).toMatchObject({ median: 100, ratio: { reference: 'plain', ratio: 1 } });
    const ratio = other?.metrics.requestsPerSec?.ratio;
    expect([ratio?.ratio, ratio?.lo, ratio?.hi]).toEqual([2, 2, 2].map((value) => expect.closeTo(value, 9) as number));
    expect(other?.metrics.p50Ns?.ratio?.ratio).toBeCloseTo(0.5, 9);
    // The interval of the metric itself holds what the ratio does not see.
    expect(other?.metrics.requestsPerSec?.lo).toBeLessThan(100);
  });

  it('pairs only rounds that both have, and gives no bounds for a single one', () => {
    const outcomes = [
      outcomeOf('plain', 0, { metrics: metricsOf(10) }),
      outcomeOf('other', 0, { metrics: metricsOf(30) }),
      outcomeOf('other', 1, { metrics: metricsOf(99) }),
    ];
    const ratio = assemble(outcomes)[1]?.metrics.requestsPerSec?.ratio;
    expect(ratio).toEqual({ reference: 'plain', ratio: expect.closeTo(3, 9) as number });
  });

  it('gives no ratio to a metric that is zero somewhere, and leaves out one that rounds lack', () => {
    const outcomes = [0, 1].flatMap((round) => [
      outcomeOf('plain', round, {
        metrics: metricsOf(10, { eventLoopDelayP99Ns: 0, ...(round === 0 ? { p99Ns: 5 } : {}) }),
      }),
      outcomeOf('other', round, { metrics: metricsOf(10, { eventLoopDelayP99Ns: 5 }) }),
    ]);
    const [plain, other] = assemble(outcomes);
    expect(plain?.metrics.eventLoopDelayP99Ns).toMatchObject({ median: 0 });
    expect(other?.metrics.eventLoopDelayP99Ns?.ratio).toBeUndefined();
    expect(other?.metrics.eventLoopDelayP99Ns?.difference).toEqual({ reference: 'plain', value: 5 });
    expect(plain?.metrics.p99Ns).toBeUndefined();
  });

  it('fails a cell with a failed round, however many came out well, and says in how many', () => {
    const failure = { status: 'failed', reason: 'the server died', failures: { ECONNRESET: 3 } } as const;
    const [plain, other] = assemble([
      outcomeOf('plain', 0, { metrics: metricsOf(10) }),
      outcomeOf('plain', 1, failure),
      outcomeOf('other', 0, failure),
    ]);
    expect(plain).toMatchObject({
      status: 'failed',
      reason: 'the server died (in 1 of 2 rounds)',
      metrics: {},
      rounds: [],
      warnings: [],
      failures: { ECONNRESET: 3 },
    });
    expect(other).toMatchObject({ status: 'failed', reason: 'the server died', metrics: {}, rounds: [] });
  });

  it('lets one wrong answer outweigh rounds that came out well', () => {
    const outcomes = [
      outcomeOf('other', 0, { metrics: metricsOf(10) }),
      outcomeOf('other', 1, { status: 'incorrect', reason: 'GET /tools at /0: differs' }),
    ];
    expect(assemble(outcomes)[0]).toMatchObject({
      status: 'incorrect',
      reason: 'GET /tools at /0: differs (in 1 of 2 rounds)',
      metrics: {},
    });
  });

  it('makes nothing of nothing', () => {
    expect(assemble([])).toEqual([]);
  });
});
