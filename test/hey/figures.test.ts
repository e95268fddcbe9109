/**
 * Figures of a load: percentiles that are exact, and counts that add up.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { failedOf, percentileNs, percents, summarizeLatencies } from '../../src/hey/figures.ts';
import { Tally } from '../../src/hey/generator/tally.ts';

describe('summarizeLatencies', () => {
  it('is exact, and never above the slowest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e10, noNaN: true }), { minLength: 1, maxLength: 3000 }),
        (values) => {
          const latencies = summarizeLatencies(Float64Array.from(values));
          const ascending = values.toSorted((a, b) => a - b);
          for (const percent of percents) {
            const ns = latencies && percentileNs({ latencies }, percent);
            // Of so few values it would be the slowest one.
            const isBeyond = percent > 50 && values.length < Math.round(100 / (100 - percent));
            const rank = Math.ceil(Math.round(percent * 10 * values.length) / 1000);
            expect(ns).toBe(isBeyond ? undefined : ascending[rank - 1]);
          }
          expect(latencies).toMatchObject({ fastestNs: ascending[0], slowestNs: ascending.at(-1) });
        },
      ),
    );
  });

  it('says nothing of nothing', () => {
    expect(summarizeLatencies(new Float64Array(0))).toBeUndefined();
  });
});

describe('Tally', () => {
  it('counts every request once, in windows and as a whole', () => {
    const tally = new Tally();
    for (const latency of [1, 2, 3]) {
      tally.received(200, 100);
      tally.answered(latency);
    }
    tally.endWindow(30);
    tally.received(500, 50);
    tally.failed({ kind: 'HTTP 500', example: 'first' });
    tally.failed({ kind: 'timeout' });
    tally.failed({ kind: 'timeout' });
    tally.received(200, 100);
    tally.answered(7);
    tally.abandoned();
    tally.endWindow(10);
    const figures = tally.figures();
    expect(figures).toMatchObject({
      sent: 8,
      answered: 4,
      abandoned: 1,
      failures: [
        { kind: 'timeout', count: 2 },
        { kind: 'HTTP 500', count: 1, example: 'first' },
      ],
      statuses: { 200: 4, 500: 1 },
      receivedBytes: 450,
      elapsedNs: 40e6,
      latencies: { fastestNs: 1e6, meanNs: 3.25e6, slowestNs: 7e6 },
      windows: [
        { answeredPerSec: 100, medianNs: 2e6 },
        { answeredPerSec: 100, medianNs: 7e6 },
      ],
    });
    expect(failedOf(figures)).toBe(3);
  });

  it('keeps all latencies, and a list of failures that ends', () => {
    const tally = new Tally();
    for (let index = 1; index <= 100_000; index += 1) tally.answered(index);
    for (let index = 0; index < 1000; index += 1) tally.failed({ kind: `JSON-RPC error ${index}`, example: 'text' });
    tally.endWindow(1);
    const { latencies, failures } = tally.figures();
    expect(latencies?.percentiles.at(-1)).toEqual({ percent: 99.9, ns: 99_900e6 });
    expect(failures.length).toBeLessThan(60);
    expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  });
});
