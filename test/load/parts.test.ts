/**
 * The parts that need no server: percentiles, windows, weights, outcomes, scenarios, messages.
 */
import behindCpu from '../../bench/metrics/behindCpuNsPerRequest.ts';
import { describe, expect, it } from 'vitest';

import { spreadByWeight } from '../../src/load/generators/request-order.ts';
import { isLoadMessage } from '../../src/load/generators/messages.ts';
import { isWatchReading } from '../../src/load/servers/watch-messages.ts';
import { makeOutcome } from '../../src/load/outcome.ts';
import { closedLoadsOf, httpProfiles } from '../../src/load/profiles.ts';
import { scenariosOf } from '../../src/load/scenarios.ts';
import { percentileOf, Recorder } from '../../src/load/generators/recorder.ts';
import { builtInMetrics } from '../records.ts';
import { allScenarios, scenariosById } from './scenarios.ts';

const settings = {
  warmupMs: 100,
  fewestWarmups: 1,
  longestWarmupMs: 5000,
  measureMs: 1000,
  fewestRequests: 3,
  longestMs: 5000,
  requestTimeoutMs: 1000,
};

describe('percentileOf', () => {
  it('finds the value that a share of all stays within', () => {
    const ascending = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect([50, 95, 99, 99.9].map((percent) => percentileOf({ ascending, percent }))).toEqual([500, 950, 990, 999]);
    expect(percentileOf({ ascending: [7], percent: 50 })).toBe(7);
  });

  it('leaves out percentiles that lie beyond the evidence, and everything where there is none', () => {
    const ascending = Array.from({ length: 99 }, () => 1000);
    const known = [50, 95, 99, 99.9].filter((percent) => percentileOf({ ascending, percent }) !== undefined);
    expect(known).toEqual([50, 95]);
    expect(percentileOf({ ascending: [], percent: 50 })).toBeUndefined();
  });
});

describe('Recorder', () => {
  function recordAt(times: readonly number[], options: Partial<typeof settings> = {}) {
    let nowMs = 0;
    const events: string[] = [];
    const note = (what: string) => () => void events.push(`${what} ${nowMs}`);
    const recorder = new Recorder({
      settings: { ...settings, ...options },
      isWarm: true,
      connections: 10,
      now: () => nowMs,
      onBegin: note('begin'),
      onEnd: note('end'),
    });
    for (const time of times) {
      nowMs = time;
      recorder.answered(5e6, 100);
    }
    return { recorder, events };
  }

  it('counts from the first answer after the warm-up to the last one of the window', () => {
    const { recorder, events } = recordAt([50, 99, 200, 700, 1199, 1200, 1300]);
    expect(events).toEqual(['begin 200', 'end 1200']);
    expect(recorder.recording()).toMatchObject({ requests: 3, elapsedNs: 1000e6, wireBytes: 300 });
  });

  it('warms up until enough was answered, however slow answers are, and no longer than its cap', () => {
    expect(recordAt([50, 200, 900, 1000, 2000], { fewestWarmups: 3 }).events).toEqual(['begin 900']);
    expect(recordAt([200, 4000, 5000, 5500], { fewestWarmups: 30 }).events).toEqual(['begin 5000']);
  });

  it('goes on until there are answers enough, and no longer than its cap', () => {
    expect(recordAt([200, 1300, 2300, 3300]).events).toEqual(['begin 200', 'end 3300']);
    expect(recordAt([200, 1300, 5300, 6000]).events).toEqual(['begin 200', 'end 5300']);
  });

  it('ends after many failures and keeps their kinds', () => {
    const { recorder, events } = recordAt([200]);
    recorder.failed('HTTP 503', 99);
    expect(recorder.isOver).toBe(false);
    recorder.failed('timeout');
    expect(events.at(-1)).toBe('end 200');
    expect(recorder.recording().failures).toEqual({ 'HTTP 503': 99, timeout: 1 });
  });
});

describe('spreadByWeight', () => {
  it('repeats each request as its weight says and reduces common factors', () => {
    const [a, b] = [3, 6].map((weight, index) => ({ method: 'GET' as const, path: `/${index}`, weight }));
    const paths = spreadByWeight([a, b] as [typeof a & object, typeof b & object]).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['/0', '/1', '/1']);
  });
});

