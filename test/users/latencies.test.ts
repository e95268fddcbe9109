import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeLatencies, Latencies } from '../../src/users/requests/latencies.ts';

/** From a microsecond to minutes, evenly over the orders of magnitude. */
const times = fc.array(
  fc.double({ min: -3, max: 5, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 1, maxLength: 300 },
);

function latenciesOf(values: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const value of values) latencies.record(value);
  return latencies;
}

describe('times that were merged', () => {
  it('read as those of one histogram over all values, over any split and after travelling', () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        const merged = new Latencies();
        for (const part of [a, b, c])
          merged.add(decodeLatencies(JSON.parse(JSON.stringify(latenciesOf(part).recorded()))));
        const { meanNs: _mean, ...whole } = latenciesOf([...a, ...b, ...c]).summary() ?? {};
        expect(merged.summary()).toMatchObject(whole);
        expect(merged.count).toBe(a.length + b.length + c.length);
      }),
    );
  });
});

describe('percentiles', () => {
  it('are nearest ranks within a thousandth, and never above the maximum', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(50, 90, 95, 99, 99.9, 100), (values, percent) => {
        const latencies = latenciesOf(values);
        const ascending = values.toSorted((x, y) => x - y);
        const exactNs = (ascending[Math.ceil((percent / 100) * values.length - 1e-9) - 1] ?? 0) * 1e6;
        const readNs = latencies.percentileNs(percent);
        expect(readNs).toBeLessThanOrEqual(Math.max(...values) * 1e6);
        // Half a microsecond is what rounding costs.
        expect(Math.abs(readNs - exactNs)).toBeLessThanOrEqual(0.001 * exactNs + 1000);
      }),
    );
  });

  it('are none of nothing', () => {
    expect(new Latencies().summary()).toBeUndefined();
    expect(new Latencies().percentileNs(99)).toBe(0);
  });

  it('begin anew after a reset', () => {
    const latencies = latenciesOf([5, 10]);
    latencies.reset();
    latencies.record(1);
    expect(latencies.summary()).toMatchObject({ maxNs: 1e6, meanNs: 1e6 });
  });

  it('hold what takes longer than an hour as an hour, and its time as the maximum', () => {
    const latencies = latenciesOf([4 * 3600 * 1000]);
    expect(latencies.summary()?.maxNs).toBe(4 * 3600 * 1e9);
    expect(latencies.percentileNs(50)).toBeGreaterThan(3590 * 1e9);
  });
});
