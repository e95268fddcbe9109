/**
 * Claims about a gateway under load against made-up ratios: every verdict, and the edges between them.
 */
import { describe, expect, it } from 'vitest';

import { hasSubject, judgeClaims, type JudgedClaim, sharesOf } from '../../src/compare/claims.ts';
import { takeHeadline } from '../../src/compare/scenarios.ts';
import type { Claim } from '../../src/model/claims.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { HttpCell } from '../../src/model/http.ts';
import { infos } from '../records.ts';
import { type Bounds, httpCell, ratios } from './http-cells.ts';

const pair = { suite: 'writers', at: { scenario: 'list' }, subject: 'quick', against: 'plain' } as const;
const more = {
  what: 'more',
  ...pair,
  metric: 'requestsPerSec',
  change: 'more',
  from: 0.15,
  to: 0.3,
} as const;
const less = { ...more, what: 'less', metric: 'p95Ns', change: 'less', from: 0.2, to: 0.4 } as const;
const atAll: Claim = { what: 'at all', ...pair, metric: 'requestsPerSec', change: 'more', from: 0 };

function judgeAll(cells: readonly HttpCell[], claims: readonly Claim[]): JudgedClaim[] {
  if (!hasSubject({ cells, claims })) return [];
  const choose = (own: readonly Cell[]) => takeHeadline(own as readonly HttpCell[]);
  return judgeClaims({ cells, claims, metrics: infos.load, choose });
}

function judge(claim: Claim, ...cells: HttpCell[]): JudgedClaim {
  const [judged] = judgeAll(cells, [claim]);
  if (judged === undefined) throw new Error('the run is not about the claim');
  return judged;
}

function verdict(claim: Claim, bounds: Bounds): string {
  const { verdict: word, isMore } = judge(claim, httpCell({ metrics: ratios({ [claim.metric]: bounds }) }));
  return isMore === true ? `${word}, more` : word;
}

describe('a claim of more', () => {
  it.each([
    [[1.2, 1.16, 1.25], 'holds'],
    [[1.5, 1.4, 1.6], 'holds, more'],
    [[1.1, 1.05, 1.14], 'fails'],
    [[0.8, 0.7, 0.9], 'fails'],
    [[1.2, 1.1, 1.3], 'undecided'],
    [1.2, 'undecided'],
  ] as [Bounds, string][])('reads %j as: %s', (bounds, expected) => {
    expect(verdict(more, bounds)).toBe(expected);
  });

  it('is read as the rounded percent that it is', () => {
    expect(verdict(more, [1.15, 1.1451, 1.16])).toBe('holds');
    expect(verdict(more, [1.15, 1.1449, 1.16])).toBe('undecided');
    expect(verdict(more, [1.14, 1.12, 1.1449])).toBe('fails');
    expect(verdict(more, [1.31, 1.3051, 1.32])).toBe('holds, more');
    expect(verdict(more, [1.31, 1.3049, 1.32])).toBe('holds');
  });
});

describe('a claim of less', () => {
  it.each([
    [[0.7, 0.65, 0.75], 'holds'],
    [[0.5, 0.45, 0.55], 'holds, more'],
    [[0.9, 0.85, 0.95], 'fails'],
    [[1.2, 1.1, 1.3], 'fails'],
    [[0.8, 0.7, 0.9], 'undecided'],
  ] as [Bounds, string][])('reads %j as: %s', (bounds, expected) => {
    expect(verdict(less, bounds)).toBe(expected);
  });

  it('says by what share, lower bound first', () => {
    const { measured } = judge(less, httpCell({ metrics: ratios({ p95Ns: [0.7, 0.65, 0.75] }) }));
    expect(measured === undefined ? undefined : sharesOf(measured, less)).toEqual({
      share: expect.closeTo(0.3, 12),
      lo: expect.closeTo(0.25, 12),
      hi: expect.closeTo(0.35, 12),
    });
  });

  it('of what is the same in every round needs no width', () => {
    expect(verdict({ ...less, metric: 'wireBytesPerRequest', from: 0.82, to: 0.85 }, [0.17, 0.17, 0.17])).toBe('holds');
    expect(verdict({ ...less, metric: 'wireBytesPerRequest', from: 0.82, to: 0.85 }, [0.2, 0.2, 0.2])).toBe('fails');
  });
});

describe('a claim without a figure', () => {
  it('is about the direction alone, without any rounding, and never more than stated', () => {
    expect(verdict(atAll, [1.002, 1.001, 1.003])).toBe('holds');
    expect(verdict(atAll, [0.998, 0.997, 0.999])).toBe('fails');
    expect(verdict(atAll, [1.001, 0.999, 1.003])).toBe('undecided');
    expect(verdict(atAll, [9, 8, 10])).toBe('holds');
  });
});

describe('a claim without an answer', () => {
  it('says that too few rounds allow no interval', () => {
    expect(judge(more, httpCell({ metrics: ratios({ requestsPerSec: 1.2 }) }))).toMatchObject({
      verdict: 'undecided',
      reason: 'fewer than 3 rounds allow no interval',
    });
  });

  it('says why the contender, its reference or the metric has no figure', () => {
    const failed = { status: 'failed' as const, reason: 'it fell' };
    expect(judge(more, httpCell(failed))).toEqual({
      claim: more,
      verdict: 'unmeasured',
      reason: 'quick is failed: it fell',
    });
    const alone = httpCell({ metrics: { requestsPerSec: { median: 5 } } });
    expect(judge(more, alone, httpCell({ contender: 'plain', ...failed })).reason).toBe('plain is failed: it fell');
    expect(judge(less, httpCell({ absent: { p95Ns: 'too few requests' } })).reason).toBe('too few requests');
  });

  it('is unmeasured beside others that were, and left out where the run is about none', () => {
    const cells = [httpCell({ metrics: ratios({ requestsPerSec: [1.2, 1.16, 1.25] }) })];
    expect(judgeAll(cells, [more, { ...more, at: { scenario: 'elsewhere' } }]).map((one) => one.verdict)).toEqual([
      'holds',
      'unmeasured',
    ]);
    expect(
      judgeAll(cells, [
        { ...more, at: { scenario: 'elsewhere' } },
        { ...more, suite: 'elsewhere' },
      ]),
    ).toEqual([]);
    expect(judgeAll([], [more])).toEqual([]);
  });
});

describe('the load of a claim', () => {
  it('is the headline one', () => {
    const under = (connections: number, ratio: number): HttpCell =>
      httpCell({
        load: { kind: 'closed', connections },
        metrics: ratios({ requestsPerSec: [ratio, ratio - 0.01, ratio + 0.01] }),
      });
    expect(judge(more, under(1, 1), under(10, 1.2), under(50, 2)).measured?.mean).toBeCloseTo(1.2, 12);
  });
});
