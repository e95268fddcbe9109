/**
 * The section on what others state: what is stated, what is measured and each verdict can be told apart.
 */
import { describe, expect, it } from 'vitest';

import type { Claim, ClaimSet } from '../../../src/model/claims.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';
import { reportClaims } from '../../../src/report/run/claims-report.ts';
import type { Table } from '../../../src/report/document.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import { assembleOutcomes, cellId, timed } from '../../compare/outcomes.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';
import { reportRecord, storeMicro, toRun } from '../../records.ts';

const pair = { suite: 'speed', subject: 'quick', against: 'plain' } as const;
const at = { payload: 'list', variant: 'text', sink: 'bytes' };
const gain = (items: number, from: number): Claim => ({
  what: 'faster',
  ...pair,
  at,
  metric: 'latencyNs',
  change: 'more',
  items: [items],
  from,
  to: from,
});
/** The same claim about another payload. */
const moved = (claim: Claim): Claim => ({ ...claim, at: { ...claim.at, payload: 'something else' } });
const set: ClaimSet = {
  title: 'A page',
  source: 'somebody, somewhere',
  payload: 'list',
  table: { ...pair, beside: ['other'], stated: [{ items: 10, againstNs: 4000, subjectNs: 1000, gain: 3 }] },
  claims: [
    gain(10, 1),
    gain(10, 3),
    gain(100, 1),
    { what: 'grows', ...pair, at, metric: 'latencyNs', change: 'grows', items: [10, 1000] },
  ],
};

const outcomes = [
  ...timed(cellId(), [1000, 1010, 990]),
  ...timed(cellId({ contender: 'quick' }), [500, 501, 499]),
  ...timed(cellId({ contender: 'other' }), [250, 251, 249]),
];
const cells = storeMicro(assembleOutcomes(outcomes, { speed: 'plain' }));
const run = toRun({ ...syntheticRun(), cells });

function tables(): Table[] {
  return reportClaims(run, [set]).flatMap(({ blocks }) => blocks.filter((block) => block.kind === 'table'));
}

describe('the section on claims', () => {
  it('puts the stated row above the measured one and gives values of the latter only', () => {
    const rows = tables()[0]?.groups[0]?.rows ?? [];
    expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['stated', '4.00 µs', '1.00 µs', '+300%', ''],
      [
        'measured',
        '1.00 µs',
        '500 ns',
        expect.stringMatching(/^\+100% \(\+9\d% to \+10\d%\)$/),
        expect.stringMatching(/^250 ns, 2\.0x \(/),
      ],
    ]);
    expect(rows[0]?.filter(({ value }) => value !== undefined)).toEqual([]);
    expect(rows[1]?.[1]?.value).toBe(1000);
  });

  it('has a line a claim with what is stated, what was measured and a verdict', () => {
    const lines = (tables()[1]?.groups[0]?.rows ?? []).map((row) => row.map(({ text }) => text));
    expect(lines.map(([what, items, stated, , verdict]) => [what, items, stated, verdict])).toEqual([
      ['faster', '10', '+100%', 'cannot be told'],
      ['faster', '10', '+300%', 'does not hold'],
      ['faster', '100', '+100%', 'not measured'],
      ['grows', '10 to 1,000', 'above 1x', 'not measured'],
    ]);
    expect(lines[1]?.[3]).toContain('+100%');
    expect(lines[2]?.[3]).toBe('–');
  });

  it('names the source', () => {
    const [section] = reportClaims(run, [set]);
    expect(section?.title).toBe('A page');
    expect(JSON.stringify(section?.blocks[0])).toContain('somebody, somewhere');
  });

  it('stands in the report of a run that is about the claims and in no other', () => {
    const titles = (registry: Parameters<typeof reportRecord>[0]['registry']): string[] =>
      reportRecord({ run: { ...syntheticRun(), cells }, registry }).blocks.flatMap((block) =>
        block.kind === 'section' ? [block.title] : [],
      );
    expect(titles({ ...metadata, claims: [set] })).toContain('A page');
    expect(titles(metadata)).not.toContain('A page');
    const elsewhere = { ...set, payload: 'something else', claims: set.claims.map(moved) };
    expect(reportClaims(run, [elsewhere])).toEqual([]);
    const text = markdown.render(
      reportRecord({ run: { ...syntheticRun(), cells }, registry: { ...metadata, claims: [set] } }),
    );
    expect(text).toContain('does not hold');
  });
});

describe('claims that the project carries', () => {
  it('are about contenders, payloads and suites that there are', async () => {
    const { claims = [], contenders, payloads, suites } = await loadRegistry();
    expect(claims.length).toBeGreaterThan(0);
    const known = new Set([...contenders, ...suites].map(({ id }) => id));
    const named = claims.flatMap(({ table, claims: own }) => [
      ...table.beside,
      ...[table, ...own].flatMap(({ suite, subject, against }) => [suite, subject, against]),
    ]);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(claims.filter(({ payload }) => !payloads.some(({ id }) => id === payload))).toEqual([]);
  });

  it('state gains that agree with the times beside them', async () => {
    const { claims = [] } = await loadRegistry();
    const stated = claims.flatMap(({ table }) => table.stated);
    expect(stated.length).toBeGreaterThan(0);
    // Times of three digits make a gain of three digits; a page may have rounded either.
    for (const { againstNs, subjectNs, gain: share } of stated)
      expect(Math.abs(againstNs / subjectNs - 1 - share)).toBeLessThan(0.02);
  });
});
