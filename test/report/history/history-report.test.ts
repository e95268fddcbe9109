/**
 * The report of a history: what changed, every run of every cell, and what a chart of it holds.
 */
import { describe, expect, it } from 'vitest';

import { fewestRuns, traceSpeedups } from '../../../src/compare/history.ts';
import type { CellSelection } from '../../../src/model/cell.ts';
import type { HistoryEntry } from '../../../src/model/history.ts';
import type { Block, Chart, Document, Table } from '../../../src/report/document.ts';
import { loadFormats } from '../../../src/report/formats.ts';
import { reportHistory } from '../../../src/report/history/history-report.ts';
import { historyOf, levelOf } from '../../compare/histories.ts';

const registry = { contenders: [], payloads: [], suites: [] };
const enough = Math.ceil(fewestRuns / 2) + 1;
const upgraded = { environment: { packages: { 'ours-package': '2.0.0' } } };
const step = historyOf([...levelOf(2, enough), ...levelOf(3, enough, upgraded)]);

function report(entries: readonly HistoryEntry[], selection: CellSelection = {}): Document {
  const series = traceSpeedups({
    entries,
    selection,
    packageOf: (contender) => (contender === 'ours' ? 'ours-package' : undefined),
  });
  return reportHistory({ series, runs: entries.length, registry });
}

function blocksOf(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) =>
    block.kind === 'section' || block.kind === 'details' ? blocksOf(block.blocks) : [block],
  );
}

const tables = ({ blocks }: Document): Table[] => blocksOf(blocks).filter((block) => block.kind === 'table');
const charts = ({ blocks }: Document): Chart[] => blocksOf(blocks).filter((block) => block.kind === 'chart');
/** The text of each row, cells joined by ` | `. */
const rows = (table: Table | undefined): string[] =>
  (table?.groups ?? []).flatMap((group) => group.rows.map((row) => row.map(({ text }) => text).join(' | ')));

async function render(document: Document): Promise<string> {
  const format = (await loadFormats()).get('terminal');
  return ((await format?.render(document, { color: false, columns: 160 })) ?? '').replaceAll(/\s+/g, ' ');
}

