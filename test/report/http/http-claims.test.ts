/**
 * The section on what others state of a gateway under load: stated, measured and verdict can be told apart.
 */
import { describe, expect, it } from 'vitest';

import { ratioOf } from '../../../src/compare/cells.ts';
import { takeHeadline } from '../../../src/compare/scenarios.ts';
import type { Claim, ClaimSet } from '../../../src/model/claims.ts';
import type { Table } from '../../../src/report/document.ts';
import type { RunRecord } from '../../../src/run-file/records.ts';
import { reportHttpClaimLines, reportHttpClaims } from '../../../src/report/run/claims-report.ts';
import { metadata, syntheticRun } from '../run/synthetic-run.ts';
import { syntheticHttp, syntheticHttpRun } from './synthetic-http.ts';
import { reportRecord, toRun } from '../../records.ts';

const list = { suite: 'writers', at: { scenario: 'list-1000' }, subject: 'compiled', against: 'plain' } as const;
const claims: Claim[] = [
  { ...list, what: 'more requests', metric: 'requestsPerSec', change: 'more', from: 0.15, to: 0.3 },
  { ...list, what: 'a faster p95', metric: 'p95Ns', change: 'less', from: 0.5 },
  { ...list, what: 'more requests', subject: 'shaky', metric: 'requestsPerSec', change: 'more', from: 0 },
  { ...list, what: 'less CPU', subject: 'fragile', metric: 'cpuNsPerRequest', change: 'less', from: 0.1, to: 0.1 },
  {
    ...list,
    what: 'smaller answers',
    suite: 'pieces',
    subject: 'small',
    against: 'bare',
    metric: 'wireBytesPerRequest',
    change: 'less',
    from: 0.82,
    to: 0.85,
  },
];
const set: ClaimSet = {
  title: 'A page',
  source: 'somebody, somewhere',
  payload: 'list',
  claims: [],
  http: claims,
  table: { suite: 'speed', subject: 'quick', against: 'plain', beside: [], stated: [] },
};

const run = toRun(syntheticHttpRun());

function rows(): string[][] {
  const tables = reportHttpClaimLines(run, [set]).filter((block): block is Table => block.kind === 'table');
  return tables.flatMap(({ groups }) =>
    groups.flatMap((group) => group.rows.map((row) => row.map(({ text }) => text))),
  );
}

describe('the claims about a gateway under load', () => {
  it('are a line each: what, where, who, stated, measured, verdict', () => {
    expect(rows()).toEqual([
      [
        'more requests',
        '1,000 things',
        'compiled',
        '+15% to +30%',
        expect.stringMatching(/^\+55% \(\+5\d% to \+5\d%\)$/),
        'holds, and more than stated',
      ],
      [
        'a faster p95',
        '1,000 things',
        'compiled',
        '-50% or less',
        expect.stringMatching(/^-36% \(-3\d% to -3\d%\)$/),
        'does not hold',
      ],
      [
        'more requests',
        '1,000 things',
        'shaky',
        'more',
        expect.stringMatching(/^\+11% \(-8\d% to \+\d+%\)$/),
        'cannot be told',
      ],
      [
        'less CPU',
        '1,000 things',
        'fragile',
        '-10%',
        '–',
        'not measured: fragile is failed: requests failed: 2 of HTTP 503',
      ],
      ['smaller answers', '1,000 things', 'small answers', '-82% to -85%', '-83%', 'holds'],
    ]);
  });

  it('give the measured change as a value and nothing of what is stated', () => {
    const table = reportHttpClaimLines(run, [set]).find((block): block is Table => block.kind === 'table');
    const [first] = table?.groups[0]?.rows ?? [];
    const own = takeHeadline(
      (run.http?.cells ?? []).filter(({ id }) => id.suite === 'writers' && id.scenario === 'list-1000'),
    );
    const [ratio = 0] = own.flatMap((cell) =>
      cell.id.contender === 'compiled' ? (ratioOf(cell, 'requestsPerSec')?.ratio ?? []) : [],
    );
    expect(first?.map(({ value }) => value)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      ratio - 1,
      undefined,
    ]);
  });

  it('name the source, and stand in the report of a run that is about them and in no other', () => {
    const [section] = reportHttpClaims(run, [set]);
    expect(section?.title).toBe('Stated of a gateway under load');
    expect(JSON.stringify(section?.blocks[0])).toContain('somebody, somewhere');
    const titles = (record: RunRecord) =>
      reportRecord({ run: record, registry: { ...metadata, claims: [set] } }).blocks.flatMap((block) =>
        block.kind === 'section' ? block.title : [],
      );
    expect(titles(syntheticHttpRun())).toContain('Stated of a gateway under load');
    expect(titles(syntheticRun())).not.toContain('Stated of a gateway under load');
    expect(reportHttpClaims(toRun({ ...syntheticHttpRun(), http: { ...syntheticHttp(), cells: [] } }), [set])).toEqual(
      [],
    );
    const { http: _none, ...silent } = set;
    expect(reportHttpClaimLines(run, [silent])).toEqual([]);
  });
});
