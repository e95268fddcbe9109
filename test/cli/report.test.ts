import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Environment } from '../../src/model/environment.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import { writeRun } from '../../src/store/run-file.ts';
import { readCsv } from '../report/read-csv.ts';
import { invoke } from './invoke.ts';
import { readRecord, toRun } from '../records.ts';

const small = readRecord(fileURLToPath(new URL('../fixtures/runs/small.json', import.meta.url)));

/** A directory of its own with a run in each directory named. */
function project(runs: Record<string, Partial<Environment>>): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-report-'));
  for (const [name, environment] of Object.entries(runs)) writeRun(path.join(cwd, name), toRun(changed(environment)));
  return cwd;
}

function changed(environment: Partial<Environment>): RunRecord {
  return { ...small, environment: { ...small.environment, ...environment } };
}

const twoNodes = { old: { node: '24.0.0' }, new: { node: '26.0.0' } };

/** What the runs of a report are called, from its cells. */
async function namesOf(args: readonly string[], cwd: string): Promise<string[]> {
  const { stdout, stderr } = await invoke(['report', ...args, '--format', 'csv'], { cwd });
  expect(stderr).toBe('');
  return [...new Set(readCsv(stdout).map(({ run }) => run ?? ''))];
}

describe('wirebench report', () => {
  it('puts two runs side by side, with what differs on top', async () => {
    const { code, stdout } = await invoke(['report', 'old', 'new'], { cwd: project(twoNodes) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 runs side by side[^]*What differs[^]*node +24\.0\.0 +26\.0\.0[^]*How well they agree/);
  });

  it('takes files and directories, and results/latest where none is named', async () => {
    const cwd = project({ [path.join('results', 'latest')]: {}, other: { node: '24.0.0' } });
    expect((await invoke(['report'], { cwd })).stdout).toMatch(/^wirebench run\n/);
    expect((await invoke(['report', path.join('other', 'run.json')], { cwd })).stdout).toContain('node 24.0.0');
    expect(
      (await invoke(['report', path.join('other', 'run.json'), path.join('results', 'latest')], { cwd })).code,
    ).toBe(0);
  });

  it('reads an unfinished run from its journal beside a finished one', async () => {
    const cwd = project({ finished: {} });
    const { startedAt, environment } = small;
    const cell = {
      suite: 'type-handling',
      contender: 'json-stringify',
      payload: 'inputs',
      items: 1,
      variant: 'native',
      sink: 'bytes',
    };
    const header = {
      journalVersion: 1,
      startedAt,
      profile: 'quick',
      seed: 1,
      environment,
      selection: { suites: [cell.suite], contenders: [cell.contender] },
    };
    const outcome = { cell, round: 0, status: 'ok', observations: [{ input: 'Date', outcome: 'kept', output: '""' }] };
    mkdirSync(path.join(cwd, 'killed'));
    writeFileSync(
      path.join(cwd, 'killed', 'journal.jsonl'),
      `${JSON.stringify(header)}\n${JSON.stringify({ elapsedMs: 5, outcome })}\n`,
    );
    const { code, stdout } = await invoke(['report', 'finished', 'killed'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('killed: it was interrupted');
  });

  it('writes the report to a file, plain even where stdout is a terminal, and says so on stderr', async () => {
    const cwd = project(twoNodes);
    const file = path.join('reports', 'both.md');
    const { code, stdout, stderr } = await invoke(['report', 'old', 'new', '--format', 'markdown', '--out', file], {
      cwd,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `wirebench: wrote ${file}\n` });
    expect(readFileSync(path.join(cwd, file), 'utf8')).toMatch(/^# wirebench: 2 runs side by side\n/);
  });

  it.each(['terminal', 'markdown', 'csv', 'json', 'github-action-benchmark', 'bencher'])(
    'renders one run and two as %s',
    async (format) => {
      const cwd = project(twoNodes);
      for (const runs of [['old'], ['old', 'new']]) {
        const { code, stdout, stderr } = await invoke(['report', ...runs, '--format', format], { cwd });
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout.length).toBeGreaterThan(100);
      }
    },
  );
});

describe('the names of runs', () => {
  it('are those that were given, and else those of directories', async () => {
    const cwd = project({ ...twoNodes, third: { node: '22.0.0' } });
    expect(await namesOf(['laptop=old', 'new', path.join('third', 'run.json')], cwd)).toEqual([
      'laptop',
      'new',
      'third',
    ]);
  });

  it('are Node versions or commits where directories are called alike', async () => {
    const nodes = project({
      [path.join('a', 'latest')]: { node: '24.0.0' },
      [path.join('b', 'latest')]: { node: '26.0.0' },
    });
    const paths = [path.join('a', 'latest'), path.join('b', 'latest')];
    expect(await namesOf(paths, nodes)).toEqual(['node 24.0.0', 'node 26.0.0']);
    const commits = project({ [paths[0] as string]: { commit: 'aaaa' }, [paths[1] as string]: { commit: 'bbbb' } });
    expect(await namesOf(paths, commits)).toEqual(['aaaa', 'bbbb']);
  });

  it('are paths where nothing shorter tells them apart', async () => {
    const paths = [path.join('a', 'latest'), path.join('b', 'latest')];
    const cwd = project({ [paths[0] as string]: {} });
    writeRun(path.join(cwd, paths[1] as string), toRun({ ...small, startedAt: '2026-01-01T00:00:00.000Z' }));
    expect(await namesOf(paths, cwd)).toEqual(paths);
  });

  it('may be part of a path that exists', async () => {
    const cwd = project({ 'node=24': { node: '24.0.0' }, other: {} });
    expect(await namesOf(['node=24', 'other'], cwd)).toEqual(['node=24', 'other']);
  });
});

describe('what cannot be', () => {
  const cases: [string, string[], string][] = [
    ['an unknown format', ['old', '--format', 'cvs'], "unknown format 'cvs'; did you mean 'csv'?"],
    ['a run that is not there', ['old', 'nowhere'], 'cannot read'],
    ['the same directory twice', ['old', './old'], "cannot compare 'old' with './old': they are the same run"],
    [
      'a directory and its file',
      ['old', 'x=old/run.json'],
      "cannot compare 'old' with 'x=old/run.json': they are the same run",
    ],
    ['a link to a run', ['old', 'link'], 'they are the same run'],
    ['a copy of a run', ['old', 'copy.json'], "cannot compare 'old' with 'copy.json': they are the same run"],
    ['two runs with one name', ['a=old', 'a=new'], "cannot call two runs 'a'"],
    [
      'a name without a path',
      ['a='],
      "cannot read the run 'a=': a name and a path are needed; write PATH or NAME=PATH",
    ],
    ['a path without its name', ['=old'], "cannot read the run '=old'"],
    ['a directory to write to', ['old', '--out', 'new'], "cannot write to --out 'new': it is not a file name"],
    ['a file to write below', ['old', '--out', 'old/run.json/report.md'], 'cannot write'],
    ['a broken run', ['old', 'broken.json'], 'it is not JSON'],
  ];

  it.each(cases)('answers %s with a message on stderr and exit code 2', async (_what, args, message) => {
    const cwd = project(twoNodes);
    symlinkSync(path.join(cwd, 'old'), path.join(cwd, 'link'));
    copyFileSync(path.join(cwd, 'old', 'run.json'), path.join(cwd, 'copy.json'));
    writeFileSync(path.join(cwd, 'broken.json'), '{');
    const { code, stdout, stderr } = await invoke(['report', ...args], { cwd });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('answers more runs than fit', async () => {
    const names = ['1', '2', '3', '4', '5', '6', '7'];
    const cwd = project(Object.fromEntries(names.map((name) => [name, { node: `${name}.0.0` }])));
    expect(await invoke(['report', ...names], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot put 7 runs side by side: a report has room for 6'),
    });
  });

  it('writes no file where the report cannot be made', async () => {
    const cwd = project({ empty: {} });
    writeRun(path.join(cwd, 'empty'), toRun({ ...small, cells: [] }));
    const { code, stderr } = await invoke(
      ['report', 'empty', '--format', 'github-action-benchmark', '--out', 'out.json'],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('there is no speedup in this run') });
    expect(existsSync(path.join(cwd, 'out.json'))).toBe(false);
  });
});