describe('the report of a history', () => {
  it('has a row for each run, with date, commit, versions, speedup and interval', () => {
    const [table] = tables(report(historyOf([{ ratio: 2 }, { ratio: 3, ...upgraded }])));
    expect(table?.caption).toBe('tools, 100 items (native variant, bytes), over plain');
    expect(rows(table)).toEqual([
      'ours | 1 | 2026-01-01 00:00 | commit000000 | node 24.1.0 | 1.0.0 | 2.0x | 2.0–2.0x | ',
      'ours | 2 | 2026-01-02 00:00 | commit000001 | node 24.1.0 | 2.0.0 | 3.0x | 2.9–3.1x | ',
    ]);
    expect(table?.groups[0]?.rows[1]?.[6]?.value).toBe(3);
    expect(table?.groups[0]?.rows.every(([name]) => name?.contender === 'ours')).toBe(true);
  });

  it('marks a change point where it is, and lists it with both levels and what differs', () => {
    const [changes, table] = tables(report(step));
    expect(changes?.caption).toContain('Change points');
    expect(rows(changes)).toHaveLength(1);
    expect(rows(changes)[0]).toContain(
      `commit${String(enough - 1).padStart(6, '0')} -> commit${String(enough).padStart(6, '0')}`,
    );
    expect(rows(changes)[0]).toContain('ours-package 1.0.0 -> 2.0.0');
    const marked = rows(table).flatMap((row, index) => (row.includes('change point') ? [index] : []));
    expect(marked).toEqual([enough]);
  });

  it('says so where nothing but the commit differs at a change', () => {
    const [changes] = tables(report(historyOf([...levelOf(2, enough), ...levelOf(3, enough)])));
    expect(rows(changes)[0]).toContain('nothing but the commit and the day');
  });

  it('says that there is no change point, or that there are too few runs to tell', async () => {
    expect(await render(report(historyOf(levelOf(2, 2 * enough))))).toContain('No change point in 1 series');
    const few = await render(report(historyOf(levelOf(2, 3))));
    expect(few).toContain(
      'No series is long enough for change points (the longest of them has 3 runs with an interval)',
    );
    expect(few).toContain(`with fewer than ${fewestRuns} runs`);
    expect(few).not.toContain('No change point in');
  });

  it('says how many series are too short where others are not', async () => {
    const others = [{ contender: 'late', status: 'ok' as const, ratio: 3, lo: 2.9, hi: 3.1 }];
    const entries = historyOf([...levelOf(2, 2 * enough), { others }]);
    expect(await render(report(entries))).toContain('1 of 2 series are not long enough');
  });

  it('keeps machines apart and says why', async () => {
    const document = report(historyOf([{}, { environment: { cpuModel: 'Other CPU', cores: 1 } }]));
    expect(tables(document).map(({ caption }) => caption)).toEqual([
      'tools, 100 items (native variant, bytes), over plain, machine 1',
      'tools, 100 items (native variant, bytes), over plain, machine 2',
    ]);
    const text = await render(document);
    expect(text).toContain('machine 2: Other CPU, 1 core, x64, Linux (1 run)');
    expect(text).toContain('a change of machine must not pass for a change of code');
  });

  it('prints no speedup where the interval holds 1, nor an interval where there were too few rounds', () => {
    const [table] = tables(report(historyOf([{ ratio: 1.01 }, { ratio: 2, halfWidth: 0 }])));
    expect(rows(table)[0]).toContain('no difference');
    expect(rows(table)[1]).toContain('2.0x | fewer than 3 rounds');
  });

  it('gives a run its status where the cell was not right in it', () => {
    const [right, wrong] = historyOf([{}, {}]) as [HistoryEntry, HistoryEntry];
    const groups = wrong.groups.map((group) => ({
      ...group,
      cells: [{ contender: 'ours', status: 'incorrect' as const }],
    }));
    const [table] = tables(report([right, { ...wrong, groups }]));
    expect(rows(table)[1]).toContain('incorrect');
  });

  it('has one sentence where no series was found', async () => {
    expect(await render(report(step, { payloads: ['unknown'] }))).toContain(
      `None of the ${2 * enough} runs has a speedup`,
    );
  });

  it('shows what came from a file without its control characters', async () => {
    const nasty = { node: '24\u001b[31m', commit: 'a\nb', packages: { 'ours-package': '\u202e1' } };
    const text = await render(report(historyOf([{ environment: nasty }, { environment: nasty }])));
    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character);
    expect(text).toContain('a⏎b');
  });
});

describe('the chart of a history', () => {
  it('has the points of every run with intervals, a line at the reference and one between the runs of a change', () => {
    const [chart] = charts(report(step));
    expect(chart?.series).toHaveLength(1);
    expect(chart?.series[0]).toMatchObject({ name: 'ours', contender: 'ours' });
    expect(chart?.series[0]?.points).toHaveLength(2 * enough);
    expect(chart?.series[0]?.points[0]).toMatchObject({ x: 1, y: 2, lo: 1.96, hi: 2.04 });
    expect(chart?.marks).toEqual([
      { axis: 'y', at: 1, label: 'plain' },
      { axis: 'x', at: enough + 0.5, label: 'ours: ours-package 1.0.0 -> 2.0.0' },
    ]);
    expect(chart?.summary).toMatch(
      /^Speedup over plain in \d+ runs: ours from 2\.0x to [\d.]+x with 1 change point\.$/,
    );
  });

  it('is left out where one run makes no line', () => {
    expect(charts(report(historyOf([{}])))).toEqual([]);
  });

  it('has an id of its own for each table', () => {
    const machines = historyOf([{}, {}, { environment: { cores: 1 } }, { environment: { cores: 1 } }]);
    const ids = charts(report(machines)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});
