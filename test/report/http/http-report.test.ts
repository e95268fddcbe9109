/**
 * The report of a made-up run over HTTP: golden texts, and what a reader must be able to rely on.
 */
import { describe, expect, it } from 'vitest';

import type { HttpCellRecord, HttpResultsRecord, RunRecord } from '../../../src/run-file/records.ts';
import type { Block, Table } from '../../../src/report/document.ts';
import csv from '../../../src/report/formats/csv.ts';
import json from '../../../src/report/formats/json.ts';
import markdown from '../../../src/report/formats/markdown.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { reportHttpHeadline } from '../../../src/report/http/http-headline.ts';
import { readCsv } from '../read-csv.ts';
import { metadata, syntheticRun } from '../run/synthetic-run.ts';
import { syntheticHttp, syntheticHttpRun } from './synthetic-http.ts';
import { reassess } from '../../../src/compare/reassess.ts';
import { toRecord } from '../../../src/run-file/write.ts';
import { reportRecord, toRun } from '../../records.ts';

const run = syntheticHttpRun();
const http = syntheticHttp();
const document = reportRecord({ run, registry: metadata });

function textOf(one: RunRecord, columns = 110): string {
  return terminal.render(reportRecord({ run: one, registry: metadata }), { color: false, columns });
}

function withHttp(changes: Partial<HttpResultsRecord>): RunRecord {
  return { ...run, http: { ...http, ...changes } };
}

function withCells(change: (cell: HttpCellRecord) => Partial<HttpCellRecord>): RunRecord {
  return withHttp({ cells: http.cells.map((cell) => ({ ...cell, ...change(cell) })) });
}

function tablesIn(blocks: readonly Block[]): Table[] {
  return blocks.flatMap((block) =>
    block.kind === 'section' ? tablesIn(block.blocks) : block.kind === 'table' ? [block] : [],
  );
}

function section(title: string, of: RunRecord = run): Block[] {
  const found = reportRecord({ run: of, registry: metadata }).blocks.find(
    (block) => block.kind === 'section' && block.title === title,
  );
  if (found?.kind !== 'section') throw new Error(`no section ${title}`);
  return [...found.blocks];
}

/** Items of the list that tells what each contender changed. */
function sentences(suite: string, of: RunRecord = run): string[] {
  const list = section(suite, of).find((block) => block.kind === 'list');
  return list?.kind === 'list' ? list.items.map(({ text }) => text) : [];
}

/** A row of one of a suite's summary tables, as texts by column title. */
function summaryRow(suite: string, { caption, row }: { caption: string; row: string }): Record<string, string> {
  const table = tablesIn(section(suite)).find((own) => own.caption?.startsWith(caption) === true);
  const cells = table?.groups.flatMap(({ rows }) => rows).find(([name]) => name?.text === row) ?? [];
  return Object.fromEntries((table?.columns ?? []).map(({ title }, index) => [title, cells[index]?.text ?? '']));
}

