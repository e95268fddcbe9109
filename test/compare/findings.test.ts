/**
 * What counts as a finding, and above all what does not: every rule with a case on either side of it.
 */
import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/compare/finding.ts';
import { findFindings, type FindingsContext } from '../../src/compare/findings.ts';
import type { MicroCellId, ForkOutcome } from '../../src/model/cell.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

const context: FindingsContext = {
  suites: [
    { id: 'speed', method: 'latency', layout: 'by-size', reference: 'plain' },
    { id: 'dates', method: 'latency', layout: 'by-representation', reference: 'plain' },
    { id: 'sizes', method: 'size', reference: 'plain' },
    { id: 'types', method: 'observation', reference: 'plain' },
  ],
  contenders: [
    { id: 'plain', kind: 'serialize', capabilities: [] },
    { id: 'quick', kind: 'serialize', capabilities: ['needs-schema'] },
    { id: 'third', kind: 'serialize', capabilities: [] },
    { id: 'packed', kind: 'serialize', capabilities: ['binary'] },
    { id: 'cached', kind: 'serialize', capabilities: ['memoizes'] },
    { id: 'lazy', kind: 'serialize', capabilities: ['partial'] },
    { id: 'roomy', kind: 'layout', capabilities: [] },
  ],
};

/** Five forks around a time, a spread of two percent that differs from contender to contender. */
function around(cell: MicroCellId, time: number, spread = 0.02): ForkOutcome[] {
  const shift = context.contenders.findIndex(({ id }) => id === cell.contender);
  const noise = [-1, 0.5, 0, 1, -0.5];
  return timed(
    cell,
    noise.map((_, round) => time * (1 + spread * (noise[(round + shift) % 5] ?? 0))),
  );
}

function find<K extends Finding['kind']>(kind: K, outcomes: readonly ForkOutcome[]): Extract<Finding, { kind: K }>[] {
  const cells = assembleOutcomes(outcomes, { speed: 'plain', dates: 'plain' });
  return findFindings(cells, context).filter((finding): finding is Extract<Finding, { kind: K }> => {
    return finding.kind === kind;
  });
}

/** Outcomes of several contenders at one size and variant, by their times. */
function table(times: Readonly<Record<string, number>>, parts: Partial<MicroCellId> = {}): ForkOutcome[] {
  return Object.entries(times).flatMap(([contender, time]) => around(cellId({ ...parts, contender }), time));
}

function size(contender: string, outputBytes: number): ForkOutcome {
  const cell = cellId({ suite: 'sizes', contender });
  return { cell, round: 0, status: 'ok', size: { outputBytes, encoded: [] } };
}

describe('the fastest', () => {
  it('is named at each size, text and binary apart', () => {
    const [json, binary] = find('fastest', [
      ...table({ plain: 100, quick: 50, packed: 20 }),
      ...table({ plain: 1000, quick: 2000, packed: 200 }, { items: 100 }),
    ]);
    expect(json).toMatchObject({ form: 'json', payload: 'list', variant: 'text' });
    const winners = json?.sizes.map(({ contender, isReference }) => [contender, isReference]);
    expect(winners).toEqual([
      ['quick', false],
      ['plain', true],
    ]);
    expect(binary?.sizes.map(({ contender }) => contender)).toEqual(['packed', 'packed']);
    expect(json?.sizes[0]?.speedup?.mean).toBeCloseTo(2, 1);
  });

  it('is never a contender that remembers, does a part, or is unknown', () => {
    const [json, ...others] = find('fastest', table({ plain: 100, quick: 90, cached: 1, lazy: 2, stranger: 3 }));
    expect(json?.sizes.map(({ contender }) => contender)).toEqual(['quick']);
    expect(others).toEqual([]);
  });

  it('is shared where the difference may be chance, and by all in a single round', () => {
    expect(find('fastest', table({ plain: 100, quick: 99.9 }))[0]?.sizes[0]?.tiedWith).toHaveLength(1);
    const single = [...timed(cellId(), [100]), ...timed(cellId({ contender: 'quick' }), [50])];
    expect(find('fastest', single)[0]?.sizes[0]).toMatchObject({ contender: 'quick', tiedWith: ['plain'] });
  });

  it('is not the reference alone', () => {
    expect(find('fastest', table({ plain: 100 }))).toEqual([]);
  });
});