describe('makeOutcome', () => {
  const report = {
    requests: 100,
    elapsedNs: 1e9,
    wireBytes: 5000,
    latenciesNs: Array.from({ length: 100 }, () => 1e6),
    failures: {},
    cpuShare: 0.2,
  };
  const outcomeOf = (changes: object, kind: 'closed' | 'open' = 'closed') => {
    const load = kind === 'closed' ? { kind, connections: 10 } : { kind, connections: 10, requestsPerSec: 200 };
    const account = {
      reading: { type: 'wirebench-reading' as const, elapsedNs: 2e9, cpuNs: 1e9 },
      peakMemoryBytes: 7,
      behindCpuNs: 5e8,
    };
    return makeOutcome({
      id: { suite: 'suite', scenario: 's', contender: 'c', load },
      round: 0,
      job: { load, client: 'load', settings },
      report: { ...report, ...changes },
      account,
      windows: 2,
      warnings: [],
      metrics: [...builtInMetrics, { name: 'behindCpuNsPerRequest', ...behindCpu }],
    });
  };

  it('divides rates by rates, so that windows of unequal length do no harm', () => {
    const { metrics } = outcomeOf({});
    expect(metrics).toMatchObject({ requestsPerSec: 100, wireBytesPerRequest: 50, peakMemoryBytes: 7 });
    // Half a processor's second in each second, for a hundred requests.
    expect(metrics?.cpuNsPerRequest).toBeCloseTo(5e6);
    expect(metrics?.['behindCpuNsPerRequest']).toBeCloseTo(2.5e6);
  });

  it('says why a metric is absent', () => {
    expect(outcomeOf({}).absent).toMatchObject({
      p999Ns: 'too few requests',
      eventLoopDelayP99Ns: 'the event loop came round too seldom',
    });
  });

  it('warns of a saturated generator, late requests, a server that fell behind and few requests', () => {
    expect(outcomeOf({ cpuShare: 0.95 }).warnings).toEqual([expect.stringContaining('load generator was saturated')]);
    expect(outcomeOf({ cpuShare: 0.95, latenessP99Ns: 5e6 }, 'open').warnings).toEqual([
      expect.stringContaining('sent requests late'),
      'the server did not keep up with the fixed rate',
    ]);
    expect(outcomeOf({ hasSettled: false }).warnings).toEqual([expect.stringContaining('still getting faster')]);
    expect(outcomeOf({ requests: 5 }).warnings).toEqual(['fewer than 3 requests were answered in a window']);
  });

  it('fails where requests failed or nothing was answered', () => {
    expect(outcomeOf({ failures: { timeout: 1, 'HTTP 500': 12 } })).toMatchObject({
      status: 'failed',
      reason: 'requests failed: 12 x HTTP 500, 1 x timeout',
    });
    expect(outcomeOf({ requests: 0, latenciesNs: [] })).toMatchObject({ status: 'failed' });
  });
});

describe('scenarios and profiles', () => {
  it('have ids of their own and grow with the profile', () => {
    const ids = allScenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(scenariosOf(allScenarios, 'quick').length).toBeLessThan(scenariosOf(allScenarios, 'standard').length);
    expect(scenariosById(['mix', 'tools-10']).map(({ id }) => id)).toEqual(['tools-10', 'mix']);
    expect(() => scenariosById(['tols-10'])).toThrow("unknown scenario 'tols-10'");
  });

  it('sweep connections where a scenario asks for it', () => {
    const connectionsOf = (id: string) =>
      closedLoadsOf(scenariosById([id])[0] as (typeof allScenarios)[number], httpProfiles.standard).map(
        ({ connections }) => connections,
      );
    expect(connectionsOf('tools-100')).toEqual([10, 1, 100]);
    expect(connectionsOf('tools-1000')).toEqual([4]);
    expect(connectionsOf('events')).toEqual([1]);
  });
});

describe('messages', () => {
  it('are believed only where they have the right shape', () => {
    expect(
      isLoadMessage({
        type: 'report',
        report: { requests: 1, elapsedNs: 1, wireBytes: 1, latenciesNs: [1], cpuShare: 1, failures: {} },
      }),
    ).toBe(true);
    for (const message of [
      null,
      'begin',
      { type: 'other' },
      { type: 'report' },
      { type: 'report', report: { requests: 'many' } },
    ])
      expect(isLoadMessage(message)).toBe(false);
    expect(isWatchReading({ type: 'wirebench-reading', elapsedNs: 1, cpuNs: Number.NaN })).toBe(false);
  });
});
