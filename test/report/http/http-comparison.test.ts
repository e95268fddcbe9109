/**
 * Made-up runs over HTTP side by side: ratios a run, and how well they agree.
 */
import { describe, expect, it } from 'vitest';

import type { HttpCellRecord, RunRecord } from '../../../src/run-file/records.ts';
import type { Block, Table } from '../../../src/report/document.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { reportComparison } from '../../../src/report/run/comparison-report.ts';
import { metadata, syntheticRun } from '../run/synthetic-run.ts';
import { syntheticHttp, syntheticHttpRun } from './synthetic-http.ts';
import { toRun } from '../../records.ts';

const run = syntheticHttpRun();

function withCells(change: (cell: HttpCellRecord) => HttpCellRecord | undefined): RunRecord {
  const http = syntheticHttp();
  return { ...run, http: { ...http, cells: http.cells.flatMap((cell) => change(cell) ?? []) } };
}

function isCompiled({ contender, scenario, load }: HttpCellRecord): boolean {
  return contender === 'compiled' && scenario === 'list-1000' && load.kind === 'closed' && load.connections === 10;
}

/** The run with another ratio of requests a second for one contender in one scenario. */
function faster(by: number): RunRecord {
  return withCells((cell) => {
    const { requestsPerSec: rate } = cell.metrics;
    if (!isCompiled(cell) || rate?.ratio === undefined) return cell;
    const { reference, ratio, lo = 0, hi = 0 } = rate.ratio;
    return {
      ...cell,
      metrics: {
        ...cell.metrics,
        requestsPerSec: { ...rate, ratio: { reference, ratio: ratio * by, lo: lo * by, hi: hi * by } },
      },
    };
  });
}

function report(...runs: RunRecord[]): readonly Block[] {
  return reportComparison({
    runs: runs.map((one, index) => ({ name: ['here', 'there'][index] ?? '', run: toRun(one) })),
    registry: metadata,
  }).blocks;
}

function flatten(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => (block.kind === 'section' ? [block, ...flatten(block.blocks)] : [block]));
}

function tables(blocks: readonly Block[]): Table[] {
  return flatten(blocks).filter((block) => block.kind === 'table');
}

function rowsOf(blocks: readonly Block[], caption: string): string[][] {
  const table = tables(blocks).find((own) => own.caption === caption);
  return (
    table?.groups.flatMap(({ label, rows }) =>
      rows.map((row) => [label?.text ?? '', ...row.map(({ text }) => text)]),
    ) ?? []
  );
}

describe('runs over HTTP side by side', () => {
  it('have a row for each contender, load and metric with the ratio of each run', () => {
    const rows = rowsOf(report(run, faster(2)), '1,000 things');
    const own = rows.filter(([contender, load]) => contender === 'compiled' && load === '10 connections');
    expect(own.map((row) => [row[2], row.at(-1)])).toEqual([
      ['requests/s', 'apart'],
      ['CPU a request', 'overlap'],
      ['p95', 'overlap'],
    ]);
    expect(own[0]?.slice(3, 5)).toEqual([expect.stringMatching(/^1\.55x \(/), expect.stringMatching(/^3\.1x \(/)]);
    expect(rows.filter(([contender]) => contender === 'plain')).toEqual([]);
  });

  it('say how well they agree by metric and over all', () => {
    const rows = rowsOf(report(run, faster(2)), 'Ratios over HTTP');
    expect(rows.map(([runs, metric]) => [runs, metric])).toEqual(
      ['requests/s', 'p50', 'p95', 'CPU a request', 'wire', 'all'].map((metric) => ['here, there', metric]),
    );
    expect(rows[0]?.at(-1)).toMatch(/^compiled, writers, list-1000, closed-10, requests\/s: 1\.55x, then 3\.1x$/);
    expect(rows[1]?.slice(3)).toEqual(['0.0%', '100%', 'none apart']);
  });

  it('have no table of speedups where there are none, and both where there is both', () => {
    expect(tables(report(run, faster(2))).flatMap(({ columns }) => columns.map(({ title }) => title))).not.toContain(
      'speedups in both',
    );
    const both = tables(
      report(
        { ...syntheticRun(), http: syntheticHttp() },
        { ...syntheticRun(), http: faster(2).http ?? syntheticHttp() },
      ),
    );
    expect(both.flatMap(({ columns }) => columns.map(({ title }) => title))).toEqual(
      expect.arrayContaining(['speedups in both', 'ratios in both']),
    );
  });

  it('say that nothing is in common, and do not say that nothing was measured', () => {
    const mine = withCells((cell) => (cell.suite === 'writers' ? cell : undefined));
    const theirs = withCells((cell) => (cell.suite === 'pieces' ? cell : undefined));
    expect(rowsOf(report(mine, theirs), 'Ratios over HTTP')).toEqual([['here, there', 'all', '0', '–', '–', '–']]);
    expect(JSON.stringify(report(mine, theirs))).not.toContain('nothing was measured');
    expect(JSON.stringify(report(mine, { ...run, http: { ...syntheticHttp(), cells: [] } }))).toContain(
      'there: nothing was measured',
    );
  });

  it('name what is not ok and what only one of them has', () => {
    const broken = withCells((cell) => {
      if (cell.suite === 'pieces' && cell.contender === 'guest') return undefined;
      return isCompiled(cell) ? { ...cell, status: 'failed', reason: 'it\nfell', metrics: {} } : cell;
    });
    const listed = flatten(report(run, broken)).flatMap((block) =>
      block.kind === 'list' ? block.items.map(({ text }) => text) : [],
    );
    expect(listed).toContain('compiled (10 connections): failed in there: it⏎fell');
    expect(listed).toContain('somebody else (10 connections): only in here');
  });

  it('does not compare ratios to different references', () => {
    const other = withCells((cell) => ({
      ...cell,
      metrics: Object.fromEntries(
        Object.entries(cell.metrics).map(([name, { ratio, ...rest }]) => [
          name,
          ratio === undefined ? rest : { ...rest, ratio: { ...ratio, reference: 'another' } },
        ]),
      ),
    }));
    expect(rowsOf(report(run, other), '10 things').map((row) => row.at(-1))).toContain('other references');
    expect(rowsOf(report(run, other), 'Ratios over HTTP')[0]?.[2]).toBe('0');
  });

  it('keep every line within its screen', () => {
    const document = reportComparison({
      runs: [
        { name: 'here', run: toRun(run) },
        { name: 'there', run: toRun(faster(2)) },
      ],
      registry: metadata,
    });
    const lines = terminal.render(document, { color: false, columns: 120 }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});
