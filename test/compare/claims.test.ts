/**
 * Claims of others against made-up runs: every verdict, and what it takes to reach one.
 */
import { describe, expect, it } from 'vitest';

import { type ClaimRow, measureClaimTable } from '../../src/compare/claim-table.ts';
import { hasSubject, judgeClaims, type JudgedClaim, sharesOf } from '../../src/compare/claims.ts';
import type { MicroCell, MicroCellId, ForkOutcome } from '../../src/model/cell.ts';
import type { Claim, ClaimSet } from '../../src/model/claims.ts';
import { infos } from '../records.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

const pair = { suite: 'speed', subject: 'quick', against: 'plain' } as const;
const at = { payload: 'list', variant: 'text', sink: 'bytes' };
const twice = { what: 'twice as fast', ...pair, at, metric: 'latencyNs', change: 'more', from: 1, to: 1.5 } as const;
const growing: Claim = { what: 'grows', ...pair, at, metric: 'latencyNs', change: 'grows', items: [10, 100] };
const size = { metric: 'outputBytes', change: 'less', from: 0.07, to: 0.07 } as const;
const smaller: Claim = { what: 'smaller', ...pair, suite: 'size', at, ...size };

function claimSet(...claims: Claim[]): ClaimSet {
  return {
    title: 'a page',
    source: 'somebody',
    payload: 'list',
    table: { ...pair, beside: ['other'], stated: [] },
    claims,
  };
}

/** Cells of `plain` at the first times and of `quick` at the second ones, round by round. */
function run(
  sizes: Readonly<Record<number, readonly [readonly number[], readonly number[]]>>,
  more: readonly ForkOutcome[] = [],
): MicroCell[] {
  const outcomes = Object.entries(sizes).flatMap(([items, [plain, quick]]) => [
    ...timed(cellId({ items: Number(items) }), plain),
    ...timed(cellId({ items: Number(items), contender: 'quick' }), quick),
  ]);
  return assemble([...outcomes, ...more]);
}

function assemble(outcomes: readonly ForkOutcome[]): MicroCell[] {
  return assembleOutcomes(outcomes, { speed: 'plain' });
}

function sized(parts: Partial<MicroCellId>, outputBytes: number): ForkOutcome {
  return { cell: cellId({ suite: 'size', ...parts }), round: 0, status: 'ok', size: { outputBytes, encoded: [] } };
}

interface Judged {
  readonly rows: readonly ClaimRow[];
  readonly claims: readonly JudgedClaim[];
}

function judge(cells: readonly MicroCell[], ...claims: Claim[]): Judged {
  const rows = measureClaimTable(cells, claimSet(...claims));
  return { rows, claims: judgeClaims({ cells, claims, metrics: infos.fork }) };
}

const steady = [1000, 1010, 990];
const by = (factor: number): number[] => steady.map((time, round) => (time / factor) * [1.001, 0.999, 1][round]!);

describe('a claim of speed', () => {
  it('holds where the whole interval lies above it, and says where it is more', () => {
    const [within] = judge(run({ 10: [steady, by(2.2)] }), twice).claims;
    expect(within).toMatchObject({ verdict: 'holds', items: 10 });
    expect(within?.isMore).toBeUndefined();
    expect(within?.measured?.mean).toBeCloseTo(2.2, 2);
    expect(judge(run({ 10: [steady, by(4)] }), twice).claims).toMatchObject([{ verdict: 'holds', isMore: true }]);
  });

  it('does not hold where all of it lies below', () => {
    expect(judge(run({ 10: [steady, by(1.5)] }), twice).claims).toMatchObject([{ verdict: 'fails' }]);
    expect(judge(run({ 10: [steady, by(0.5)] }), twice).claims).toMatchObject([{ verdict: 'fails' }]);
  });

  it('cannot be told where the interval straddles it, or too few rounds give none', () => {
    expect(judge(run({ 10: [steady, [300, 500, 800]] }), twice).claims).toMatchObject([{ verdict: 'undecided' }]);
    expect(judge(run({ 10: [[1000], [100]] }), twice).claims).toMatchObject([
      { verdict: 'undecided', reason: 'fewer than 3 rounds allow no interval' },
    ]);
    expect(
      judge(
        run({
          10: [
            [1000, 1010],
            [100, 101],
          ],
        }),
        twice,
      ).claims,
    ).toMatchObject([{ verdict: 'undecided', reason: 'fewer than 3 rounds allow no interval' }]);
  });

  it('is read as the rounded percent that it is', () => {
    // 99.7% rounds to 100%; 99.3% does not. Exact ratios have intervals without width.
    expect(
      judge(
        run({
          10: [
            [1997, 1997, 1997],
            [1000, 1000, 1000],
          ],
        }),
        twice,
      ).claims,
    ).toMatchObject([{ verdict: 'holds' }]);
    expect(
      judge(
        run({
          10: [
            [1993, 1993, 1993],
            [1000, 1000, 1000],
          ],
        }),
        twice,
      ).claims,
    ).toMatchObject([{ verdict: 'fails' }]);
  });

  it('is a line a size, and says why a size has no figure', () => {
    const missing: ForkOutcome = {
      cell: cellId({ contender: 'quick', items: 100 }),
      round: 0,
      status: 'unavailable',
      reason: 'no such library',
    };
    const cells = run({ 10: [steady, by(3)] }, [...timed(cellId({ items: 100 }), steady), missing]);
    const { claims } = judge(cells, { ...twice, items: [10, 100, 1000] });
    expect(claims.map(({ items, verdict, reason }) => [items, verdict, reason])).toEqual([
      [10, 'holds', undefined],
      [100, 'unmeasured', 'quick is unavailable: no such library'],
      [1000, 'unmeasured', undefined],
    ]);
  });
});

