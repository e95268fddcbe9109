/**
 * Which load stands for a scenario, what an interval allows to be said, and what a contender changed over a suite.
 */
import { describe, expect, it } from 'vitest';

import { cellKey, isGiven, nameLoad, ratioOf } from '../../src/compare/cells.ts';
import { findEffects } from '../../src/compare/effects.ts';
import { isSame, standing } from '../../src/compare/ratios.ts';
import { cellsByScenario, takeHeadline } from '../../src/compare/scenarios.ts';
import type { HttpCell, HttpLoad, HttpResults } from '../../src/model/http.ts';
import { type Bounds, httpCell, httpResults, ratios } from './http-cells.ts';

const closed = (connections: number): HttpLoad => ({ kind: 'closed', connections });
const open = (requestsPerSec: number): HttpLoad => ({ kind: 'open', connections: 64, requestsPerSec });

describe('the headline load', () => {
  it('is ten connections where they were measured, else the nearest closed loop', () => {
    const headline = (...loads: HttpLoad[]) =>
      takeHeadline(loads.map((load) => httpCell({ load }))).map(({ id }) => id.load);
    expect(headline(closed(1), closed(10), closed(50), open(100))).toEqual([closed(10)]);
    expect(headline(open(100), closed(1), closed(50))).toEqual([closed(50)]);
    expect(headline(closed(1), open(100))).toEqual([closed(1)]);
    expect(headline(open(100))).toEqual([open(100)]);
    expect(headline()).toEqual([]);
  });

  it('keeps every contender of that load', () => {
    const cells = ['plain', 'quick'].flatMap((contender) =>
      [1, 10].map((connections) => httpCell({ contender, load: closed(connections) })),
    );
    expect(takeHeadline(cells).map(({ id }) => [id.contender, id.load.connections])).toEqual([
      ['plain', 10],
      ['quick', 10],
    ]);
  });
});

describe('the name of a load', () => {
  it('tells loops apart and does not change with the rate that a run finds', () => {
    expect([closed(1), closed(10), open(100), open(101)].map(nameLoad)).toEqual([
      'closed-1',
      'closed-10',
      'open-64',
      'open-64',
    ]);
    expect(cellKey(httpCell({ load: open(100) }).id)).toBe(cellKey(httpCell({ load: open(200) }).id));
    expect(cellKey(httpCell({ load: closed(1) }).id)).not.toBe(cellKey(httpCell({ load: closed(10) }).id));
  });
});

describe('the standing of a ratio', () => {
  const of = (bounds: Bounds): string => {
    const ratio = ratios({ p95Ns: bounds })['p95Ns']?.ratio;
    return ratio !== undefined && isSame(ratio) ? 'same' : standing(ratio);
  };

  it('is more or less only where the whole interval lies on one side of 1', () => {
    expect([of([1.2, 1.1, 1.3]), of([0.8, 0.7, 0.9]), of([1.1, 0.9, 1.3]), of([1.1, 1, 1.2])]).toEqual([
      'more',
      'less',
      'no-difference',
      'no-difference',
    ]);
  });

  it('is unknown without bounds, and the same where every round gave 1, rounding apart', () => {
    expect([of(1.5), standing(undefined), of([1, 1 - 1e-15, 1 + 1e-15]), of(1)]).toEqual([
      'unknown',
      'unknown',
      'same',
      'same',
    ]);
  });

  it('of requests a second is nothing under an open loop, whose rate is given', () => {
    const metrics = ratios({ requestsPerSec: [1.0001, 1.00005, 1.0002] });
    const rateOf = (cell: HttpCell) =>
      isGiven(cell.id, 'requestsPerSec') ? undefined : ratioOf(cell, 'requestsPerSec');
    expect(rateOf(httpCell({ metrics }))?.ratio).toBe(1.0001);
    expect(rateOf(httpCell({ metrics, load: open(100) }))).toBeUndefined();
    expect(rateOf(httpCell({ metrics, contender: 'plain' }))).toBeUndefined();
  });
});

describe('cells by scenario', () => {
  it('come in the order of the scenarios, unknown ones last', () => {
    const http = httpResults(httpCell({ scenario: 'b' }), httpCell({ scenario: 'a' }));
    const mixed: HttpResults = {
      ...http,
      cells: [httpCell({ scenario: 'lost' }), ...http.cells.toReversed(), httpCell({ suite: 'other' })],
    };
    expect(cellsByScenario(mixed, 'writers').map(([id, cells]) => [id, cells.length])).toEqual([
      ['b', 1],
      ['a', 1],
      ['lost', 1],
    ]);
  });
});

describe('what a contender changed', () => {
  const find = (...cells: HttpCell[]) => {
    const scenarios = cellsByScenario(httpResults(...cells), 'writers').map(([, own]) => takeHeadline(own));
    return findEffects(
      scenarios.map((own) => own.find(({ id }) => id.contender === 'quick')),
      ['requestsPerSec'],
    );
  };
  const cell = (scenario: string, bounds: Bounds, load = closed(10)) =>
    httpCell({ scenario, load, metrics: ratios({ requestsPerSec: bounds }) });

  it('is told apart by direction; what holds 1 and what has no interval is counted', () => {
    const [effects] = find(
      cell('a', [1.5, 1.4, 1.6]),
      cell('b', [1.2, 1.1, 1.3]),
      cell('c', [0.8, 0.7, 0.9]),
      cell('d', [1, 0.9, 1.1]),
      cell('e', 1.4),
      httpCell({ scenario: 'f', contender: 'plain' }),
    );
    expect(effects).toEqual({ metric: 'requestsPerSec', more: [1.2, 1.5], less: [0.8], alike: 1, unknown: 2 });
  });

  it('counts a scenario under its headline load alone', () => {
    const [effects] = find(
      cell('a', [1.5, 1.4, 1.6]),
      cell('a', [3, 2, 4], closed(50)),
      cell('a', [0.5, 0.4, 0.6], open(10)),
    );
    expect(effects).toMatchObject({ more: [1.5], less: [], alike: 0, unknown: 0 });
  });

  it('is nothing for a suite without cells', () => {
    expect(find()).toEqual([{ metric: 'requestsPerSec', more: [], less: [], alike: 0, unknown: 0 }]);
  });
});
