import { describe, expect, it } from 'vitest';

import { eventsOf, resultsOf, slice } from './synthetic-load.ts';

describe('what a load came to', () => {
  it('is the sum over workers and seconds', () => {
    const results = resultsOf(eventsOf(5, { requests: 10, latencyMs: 20, failures: { 'HTTP 500': 1 } }));
    expect(results.total).toMatchObject({ requests: 100, failures: { 'HTTP 500': 10 }, wireBytes: 10_000 });
    expect(results.total.latency?.p50Ns).toBeCloseTo(20e6, -5);
    expect(results.total.serviceTime?.p50Ns).toBeCloseTo(10e6, -5);
    expect(results.timeline.map(({ requests, users, failures }) => [requests, users, failures])).toEqual(
      Array.from({ length: 5 }, () => [20, 4, 2]),
    );
    expect(results.classes.map(({ name, users }) => `${name} ${users}`)).toEqual(['Reader 2', 'Writer 2']);
    expect(results.classes[0]?.tasks[0]?.begun).toBe(100);
    expect(results.elapsedMs).toBe(5000);
    expect(results.incomplete).toEqual([]);
  });

  it('says which workers were lost, and counts what they had told', () => {
    const events = eventsOf(2, { requests: 1, latencyMs: 5 }).filter(
      (event) => event.type !== 'finished' || event.worker !== 'worker 2',
    );
    const results = resultsOf(
      [...events, { type: 'lost', worker: 'worker 2', reason: 'was killed by SIGKILL' }],
      ['x'],
    );
    expect(results.workers.map(({ id, state }) => `${id} ${state}`)).toEqual(['worker 1 finished', 'worker 2 lost']);
    expect(results.incomplete).toEqual(['worker 2 was lost: it was killed by SIGKILL', 'x']);
    expect(results.total.requests).toBe(4);
  });

  it('puts seconds of a worker that is behind where they belong', () => {
    const results = resultsOf([
      { type: 'slice', worker: 'a', slice: slice(1, { requests: 1, latencyMs: 1 }) },
      { type: 'slice', worker: 'a', slice: slice(2, { requests: 2, latencyMs: 1 }) },
      { type: 'slice', worker: 'b', slice: slice(1, { requests: 10, latencyMs: 1 }) },
      { type: 'slice', worker: 'b', slice: slice(2, { requests: 20, latencyMs: 1 }) },
    ]);
    expect(results.timeline.map(({ requests }) => requests)).toEqual([11, 22]);
  });

  it('is nothing where nobody told anything', () => {
    const results = resultsOf([]);
    expect(results.total).toEqual({ requests: 0, failures: {}, wireBytes: 0 });
    expect(results.timeline).toEqual([]);
  });
});
