/**
 * The real runtimes, where npm reaches its registry. They stay in the user's cache, as they do for a user, so that only
 * the first run of the tests fetches them.
 */
import { describe, expect, it } from 'vitest';

import { fetchRuntime, runtimeCacheDirectory } from '../../src/measure/fetch-runtime.ts';
import { planRun } from '../../src/measure/plan.ts';
import { parseRuntimes } from '../../src/measure/runtimes.ts';
import { runPlan } from '../../src/measure/session.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import type { Runtime, RuntimeRequest, UnavailableRuntime } from '../../src/model/runtime.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

/** One round of two contenders on a small payload; the figures may be poor. */
async function measureUnder(runtime: Runtime): Promise<ForkOutcome[]> {
  const selection = {
    suites: ['plain'],
    contenders: ['honest', 'liar'],
    variants: ['native' as const],
    sinks: ['bytes' as const],
  };
  const plan = planRun({ registry, profile: 'quick', selection, seed: 1, forks: 1 });
  const sampler = { ...plan.settings.sampler, warmupNs: 2e6, warmupCapNs: 4e6, blockNs: 1e6, peakNs: 0 };
  const outcomes: ForkOutcome[] = [];
  const { signal } = new AbortController();
  const request = {
    plan: { ...plan, settings: { ...plan.settings, budgetMs: undefined, sampler } },
    runtime,
    signal,
    now: () => performance.now(),
  };
  for await (const event of runPlan(request)) if (event.type === 'outcome') outcomes.push(event.outcome);
  return outcomes;
}

/** Those of the tested ones whose V8 counts what it allocates; the running one is a recent Node.js. */
const countingRuntimes = new Set(['node@current', 'deno@2']);

describe('a real runtime', () => {
  const fetchReal = (request: RuntimeRequest): Promise<Runtime | UnavailableRuntime> =>
    fetchRuntime({
      request,
      cacheDirectory: runtimeCacheDirectory(process.env),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });

  const requests = parseRuntimes('current,node@22,node@24,bun@1,deno@2');

  it.for(requests)('$name@$range times what is right and finds what is wrong', async (request, { skip }) => {
    const runtime = await fetchReal(request);
    if ('reason' in runtime && /registry|no package|within/.test(runtime.reason)) {
      // A machine without a network, or one for which nobody builds this runtime, is no fault of ours.
      process.stderr.write(`skipped: ${request.name}@${request.range} is not available: ${runtime.reason}\n`);
      skip(runtime.reason);
    }
    const outcomes = 'reason' in runtime ? [] : await measureUnder(runtime);
    expect({
      runtime,
      statuses: Object.fromEntries(outcomes.map(({ cell, status }) => [cell.contender, status])),
    }).toEqual({
      runtime: expect.objectContaining({ name: request.name, version: expect.stringMatching(/^\d+\.\d+\.\d+/) }),
      statuses: { honest: 'ok', liar: 'incorrect' },
    });
    const fork = outcomes.find(({ cell }) => cell.contender === 'honest')?.fork;
    expect(fork?.latencyNs).toBeGreaterThan(0);
    // An account that a runtime does not keep, or keeps in another unit, is absent.
    const accounts = {
      gcTimeShare: fork?.gcTimeShare !== undefined,
      allocatedBytesPerOp: fork?.allocatedBytesPerOp !== undefined,
    };
    expect(accounts).toEqual({
      gcTimeShare: request.name === 'node',
      allocatedBytesPerOp: countingRuntimes.has(`${request.name}@${request.range}`),
    });
  });
});
