/**
 * Formats that machines read: their rules, and names from outside that would break or abuse whoever reads them.
 */
import { describe, expect, it } from 'vitest';

import type { MicroCellRecord, RunRecord } from '../../src/run-file/records.ts';
import type { Document } from '../../src/report/document.ts';
import bencher from '../../src/report/formats/bencher.ts';
import csv from '../../src/report/formats/csv.ts';
import githubActionBenchmark from '../../src/report/formats/github-action-benchmark.ts';
import json from '../../src/report/formats/json.ts';
import { UserError } from '../../src/user-error.ts';
import { syntheticHttp, syntheticHttpRun } from './http/synthetic-http.ts';
import { readCsv } from './read-csv.ts';
import { syntheticRun } from './run/synthetic-run.ts';
import { toRun } from '../records.ts';

const nobody: Document = { title: 't', blocks: [] };
const screen = { color: false, columns: 100 };
const run = syntheticRun();

function optionsOf(...runs: RunRecord[]) {
  return { ...screen, runs: runs.map((one, index) => ({ name: `run ${index + 1}`, run: toRun(one) })) };
}

function timedCell(): MicroCellRecord {
  const cell = run.cells.find(({ contender, speedup }) => contender === 'compiled' && speedup !== undefined);
  if (cell === undefined) throw new Error('the made-up run has no such cell');
  return cell;
}

function withCell(changes: Partial<MicroCellRecord>): RunRecord {
  return { ...run, cells: [{ ...timedCell(), ...changes }] };
}

const machineFormats = { bencher, 'github-action-benchmark': githubActionBenchmark };

describe.each(Object.entries(machineFormats))('%s', (name, format) => {
  it('says what it lacks where a document is not about runs', () => {
    expect(() => format.render(nobody, screen)).toThrow(UserError);
    expect(() => format.render(nobody, screen)).toThrow(`cannot write this as ${name}`);
  });

  it('keeps names stable: they are made of ids, and do not change with figures', () => {
    const other = {
      ...run,
      cells: run.cells.map((cell) => (cell.latencyNs === undefined ? cell : { ...cell, latencyNs: { median: 1 } })),
    };
    const names = (one: RunRecord): unknown[] => namesOf(JSON.parse(format.render(nobody, optionsOf(one))));
    expect(names(other)).toEqual(names(run));
    expect(names(run)).toContain('speed/compiled/list/10/text/bytes');
  });

  it('tells the cells of several runs apart by the name of the run', () => {
    const names = namesOf(JSON.parse(format.render(nobody, optionsOf(withCell({}), withCell({})))));
    expect(names).toEqual(['run 1: speed/compiled/list/10/text/bytes', 'run 2: speed/compiled/list/10/text/bytes']);
  });

  it('shows control characters and line breaks of a name as symbols', () => {
    const names = namesOf(JSON.parse(format.render(nobody, optionsOf(withCell({ contender: 'a\nb\u001b[31m"' })))));
    expect(names).toEqual(['speed/a⏎b␛[31m"/list/10/text/bytes']);
  });

  it('has no figure of a cell that is not ok', () => {
    const spoilt = withCell({ status: 'incorrect', reason: 'it is wrong' });
    const both = { ...spoilt, cells: [...spoilt.cells, { ...timedCell(), contender: 'right' }] };
    expect(namesOf(JSON.parse(format.render(nobody, optionsOf(both))))).toEqual(['speed/right/list/10/text/bytes']);
  });
});

describe.each(Object.entries({ ...machineFormats, csv }))('%s of runs over HTTP', (name, format) => {
  const httpRun = syntheticHttpRun();

  it('refuses runs of both kinds, since their figures have nothing in common', () => {
    const refusal = `as one ${name}: a file has the columns and measures of micro-benchmarks or those of HTTP`;
    expect(() => format.render(nobody, optionsOf(run, httpRun))).toThrow(UserError);
    expect(() => format.render(nobody, optionsOf(run, httpRun))).toThrow(`cannot write 'run 2', 'run 1' ${refusal}`);
    expect(() => format.render(nobody, optionsOf({ ...run, http: syntheticHttp() }))).toThrow(
      `cannot write 'run 1' ${refusal}`,
    );
  });

  it('takes several of one kind, and micro-benchmarks beside HTTP without cells', () => {
    expect(format.render(nobody, optionsOf(httpRun, httpRun))).toContain('run 2');
    expect(format.render(nobody, optionsOf({ ...run, http: { ...syntheticHttp(), cells: [] } }))).toBe(
      format.render(nobody, optionsOf(run)),
    );
  });

  it('shows control characters and line breaks of a name as symbols', () => {
    const http = syntheticHttp();
    const cells = http.cells.map((cell) => ({
      ...cell,
      contender: cell.contender === 'compiled' ? 'a\nb\u001b[31m' : cell.contender,
    }));
    const text = format.render(nobody, optionsOf({ ...httpRun, http: { ...http, cells } }));
    expect(text).toContain('a⏎b␛[31m');
  });
});