describe('the report of a run over HTTP', () => {
  it('reads in terminal as it always has', async () => {
    await expect(terminal.render(document, { color: false, columns: 110 })).toMatchFileSnapshot(
      '../../golden/http.txt',
    );
  });

  it('reads in markdown as it always has', async () => {
    await expect(markdown.render(document)).toMatchFileSnapshot('../../golden/http.md');
  });

  it('keeps every line within its screen', () => {
    expect(
      Math.max(
        ...textOf(run, 100)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(100);
  });

  it('has a header of its own and nothing about micro-benchmarks', () => {
    const text = textOf(run);
    expect(text).toContain('profile quick, 1 to 3 rounds a cell, seed 7');
    for (const foreign of ['no timed cells', 'Nothing was measured', 'speedup', 'forks', 'MB/s'])
      expect(text).not.toContain(foreign);
    expect(textOf({ ...run, interrupted: true })).toContain('cells have fewer rounds than planned');
  });

  it('stands between the suites of micro-benchmarks and the findings where a run has both', () => {
    const both = reportRecord({ run: { ...syntheticRun(), http }, registry: metadata });
    const titles = both.blocks.flatMap((block) => (block.kind === 'section' ? block.title : []));
    expect(titles).toEqual(['Speed', 'Dates', 'Types', 'Sizes', 'Writers', 'Pieces', 'Findings', 'Legend']);
    expect(both.title).toBe('wirebench run');
    expect(both.contenders?.map(({ id }) => id)).toEqual(expect.arrayContaining(['packed', 'small', 'guest']));
  });

  it('says that nothing was measured where a suite has no cells', () => {
    const text = textOf(withHttp({ cells: [] }));
    expect(text).toContain('Nothing was measured.');
    expect(text).not.toContain('Writers');
  });
});

describe('the summary of a suite', () => {
  it('comes first: scenarios against contenders, requests a second with ratio and interval', () => {
    const [question, table] = section('Writers');
    expect([question?.kind, table?.kind]).toEqual(['paragraph', 'table']);
    expect(summaryRow('Writers', { caption: 'requests/s', row: '1,000 things' })).toMatchObject({
      plain: '67.3',
      compiled: expect.stringMatching(/^104, 1\.55x \([\d.]+–[\d.]+x\)$/),
      shaky: expect.stringMatching(/^74\.8, no difference \(/),
      fragile: 'failed',
    });
  });

  it('takes each scenario under ten connections, and names the load where it is another', () => {
    expect(summaryRow('Writers', { caption: 'p95', row: '1,000 things' })['plain']).toBe('297 ms');
    expect(summaryRow('Writers', { caption: 'p95', row: 'from a write to its event (1 connection)' })['plain']).toBe(
      '1.98 ms',
    );
  });

  it('knows that more requests are good and more time is bad', () => {
    const tones = (caption: string, contender: string): unknown[] => {
      const table = tablesIn(section('Writers')).find((own) => own.caption?.startsWith(caption) === true);
      const column = table?.columns.findIndex((own) => own.contender === contender) ?? -1;
      return table?.groups.flatMap(({ rows }) => rows.map((row) => row[column]?.tone)) ?? [];
    };
    expect(tones('requests/s', 'compiled')).toEqual(['good', 'good', 'bad', undefined]);
    expect(tones('CPU a request', 'compiled')).toEqual(['good', 'good', 'bad', undefined]);
    expect(tones('p95', 'shaky')).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('shows bytes on the wire where a contender changed them, without bounds where they are exact, and says so elsewhere', () => {
    expect(summaryRow('Pieces', { caption: 'wire', row: '1,000 things' })).toMatchObject({
      'nothing at all': '160 KB',
      'small answers': '27.2 KB, 0.17x',
      'somebody else': '160 KB',
    });
    expect(summaryRow('Writers', { caption: 'wire, 10', row: '1,000 things' })).toEqual({});
    expect(section('Writers')).toContainEqual({
      kind: 'note',
      tone: 'muted',
      text: 'wire: the same for every contender, in every scenario.',
    });
  });

  it('says in a sentence what each contender changed, and where nothing is shown', () => {
    const [compiled, shaky, fragile] = sentences('Writers');
    expect(compiled).toMatch(
      /^compiled against plain: requests\/s \+3\.1% to \+55% in 2 of 4 scenarios and -8\.2% in 1; CPU a request .*; elsewhere nothing is shown to differ\.$/,
    );
    expect(shaky).toBe(
      'shaky against plain: nothing is shown to differ in requests/s, CPU a request and p95, in 4 scenarios.',
    );
    expect(fragile).toBe('fragile against plain: nothing can be said, since there are no intervals.');
    expect(sentences('Pieces')[1]).toMatch(
      /^somebody else against nothing at all: requests\/s \+44% in both scenarios; p95 -31% in both scenarios\.$/,
    );
  });

  it('counts scenarios without an interval in its sentence', () => {
    const lone = withCells(({ contender, scenario }) =>
      contender === 'small' && scenario === 'call' ? { metrics: {}, status: 'failed', reason: 'x' } : {},
    );
    expect(sentences('Pieces', lone)[0]).toMatch(/; 1 scenario without an interval\.$/);
  });

  it('says how many entities there are where it has filled the database itself, and nowhere else', () => {
    const suites = http.suites.map((suite) => ({
      ...suite,
      contenders: suite.contenders.map(({ id, title }) => ({ id, title })),
    }));
    expect(textOf(run)).toContain('entities of each kind');
    expect(textOf(withHttp({ suites }))).not.toContain('entities of each kind');
  });

  it('explains the settings of every contender once', () => {
    const lines = section('Pieces').flatMap((block) =>
      block.kind === 'list' ? block.items.map(({ text }) => text) : [],
    );
    expect(lines).toContain(
      'nothing at all: serializer plain, each connection is closed after its answer, the handlers alone answer, without router, validation and hooks',
    );
    expect(lines).toContain('somebody else: a server that ran already; its settings are its own');
  });
});

describe('the section of a scenario', () => {
  const text = textOf(run);

  it('has a table for each load', () => {
    expect(text).toContain('1 connection, each asks again when it has its answer');
    expect(text).toContain('10 connections, each asks again when it has its answer');
    expect(text).toContain('30 requests fall due each second, whatever became of earlier ones');
  });

  it('names what failed, every warning and why figures are missing, without control characters', () => {
    expect(text).toContain('fragile: failed: requests failed: 2 of HTTP 503\n');
    expect(text).toContain('fragile: incorrect: first difference at /0/name: ␛[31m');
    expect(text).toContain('shaky (10 connections): the load generator was busy');
    expect(text).toContain('–  p99: too few requests');
    expect(text).toContain('–  CPU a request, loop delay p99 and memory: the server is no process of this program');
  });

  it('tells what all contenders share once, and failures that no reason names', () => {
    const warned = textOf(withCells(() => ({ warnings: ['nothing was pinned'], failures: { timeout: 2 } })));
    expect(warned).toContain('every contender: nothing was pinned');
    expect(warned).toContain('every contender: timeout: 2 requests');
    expect(warned).not.toContain('fragile: HTTP 503');
  });

  it('falls back to ids where the run does not know its scenarios or contenders', () => {
    const unknown = textOf(
      withHttp({
        scenarios: [],
        suites: http.suites.map((suite) => ({
          ...suite,
          contenders: suite.contenders.map(({ id }) => ({ id, title: id })),
        })),
      }),
    );
    expect(unknown).toContain('list-1000');
    expect(unknown).toContain('27.2 KB, 0.17x');
  });
});

describe('the noise of a session', () => {
  const [cell] = http.cells;
  if (cell === undefined) throw new Error('it has cells');
  const { suite, scenario, contender, load } = cell;
  const ratios = [1.01, 1.02, 1.03].map((ratio, round) => ({ round, ratio }));
  const twin = { cell: { suite, scenario, contender, load }, rounds: ratios, ratio: 1.02, lo: 0.99, hi: 1.05 };
  const noise = { cleanShare: 0.8, othersShare: 0.2, twins: [{ ...twin, confidence: 0.95 }] };
  const noisy = withHttp({ noise });
  const flat = (one: RunRecord): string => textOf(one).replaceAll(/\s+/g, ' ');

  it('stands before the tables, in the words of servers', () => {
    expect(flat(noisy)).toContain(
      "On this machine, during this run, identical servers read within 2.0%: in 1 load the reference took part twice (3 rounds each), and the interval of its ratio to itself holds 1. The processor was at its floor in 80% of the windows of load. Of the machine's processor time, other programs used 20%. Over HTTP",
    );
    expect(flat(noisy)).toContain('windows of load count where it ran at its floor');
    for (const word of ['identical', 'floor']) expect(flat(run)).not.toContain(word);
  });

  it('is in csv beside its cell, and in json as in the run file', () => {
    const options = { runs: [{ name: 'run', run: toRun(noisy) }] };
    const noisyReport = reportRecord({ run: noisy, registry: metadata });
    const told = readCsv(csv.render(noisyReport, options)).map((record) => record['twinRatio']);
    expect(told).toEqual(['1.02', ...http.cells.slice(1).map(() => '')]);
    const parsed = JSON.parse(json.render(noisyReport, options)) as { runs: [{ run: RunRecord }] };
    expect(parsed.runs[0].run.http?.noise).toEqual(noise);
  });
});

describe('what intervals rest on', () => {
  const explanation = 'how far it varies is estimated from all ratios of its suite';
  const flat = (one: RunRecord): string => textOf(one).replaceAll(/\s+/g, ' ');

  it('is told by suite where the cells of one know more together, and nowhere else', () => {
    const assembled = flat(toRecord(reassess(toRun(run))));
    expect(assembled).toContain(explanation);
    expect(assembled).toMatch(
      /Writers: how far a ratio varies is estimated from \d+ ratios together, .* Intervals rest on [\d.]+( to [\d.]+)? degrees of freedom, where rounds of one ratio alone have 2\./,
    );
    // Two groups of two contenders are too few.
    expect(assembled).not.toContain('Pieces: how far');
    // Stored without degrees of freedom, bounds say nothing of where they come from.
    expect(flat(run)).not.toContain(explanation);
  });
});

describe('the short form for other documents', () => {
  const blocks = reportHttpHeadline(toRun(run));

  it('has the first suite on the scenarios of the shortest runs', () => {
    const [table] = tablesIn(blocks);
    expect(table?.groups.map(({ label }) => label?.text)).toEqual(['1,000 things', 'a small | call']);
    expect(table?.columns.map(({ title }) => title)).toEqual(['contender', 'requests/s', 'CPU a request', 'p95']);
    expect(table?.groups[0]?.rows.map(([name]) => name?.text)).toEqual(['plain', 'compiled', 'shaky', 'fragile']);
  });

  it('says where it was measured, and is nothing for a run without HTTP', () => {
    expect(JSON.stringify(blocks.at(-1))).toContain(
      'Measured 2026-01-02 03:04 UTC on Node 0.0.0, Imaginary CPU, 2 cores, profile quick.',
    );
    expect(reportHttpHeadline(toRun(syntheticRun()))).toEqual([]);
    expect(reportHttpHeadline(toRun(withHttp({ cells: [] })))).toEqual([]);
  });
});