describe('a flip', () => {
  it('is found where each contender clearly wins at another size', () => {
    const outcomes = [...table({ plain: 100, quick: 50 }), ...table({ plain: 100, quick: 200 }, { items: 100 })];
    expect(find('flip', outcomes)).toEqual([
      expect.objectContaining({
        dimension: 'items',
        first: 'quick',
        second: 'plain',
        firstWins: [{ items: 10, variant: 'text' }],
        secondWins: [{ items: 100, variant: 'text' }],
      }),
    ]);
  });

  it('is found once for the variant, however many sizes flip', () => {
    const outcomes = [10, 100].flatMap((items) => [
      ...table({ plain: 100, quick: 200 }, { items }),
      ...table({ plain: 400, quick: 200 }, { items, variant: 'native' }),
    ]);
    const flips = find('flip', outcomes);
    expect(flips).toEqual([expect.objectContaining({ dimension: 'variant', first: 'plain', second: 'quick' })]);
    expect(flips[0]?.firstWins.map(({ items }) => items)).toEqual([10, 100]);
  });

  it('is not reported where one side of it may be chance', () => {
    const outcomes = [...table({ plain: 100, quick: 50 }), ...table({ plain: 100, quick: 100.4 }, { items: 100 })];
    expect(find('flip', outcomes)).toEqual([]);
  });

  it('is not reported where a win only becomes smaller', () => {
    const outcomes = [...table({ plain: 100, quick: 50 }), ...table({ plain: 100, quick: 80 }, { items: 100 })];
    expect(find('flip', outcomes)).toEqual([]);
  });

  it('is not reported where a single round is all there is', () => {
    const outcomes = [
      ...timed(cellId(), [100]),
      ...timed(cellId({ contender: 'quick' }), [50]),
      ...timed(cellId({ items: 100 }), [100]),
      ...timed(cellId({ contender: 'quick', items: 100 }), [200]),
    ];
    expect(find('flip', outcomes)).toEqual([]);
  });

  it('is not reported between text and binary, nor with a contender that may not win', () => {
    const outcomes = [
      ...table({ plain: 10, quick: 100, packed: 50, cached: 50 }),
      ...table({ plain: 10, quick: 100, packed: 200, cached: 200 }, { items: 100 }),
    ];
    expect(find('flip', outcomes)).toEqual([]);
  });

  it('far behind the leaders is not reported', () => {
    const outcomes = [
      ...table({ plain: 10, quick: 50, third: 100 }),
      ...table({ plain: 10, quick: 100, third: 50 }, { items: 100 }),
    ];
    expect(find('flip', outcomes)).toEqual([]);
  });
});

describe('no difference', () => {
  it('is found where the interval of the speedup holds 1, and nowhere else', () => {
    const found = find('no-difference', [
      ...table({ plain: 100, quick: 100.2, third: 50 }),
      ...table({ plain: 100, quick: 99.9, third: 50 }, { items: 100 }),
    ]);
    expect(found.map(({ contender, items }) => [contender, items])).toEqual([['quick', [10, 100]]]);
  });
});

describe('the cost of native types', () => {
  it('is the ratio of the reference in both variants', () => {
    const outcomes = [...table({ plain: 100, quick: 90 }), ...table({ plain: 400, quick: 90 }, { variant: 'native' })];
    const [cost] = find('native-cost', outcomes);
    expect(cost).toMatchObject({ contender: 'plain', payload: 'list' });
    expect(cost?.sizes[0]?.slowdown?.mean).toBeCloseTo(4, 6);
    expect(cost?.sizes[0]?.textBytesPerSec).toBeGreaterThan(cost?.sizes[0]?.nativeBytesPerSec ?? Number.NaN);
  });

  it('is not told of a run with one variant', () => {
    expect(find('native-cost', table({ plain: 100, quick: 90 }))).toEqual([]);
  });
});