describe('a claim of growth', () => {
  it('compares the ratios of the two sizes inside each round', () => {
    // Both ratios stray together by half, which cancels where rounds pair.
    const drift = [1, 1.5, 0.7];
    const strayed = (factor: number): number[] => steady.map((time, round) => time / factor / (drift[round] ?? 1));
    expect(judge(run({ 10: [steady, strayed(2)], 100: [steady, strayed(2.2)] }), growing).claims).toMatchObject([
      { verdict: 'holds' },
    ]);
    expect(judge(run({ 10: [steady, strayed(2.2)], 100: [steady, strayed(2)] }), growing).claims).toMatchObject([
      { verdict: 'fails' },
    ]);
  });

  it('cannot be told where the interval holds 1, and is not measured without both sizes', () => {
    expect(judge(run({ 10: [steady, by(2)], 100: [steady, [480, 530, 500]] }), growing).claims).toMatchObject([
      { verdict: 'undecided' },
    ]);
    expect(judge(run({ 10: [steady, by(2)] }), growing).claims).toMatchObject([{ verdict: 'unmeasured' }]);
    expect(judge(run({ 10: [[1000], [500]], 100: [[1000], [400]] }), growing).claims).toMatchObject([
      { verdict: 'undecided' },
    ]);
  });
});

describe('a claim of size', () => {
  const verdictOf = (subject: number): unknown => {
    const cells = assemble([sized({}, 1000), sized({ contender: 'quick' }, subject)]);
    return judge(cells, smaller).claims.map(({ verdict, isMore, measured }) => [
      verdict,
      isMore,
      measured === undefined ? undefined : sharesOf(measured, smaller).share,
    ]);
  };

  it('needs no interval, and counts half a percent as rounding', () => {
    expect(verdictOf(934)).toEqual([['holds', undefined, expect.closeTo(0.066, 6)]]);
    expect(verdictOf(936)).toEqual([['fails', undefined, expect.closeTo(0.064, 6)]]);
    expect(verdictOf(900)).toEqual([['holds', true, expect.closeTo(0.1, 6)]]);
    expect(verdictOf(1100)).toEqual([['fails', undefined, expect.closeTo(-0.1, 6)]]);
  });

  it('is judged at every size of the run, on text only', () => {
    const cells = assemble([
      ...[10, 100].flatMap((items) => [sized({ items }, 1000), sized({ items, contender: 'quick' }, 930)]),
      sized({ variant: 'native' }, 1000),
      sized({ variant: 'native', contender: 'quick' }, 2000),
    ]);
    expect(judge(cells, smaller).claims.map(({ items, verdict }) => [items, verdict])).toEqual([
      [10, 'holds'],
      [100, 'holds'],
    ]);
    expect(judge(run({ 10: [steady, by(2)] }), smaller).claims).toMatchObject([{ verdict: 'unmeasured' }]);
  });
});

describe('the stated table', () => {
  it('is measured again at the sizes of the run, with the others beside it', () => {
    const cells = run({ 100: [steady, by(4)], 10: [steady, by(2)] }, [
      ...timed(cellId({ contender: 'other' }), by(4)),
      { cell: cellId({ contender: 'other', items: 100 }), round: 0, status: 'failed', reason: 'it fell' },
      ...timed(cellId({ variant: 'native' }), steady),
    ]);
    const { rows } = judge(cells);
    expect(rows.map(({ items, variant }) => [items, variant])).toEqual([
      [10, 'text'],
      [100, 'text'],
      [10, 'native'],
    ]);
    expect(rows[0]?.times.map(({ contender }) => contender)).toEqual(['plain', 'quick', 'other']);
    expect(rows[0]?.ratio?.mean).toBeCloseTo(2, 2);
    expect(rows[0]?.times[2]?.overSubject?.mean).toBeCloseTo(2, 2);
    expect(rows[1]?.times[2]).toEqual({ contender: 'other', status: 'failed' });
    expect(rows[2]?.times[1]).toEqual({ contender: 'quick' });
    expect(rows[2]?.ratio).toBeUndefined();
  });

  it('is nothing in a run about something else', () => {
    const isAbout = (cells: readonly MicroCell[]): boolean =>
      hasSubject({ cells, claims: [twice] }) || measureClaimTable(cells, claimSet(twice)).length > 0;
    expect(isAbout([])).toBe(false);
    expect(isAbout(assemble(timed(cellId({ payload: 'another' }), steady)))).toBe(false);
    expect(isAbout(assemble(timed(cellId({ contender: 'other' }), steady)))).toBe(false);
    expect(isAbout(assemble(timed(cellId(), steady)))).toBe(true);
  });
});
