/**
 * What a run knows of its own noise, from outcomes, and from shards of it.
 */
import { describe, expect, it } from 'vitest';

import { joinNoise, measureHttpNoise, measureNoise } from '../../src/compare/measure-noise.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import type { HttpOutcome } from '../../src/model/http.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

function twinOf(outcomes: readonly ForkOutcome[], factors: readonly number[]): ForkOutcome[] {
  return outcomes.flatMap((outcome, index) => {
    const factor = factors[index];
    if (factor === undefined || outcome.fork === undefined) return [];
    const fork = { ...outcome.fork, latencyNs: outcome.fork.latencyNs * factor };
    return [{ ...outcome, isTwin: true, fork }];
  });
}

const plain = timed(cellId(), [10, 20, 30], { cleanShare: 0.9, othersShare: 0.1 });
const quick = timed(cellId({ contender: 'quick' }), [1, 2, 3], { cleanShare: 0.5, othersShare: 0.3 });

describe('noise', () => {
  it('is what twins read beside themselves, round by round, however the machine drifts', () => {
    const noise = measureNoise([...plain, ...quick, ...twinOf(plain, [1.02, 1.02, 1.02])]);
    expect(noise?.twins).toHaveLength(1);
    const [twin] = noise?.twins ?? [];
    expect(twin?.cell).toEqual(cellId());
    expect(twin?.rounds.map(({ round }) => round)).toEqual([0, 1, 2]);
    for (const value of [twin?.ratio, twin?.lo, twin?.hi]) expect(value).toBeCloseTo(1.02, 9);
  });

  it('has no bounds where twins met in fewer than three rounds', () => {
    const [twin] = measureNoise([...plain, ...twinOf(plain, [1.1, 0.9])])?.twins ?? [];
    expect(twin?.rounds).toHaveLength(2);
    expect(twin).not.toHaveProperty('lo');
  });

  it('has the shares of the process in the middle, and only those that are known', () => {
    expect(measureNoise([...plain, ...quick])).toEqual({ cleanShare: 0.7, othersShare: 0.2, twins: [] });
  });

  it('says where elapsed time had to count', () => {
    const [first, ...others] = timed(cellId(), [1, 2], { cleanShare: 1 });
    if (first?.fork === undefined) throw new Error('it has a fork');
    expect(measureNoise(others)).not.toHaveProperty('clock');
    const unpinned: ForkOutcome = { ...first, fork: { ...first.fork, clock: 'elapsed' } };
    expect(measureNoise([unpinned, ...others])).toHaveProperty('clock', 'elapsed');
  });

  it('is unknown where no process tells anything, as in runs of version 0.1', () => {
    expect(measureNoise([])).toBeUndefined();
    expect(measureNoise(timed(cellId(), [1, 2, 3]))).toBeUndefined();
  });

  it('of several machines has the twins and the processes of all', () => {
    const outcomes = [
      [...plain, ...twinOf(plain, [1.01, 1.01, 1.01])],
      timed(cellId({ items: 100 }), [5, 5, 5], { cleanShare: 0.2 }),
    ];
    const shards = outcomes.map((own) => {
      const noise = measureNoise(own);
      return { cells: assembleOutcomes(own, { speed: 'plain' }), ...(noise === undefined ? {} : { noise }) };
    });
    expect(joinNoise(shards)).toMatchObject({ othersShare: 0.1, twins: [{ cell: cellId() }] });
    expect(joinNoise(shards)?.cleanShare).toBeCloseTo(0.55, 9);
    expect(joinNoise([])).toBeUndefined();
  });
});

describe('noise over HTTP', () => {
  const cell = { suite: 'writers', scenario: 'list', contender: 'plain', load: { kind: 'closed', connections: 10 } };
  const outcomesOf = (rates: readonly number[], more: object = {}): HttpOutcome[] =>
    rates.map((requestsPerSec, round) => ({
      ...(cell as Pick<HttpOutcome, 'suite' | 'scenario' | 'contender' | 'load'>),
      round,
      status: 'ok',
      metrics: { requestsPerSec },
      failures: {},
      absent: {},
      warnings: [],
      ...more,
    }));

  it('is what identical servers took for a request, and what their windows found', () => {
    const noise = measureHttpNoise([
      ...outcomesOf([100, 200, 400], { cleanShare: 0.5, stolenShare: 0.1 }),
      ...outcomesOf([80, 160, 320], { isTwin: true, cleanShare: 0.5 }),
      ...outcomesOf([1], { contender: 'broken', status: 'failed' }),
    ]);
    expect(noise).toMatchObject({ cleanShare: 0.5, stolenShare: 0.1, twins: [{ cell }] });
    // Slower by a quarter: a time, as everywhere, and no rate.
    for (const value of [noise?.twins[0]?.ratio, noise?.twins[0]?.hi]) expect(value).toBeCloseTo(1.25, 9);
  });

  it("is unknown of a server of the user's, and of files of version 0.1", () => {
    expect(measureHttpNoise(outcomesOf([100, 100, 100]))).toBeUndefined();
  });
});
