/**
 * What people read of a load: the generator's limit before anything else, and sentences of that load's own figures.
 */
import { describe, expect, it } from 'vitest';

import type { SideFigures } from '../../src/hey/figures.ts';
import { describeResult, describeSettings } from '../../src/hey/report.ts';
import type { HeyResult } from '../../src/hey/result.ts';

const shape: HeyResult['shape'] = {
  connections: 10,
  volume: { kind: 'requests', requests: 2000 },
  timeoutMs: 20_000,
  keepsAlive: true,
};

function figures(more: Partial<SideFigures> = {}): SideFigures {
  return {
    sent: 2000,
    answered: 2000,
    failures: [],
    abandoned: 0,
    statuses: { 200: 2000 },
    elapsedNs: 2e9,
    receivedBytes: 1e6,
    latencies: {
      fastestNs: 1e6,
      meanNs: 10e6,
      slowestNs: 40e6,
      percentiles: [
        { percent: 50, ns: 9e6 },
        { percent: 75, ns: 11e6 },
        { percent: 90, ns: 14e6 },
        { percent: 95, ns: 16e6 },
        { percent: 99, ns: 30e6 },
        { percent: 99.9 },
      ],
    },
    windows: [],
    ...more,
  };
}

function resultOf(more: Partial<HeyResult> = {}): HeyResult {
  return {
    schemaVersion: 1,
    startedAt: '2026-01-02T03:04:05.000Z',
    interrupted: false,
    engine: { name: 'closed-loop', title: 'closed loop', limits: [] },
    shape,
    asked: {
      target: { url: 'http://localhost:4444/rpc', method: 'POST', headers: [], payload: 'ping' },
      figures: figures(),
    },
    cpuShare: 0.5,
    busyShare: 0.6,
    ...more,
  };
}

function lines(result: HeyResult): string[] {
  return describeResult(result).split('\n');
}

describe('describeResult', () => {
  it('has figures, and a sentence for each that people look at first', () => {
    const text = describeResult(resultOf());
    expect(text).toMatch(/^POST http:\/\/localhost:4444\/rpc \(ping\)$/m);
    expect(text).toMatch(/^requests\/s +1,000$/m);
    expect(text).toMatch(/^p95 +16\.0 ms$/m);
    expect(text).toMatch(/^p99\.9 +not known$/m);
    expect(text).toMatch(/^generator +50% of its processor time, busy 60% of the time$/m);
    expect(text).toContain('requests/s: 1,000 proper answers a second, over 10 connections');
    expect(text).toContain('5 in 100 answers took longer than 16.0 ms, 1 in 100 longer than 30.0 ms');
    expect(text).toContain('non-2xx:    0 of 2,000 requests (0%)');
    expect(text).not.toMatch(/[^\S\n]$/m);
  });

  it('begins with the limit of what made the load', () => {
    expect(lines(resultOf({ cpuShare: 0.95 }))[0]).toContain('used 95% of its processor: these figures are its limit');
    expect(lines(resultOf({ cpuShare: 0.5, busyShare: 0.97 }))[0]).toContain(
      'busy 97% of the time and had 50% of a processor',
    );
    expect(lines(resultOf({ cpuShare: 0.89, busyShare: 0.89 }))[0]).toMatch(/^POST /);
  });

  it('names failures, and keeps them apart from statuses', () => {
    const failed = figures({
      answered: 1990,
      failures: [
        { kind: 'isError', count: 7, example: 'no\u001b[31m disk' },
        { kind: 'HTTP 503', count: 3 },
      ],
      statuses: { 200: 1997, 503: 3 },
    });
    const text = describeResult(resultOf({ asked: { ...resultOf().asked, figures: failed }, interrupted: true }));
    expect(text).toMatch(/^Interrupted: what was measured until then\.$/m);
    expect(text).toMatch(/^ {2}7 x isError, e\.g\. "no disk"$/m);
    expect(text).toMatch(/^ {2}3 x HTTP 503$/m);
    expect(text).toContain('non-2xx:    3 of 2,000 requests (0.15%); 7 failed without such a status');
  });

  it('says what a gateway adds, with bounds where there are any', () => {
    const direct = { target: { ...resultOf().asked.target, url: 'http://localhost:9000/mcp' }, figures: figures() };
    const overhead = {
      rate: { mean: 0.5, lo: 0.45, hi: 0.55, confidence: 0.95 },
      medianNs: { mean: 5e6, lo: 4e6, hi: 6e6, confidence: 0.95 },
      added: [
        { percent: 50, addedNs: 5e6 },
        { percent: 99, addedNs: -1e6 },
      ],
    };
    const text = describeResult(resultOf({ direct, overhead }));
    expect(text).toMatch(/^and directly http:\/\/localhost:9000\/mcp \(ping\)$/m);
    expect(text).toMatch(/^ +by the gateway +directly$/m);
    expect(text).toMatch(/^p50 +9\.00 ms +9\.00 ms$/m);
    expect(text).toContain('The gateway adds 5.00 ms to the median (4.00 ms to 6.00 ms), -1.00 ms to p99');
    expect(text).toContain('0.50x as many a second (-50%; 0.45–0.55x)');
    const few = { ...overhead, rate: { mean: 0.5 }, medianNs: { mean: 5e6 } };
    expect(describeResult(resultOf({ direct, overhead: few }))).toContain('0.50x as many a second (-50%)');
  });
});

describe('describeSettings', () => {
  it('says all of what is sent', () => {
    const text = describeSettings({
      shape: { ...shape, volume: { kind: 'time', ms: 30_000 }, mostPerSec: 5, keepsAlive: false, timeoutMs: 0 },
      asked: { url: 'http://localhost/', method: 'GET', headers: ['A: b', 'C: d'] },
      engine: 'hey',
    });
    expect(text).toBe(
      [
        'GET         http://localhost/',
        'headers     A: b',
        '            C: d',
        'payload     none',
        'requests    as many as there is time for in 30 s',
        'over        10 connections, a new one for each request',
        'time limit  none',
        'at most     5 a second over each connection',
        'engine      hey',
        '',
      ].join('\n'),
    );
  });
});