describe('the cost of compiling', () => {
  it('counts the calls until it is earned back, where it is', () => {
    const outcomes = [...table({ plain: 100, quick: 50 }), ...table({ plain: 100, quick: 200 }, { items: 100 })];
    const [cost] = find('compile-cost', outcomes);
    expect(cost).toMatchObject({ contender: 'quick', compileNs: 1000, calls: { fewest: 20, most: 20 } });
    expect(cost).toMatchObject({ paysOffIn: 1, cells: 2 });
  });

  it('is never earned back by a gain that may be chance', () => {
    const [cost] = find('compile-cost', table({ plain: 100, quick: 99.9 }));
    expect(cost).toMatchObject({ paysOffIn: 0, cells: 1 });
    expect(cost).not.toHaveProperty('calls');
  });
});

describe('the other findings', () => {
  it('name the cheapest correct representation of each family', () => {
    const dates = { suite: 'dates', items: 100 };
    const outcomes = [
      ...table({ plain: 3000 }, { ...dates, payload: 'datetime-text' }),
      ...table({ plain: 9000 }, { ...dates, payload: 'datetime-object' }),
      ...table({ plain: 10 }, { ...dates, payload: 'uuid-text' }),
    ];
    const wrong: ForkOutcome = {
      cell: cellId({ ...dates, payload: 'datetime-number' }),
      round: 0,
      status: 'incorrect',
      reason: 'it is a number',
    };
    const found = find('cheapest-representation', [...outcomes, wrong]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      family: 'datetime',
      payload: 'datetime-text',
      latencyNsPerItem: 30,
      tiedWith: [],
    });
    expect(found[0]?.dearest).toEqual({ payload: 'datetime-object', ratio: 3 });
  });

  it('compare output sizes with the reference and tell layouts from contenders', () => {
    const found = find('output-size', [size('plain', 100), size('roomy', 107), size('packed', 80)]);
    expect(found.map(({ contender, isLayout }) => [contender, isLayout])).toEqual([
      ['roomy', true],
      ['packed', false],
    ]);
    expect(found[0]?.sizes).toEqual([{ items: 10, sizeBytes: 107, referenceBytes: 100 }]);
  });

  it('group the inputs of a contender by what became of them', () => {
    const outcome: ForkOutcome = {
      cell: cellId({ suite: 'types' }),
      round: 0,
      status: 'ok',
      observations: [
        { input: 'NaN', outcome: 'changed', output: '0' },
        { input: 'emoji', outcome: 'kept', output: '"x"' },
      ],
    };
    const [found] = find('type-handling', [outcome]);
    expect(found).toMatchObject({ inputs: 2, byOutcome: { changed: ['NaN'], kept: ['emoji'] } });
  });

  it('list what was left out once a reason, and noisy cells', () => {
    const broken = [10, 100].map((items): ForkOutcome => ({
      cell: cellId({ contender: 'third', items }),
      round: 0,
      status: 'unavailable',
      reason: 'it is not installed',
    }));
    const noisy = around(cellId({ contender: 'quick' }), 100, 0.4);
    const outcomes = [...table({ plain: 100 }), ...noisy, ...broken];
    const [excluded, ...others] = find('excluded', outcomes);
    expect(others).toEqual([]);
    expect(excluded).toMatchObject({ contender: 'third', status: 'unavailable', reason: 'it is not installed' });
    expect(excluded?.cells.map(({ items }) => items)).toEqual([10, 100]);
    expect(find('noisy', outcomes)[0]?.cells.map(({ contender }) => contender)).toEqual(['quick']);
  });

  it('do not exist for a run without cells', () => {
    expect(findFindings([], context)).toEqual([]);
  });
});