describe('names of cells over HTTP', () => {
  it('do not change with the rate that a run finds for its open loop', () => {
    const http = syntheticHttp();
    const cells = http.cells.map((cell) =>
      cell.load.kind === 'open' ? { ...cell, load: { ...cell.load, requestsPerSec: 77 } } : cell,
    );
    const names = (one: RunRecord): unknown[] => namesOf(JSON.parse(bencher.render(nobody, optionsOf(one))));
    expect(names({ ...syntheticHttpRun(), http: { ...http, cells } })).toEqual(names(syntheticHttpRun()));
    expect(names(syntheticHttpRun())).toContain('writers/list-1000/open-64/compiled');
  });
});

function namesOf(parsed: unknown): unknown[] {
  return Array.isArray(parsed)
    ? parsed.map((entry) => (entry as { name: string }).name)
    : Object.keys(parsed as object);
}

describe('github-action-benchmark', () => {
  it('has name, unit, value, range and extra in each entry, as the action reads them, and no reference', () => {
    const entries = JSON.parse(githubActionBenchmark.render(nobody, optionsOf(run))) as Record<string, unknown>[];
    for (const { name, unit, value, range, extra, ...rest } of entries) {
      expect([typeof name, typeof unit, typeof value, typeof extra]).toEqual(['string', 'string', 'number', 'string']);
      expect(['string', 'undefined']).toContain(typeof range);
      expect(rest).toEqual({});
    }
    expect(entries.filter(({ name }) => String(name).includes('/plain/'))).toEqual([]);
  });

  it('refuses a run without speedups, since the action takes an empty list for a failure', () => {
    expect(() => githubActionBenchmark.render(nobody, optionsOf({ ...run, cells: [] }))).toThrow(
      'there is no speedup in this run',
    );
  });
});

describe('bencher', () => {
  it('breaks no rule of the format: measures are objects with a value, bounds lie around it', () => {
    const benchmarks = JSON.parse(bencher.render(nobody, optionsOf(run))) as Record<
      string,
      Record<string, Record<string, number>>
    >;
    const metrics = Object.values(benchmarks).flatMap((measures) => Object.entries(measures));
    expect(metrics.length).toBeGreaterThan(50);
    for (const [
      slug,
      { value = Number.NaN, lower_value: lower = value, upper_value: upper = value, ...rest },
    ] of metrics) {
      expect(slug).toMatch(/^[a-z-]{1,64}$/);
      expect([lower <= value, value <= upper, rest]).toEqual([true, true, {}]);
    }
  });

  it('is an empty object for a run without cells', () => {
    expect(bencher.render(nobody, optionsOf({ ...run, cells: [] }))).toBe('{}\n');
  });
});

describe('csv', () => {
  it.each([
    ['=cmd()', "'=cmd()"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+1+cmd', "'+1+cmd"],
    ['-2+3', "'-2+3"],
    ['＝cmd()', "'＝cmd()"],
    ['-18%', '-18%'],
    ['+7.0%', '+7.0%'],
    ['a=b', 'a=b'],
  ])('gives %s to a spreadsheet as %s', (text, expected) => {
    const [record] = readCsv(csv.render(nobody, optionsOf(withCell({ contender: text }))));
    expect(record?.['contender']).toBe(expected);
    const columns = [
      { title: 'name', align: 'left' as const },
      { title: 'text', align: 'left' as const },
    ];
    const document: Document = {
      title: 't',
      blocks: [{ kind: 'table', columns, groups: [{ rows: [[{ text: 'a' }, { text }]] }] }],
    };
    expect(readCsv(csv.render(document))[0]?.['text']).toBe(expected);
  });

  it('keeps a cell on one line whatever a message holds', () => {
    const text = csv.render(
      nobody,
      optionsOf(withCell({ status: 'failed', reason: 'it said "no",\r\nthen =died\u0007' })),
    );
    expect(text.trimEnd().split('\r\n')).toHaveLength(2);
    expect(readCsv(text)[0]?.['reason']).toBe('it said "no",⏎then =died␇');
  });

  it('names the run of each cell', () => {
    const records = readCsv(csv.render(nobody, optionsOf(withCell({}), withCell({}))));
    expect(records.map((record) => record['run'])).toEqual(['run 1', 'run 2']);
  });

  it('has a line for every cell, those without figures included', () => {
    const records = readCsv(csv.render(nobody, optionsOf(run)));
    expect(records.map(({ contender, status, reason }) => [contender, status, reason])).toEqual(
      run.cells.map(({ contender, status, reason }) => [contender, status, reason ?? '']),
    );
    const types = records.find(({ suite, contender }) => suite === 'types' && contender === 'compiled');
    expect(JSON.parse(types?.['observations'] ?? '')).toContainEqual(['NaN', 'changed']);
  });
});

describe('json', () => {
  it('gives the document alone where there are no runs', () => {
    expect(JSON.parse(json.render(nobody))).toEqual(nobody);
  });

  it('holds circumstances and cells of each run under its name, without the forks', () => {
    const { runs } = JSON.parse(json.render(nobody, optionsOf(run, run))) as {
      runs: { name: string; run: RunRecord }[];
    };
    expect(runs.map(({ name, run: own }) => [name, own.environment])).toEqual([
      ['run 1', run.environment],
      ['run 2', run.environment],
    ]);
    expect(runs[0]?.run.cells.filter((cell) => 'forks' in cell)).toEqual([]);
  });
});
