import { describe, expect, it } from 'vitest';

import { compareRuns } from '../../src/compare/agreement.ts';
import { alignCells, compareIntervals } from '../../src/compare/side-by-side.ts';
import type { MicroCell } from '../../src/model/cell.ts';
import type { HttpCell, HttpLoad } from '../../src/model/http.ts';
import { infos, toMicro } from '../records.ts';
import { httpCell, ratios } from './http-cells.ts';

function cellOf(items: number, ratio: number, halfWidth: number): MicroCell {
  return toMicro({
    suite: 's',
    contender: 'c',
    payload: 'p',
    items,
    variant: 'text',
    sink: 'bytes',
    status: 'ok',
    forks: [],
    warnings: [],
    latencyNs: { median: 1 },
    speedup: { reference: 'r', ratio, lo: ratio - halfWidth, hi: ratio + halfWidth, confidence: 0.95 },
  });
}

const compareSpeedups = (first: readonly MicroCell[], second: readonly MicroCell[]) =>
  compareRuns(first, second, infos.fork)?.all;
const compareLoads = (first: readonly HttpCell[], second: readonly HttpCell[]) =>
  compareRuns(first, second, infos.load);

describe('compareRuns', () => {
  it('finds two equal runs in full agreement', () => {
    const cells = [cellOf(1, 2, 0.1), cellOf(2, 3, 0.1)];
    expect(compareSpeedups(cells, cells)).toEqual({ ratios: 2, medianDifference: 0, overlapping: 1, apart: [] });
  });

  it('counts intervals without a common point, and names their cells', () => {
    const first = [cellOf(1, 2, 0.1), cellOf(2, 2, 0.1), cellOf(3, 2, 0.1)];
    const second = [cellOf(1, 2.1, 0.1), cellOf(2, 3, 0.1), cellOf(3, 2, 0.1)];
    const agreement = compareSpeedups(first, second);
    expect(agreement?.medianDifference).toBeCloseTo(0.05, 10);
    expect(agreement?.overlapping).toBeCloseTo(2 / 3, 10);
    expect(agreement?.apart.map(({ cell, first: a, second: b }) => [cell.id.items, a, b])).toEqual([[2, 2, 3]]);
  });

  it('leaves out references, cells of one run only and cells without an interval', () => {
    const { latencyNs, ...others } = cellOf(1, 2, 0.1).metrics;
    const { ratio: _none, ...time } = latencyNs as NonNullable<typeof latencyNs>;
    const bare = { ...cellOf(1, 2, 0.1), metrics: { ...others, latencyNs: time } };
    expect(compareSpeedups([bare, cellOf(2, 2, 0.1)], [bare, cellOf(3, 2, 0.1)])).toBeUndefined();
  });
});

describe('compareRuns over HTTP', () => {
  const rate = (ratio: number) => ({ requestsPerSec: [ratio, ratio - 0.1, ratio + 0.1] as const });

  it('finds two equal runs in full agreement, metric by metric and over all', () => {
    const cells = [
      httpCell({ metrics: ratios({ ...rate(1.5), p95Ns: [0.7, 0.6, 0.8], peakMemoryBytes: [0.9, 0.8, 1] }) }),
    ];
    const agreement = compareLoads(cells, cells);
    expect(agreement?.all).toEqual({ ratios: 2, medianDifference: 0, overlapping: 1, apart: [] });
    expect(agreement?.byMetric.map(({ metric, agreement: own }) => [metric.name, own.ratios])).toEqual([
      ['requestsPerSec', 1],
      ['p95Ns', 1],
    ]);
  });

  it('names the cell and the metric whose intervals have no common point, the farthest first', () => {
    const first = ['a', 'b', 'c'].map((scenario) => httpCell({ scenario, metrics: ratios(rate(2)) }));
    const second = [2.1, 3, 4].map((ratio, index) =>
      httpCell({ scenario: 'abc'[index] ?? '', metrics: ratios(rate(ratio)) }),
    );
    const { all } = compareLoads(first, second) ?? {};
    expect(all?.apart.map(({ cell, metric, first: a, second: b }) => [cell.id.scenario, metric.name, a, b])).toEqual([
      ['c', 'requestsPerSec', 2, 4],
      ['b', 'requestsPerSec', 2, 3],
    ]);
    expect(all?.overlapping).toBeCloseTo(1 / 3, 10);
    expect(all?.medianDifference).toBeCloseTo(0.5, 10);
  });

  it('leaves out references, other references, single rounds and what is not ok or not in both', () => {
    const cells = [
      httpCell({ contender: 'plain', metrics: ratios(rate(1)) }),
      httpCell({ scenario: 'one round', metrics: ratios({ requestsPerSec: 1.5 }) }),
      httpCell({ scenario: 'failed', status: 'failed' }),
    ];
    expect(compareLoads(cells, cells)).toBeUndefined();
    expect(
      compareLoads(
        [httpCell({ metrics: ratios(rate(2)) })],
        [httpCell({ scenario: 'other', metrics: ratios(rate(2)) })],
      ),
    ).toBeUndefined();
    const against = httpCell({
      metrics: { requestsPerSec: { median: 1, ratio: { reference: 'somebody', ratio: 2, lo: 1.9, hi: 2.1 } } },
    });
    expect(compareLoads([httpCell({ metrics: ratios(rate(2)) })], [against])).toBeUndefined();
  });

  it('compares open loops at the rates that each run found, and not those rates', () => {
    const at = (requestsPerSec: number): HttpLoad => ({ kind: 'open', connections: 64, requestsPerSec });
    const cells = [100, 120].map((perSec) => [
      httpCell({ load: at(perSec), metrics: ratios({ ...rate(1), p95Ns: [0.7, 0.6, 0.8] }) }),
    ]);
    expect(compareLoads(cells[0] ?? [], cells[1] ?? [])?.byMetric.map(({ metric }) => metric.name)).toEqual(['p95Ns']);
  });

  it('takes exact ratios that differ by rounding for equal', () => {
    const exact = (ratio: number) => [httpCell({ metrics: ratios({ wireBytesPerRequest: [ratio, ratio, ratio] }) })];
    expect(compareLoads(exact(0.17), exact(0.17 * (1 + 1e-15)))?.all.apart).toEqual([]);
    expect(compareLoads(exact(0.17), exact(0.1701))?.all.apart).toHaveLength(1);
    const [aligned] = alignCells([exact(0.17 * (1 + 1e-15)), exact(0.17)]);
    expect(aligned === undefined ? '' : compareIntervals(aligned, 'wireBytesPerRequest')).toBe('overlap');
  });
});
