/**
 * Shards of a run on the command line: how a plan is divided, and how what machines measured becomes one run.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { writeRun } from '../../src/store/run-file.ts';
import { readCsv } from '../report/read-csv.ts';
import { type MadeUp, makeUpRun } from '../runs/made-up-shards.ts';
import { readRecord } from '../records.ts';
import { invoke } from './invoke.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));

/** A directory of its own with a made-up run at each path. */
function project(runs: Readonly<Record<string, MadeUp>>): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-shards-'));
  for (const [name, made] of Object.entries(runs)) writeRun(path.join(cwd, name), makeUpRun(made));
  return cwd;
}

/** So much noisier that one spread for both machines would show. */
const slow = { environment: { cpuModel: 'Small CPU' }, slowness: 2.5, spread: 0.2 };
const both = {
  'a/1': { shard: { index: 1, of: 2 } },
  'a/2': { shard: { index: 2, of: 2 }, ...slow },
  'b/1': { shard: { index: 1, of: 2 }, startedAt: '2026-01-03T03:04:05.678Z' },
  'b/2': { shard: { index: 2, of: 2 }, startedAt: '2026-01-03T03:04:05.678Z', ...slow },
  whole: { shard: undefined, startedAt: '2026-01-04T03:04:05.678Z' },
} satisfies Record<string, MadeUp>;

const report = (args: readonly string[], cwd: string) => invoke(['report', ...args], { cwd });

describe('wirebench report', () => {
  it('joins shards, whether their directory is named or each of them, in any order', async () => {
    const cwd = project(both);
    const [directory, ...others] = await Promise.all(
      [['a'], ['a/2', 'a/1'], ['x=a/1', 'x=a/2/run.json']].map((args) => report(args, cwd)),
    );
    expect(directory).toMatchObject({ code: 0, stderr: '' });
    expect(directory?.stdout).toMatch(/^wirebench run\n/);
    expect(directory?.stdout).toMatch(/shard 1\/2, .*Imaginary CPU, 2 cores, .*: \d groups \(.*plain \d/s);
    expect(directory?.stdout).toMatch(/shard 2\/2, .*Small CPU/s);
    expect(directory?.stdout).not.toContain('incomplete');
    expect(directory?.stdout.replaceAll(/\s+/g, ' ')).toContain('compare speedups from group to group, and not times');
    for (const other of others) expect(other).toEqual(directory);
  });

  it('joins an unfinished shard as far as it came', async () => {
    const { 'a/1': first, 'a/2': second } = both;
    const cwd = project({ 'a/1': first });
    const { plan, startedAt, profile, seed, environment } = makeUpRun(second);
    if (plan?.shard === undefined) throw new Error('no shard');
    const header = { journalVersion: 1, startedAt, profile, seed, environment, ...plan };
    const cell = {
      suite: 'type-handling',
      contender: 'json-stringify',
      payload: 'inputs',
      items: 1,
      variant: 'native',
    };
    const outcome = { cell: { ...cell, sink: 'bytes' }, round: 0, status: 'ok', observations: [] };
    const real = { selection: { suites: ['type-handling', 'output-size'], contenders: ['json-stringify'] } };
    mkdirSync(path.join(cwd, 'a', '2'));
    writeFileSync(
      path.join(cwd, 'a', '2', 'journal.jsonl'),
      [
        { ...header, ...real },
        { elapsedMs: 5, outcome },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    const alone = await report(['a/2'], cwd);
    expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('1 group (type-handling 1)') });
    expect(alone.stdout).toContain('This run was interrupted');
    // Its plan is one of bench/ and not of the fixtures.
    expect(await report(['a'], cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('selection differ') });
  });

  it('leaves a shard out that came to nothing, and says so', async () => {
    const cwd = project({ 'a/1': both['a/1'] });
    const { plan, startedAt, profile, seed, environment } = makeUpRun(both['a/2']);
    const header = {
      journalVersion: 1,
      startedAt,
      profile,
      seed,
      environment,
      ...plan,
      selection: { suites: ['parse'] },
    };
    mkdirSync(path.join(cwd, 'a', '2'));
    writeFileSync(path.join(cwd, 'a', '2', 'journal.jsonl'), `${JSON.stringify(header)}\n`);
    expect(await report(['a'], cwd)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('shard 2/2 is missing'),
      stderr: expect.stringContaining('a/2: the run was stopped before a round of a group was whole'),
    });
    expect(await report(['a/2'], cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to report') });
  });

  it('says what is missing', async () => {
    const { code, stdout } = await report(['a/2'], project(both));
    expect(code).toBe(0);
    expect(stdout).toContain('This run is incomplete: shard 1/2 is missing, and with it its groups.');
  });

  it('compares joined runs with each other and with whole ones', async () => {
    const cwd = project(both);
    const namesOf = async (args: readonly string[]): Promise<string[]> => {
      const { stdout } = await report([...args, '--format', 'csv'], cwd);
      return [...new Set(readCsv(stdout).map(({ run }) => run ?? ''))];
    };
    expect(await namesOf(['a', 'b', 'whole'])).toEqual(['a', 'b', 'whole']);
    expect(await namesOf(['b=b/1', 'old=a', 'b=b/2'])).toEqual(['b', 'old']);
    expect(await namesOf(['a/1', 'whole', 'a/2'])).toEqual(['a', 'whole']);
    const { stdout } = await report(['a', 'whole', 'late=b/2'], cwd);
    expect(stdout).toContain('late: it is incomplete: shard 1/2 is missing, and with it its groups');
    expect(stdout).toMatch(/Imaginary CPU; Small\s+CPU/);
  });

  it('keeps the joined run as one, which says the same', async () => {
    const cwd = project(both);
    const joined = await report(['a', '--join', 'one'], cwd);
    expect(joined).toMatchObject({ code: 0, stderr: expect.stringContaining('wrote one/run.json') });
    expect((await report(['one'], cwd)).stdout).toBe(joined.stdout);
    expect(readFileSync(path.join(cwd, 'one', 'report.md'), 'utf8')).toContain('Small CPU');
    expect(readRecord(path.join(cwd, 'one', 'run.json'))).toMatchObject({ shards: { of: 2 } });
    expect(existsSync(path.join(cwd, 'one', '.wirebench.lock'))).toBe(false);
  });

  const refusals: readonly [string, string[], string][] = [
    [
      'the same shard of two runs',
      ['a/1', 'a/2', 'b/1'],
      "cannot join 'a/1' with 'b/1': both are shard 1/2, with the same groups; leave one of them out, or give each run",
    ],
    ['shards of different divisions', ['a/1', 'third'], 'they are shards 1/2 and 2/3, of different divisions'],
    [
      'a directory of whole runs',
      ['.'],
      "cannot read a run in '.': it has none itself, and 'whole' is no shard; name the run",
    ],
    ['a shard and its copy by name', ['x=a/1', 'y=a/1'], 'they are the same run'],
    ['a whole run to join', ['whole', '--join', 'one'], "nothing to join into 'one': the run that was named is whole"],
    ['two runs to join', ['a', 'b', '--join', 'one'], "nothing to join into 'one': 2 runs were named"],
  ];
  it.each(refusals)('refuses %s', async (_what, args, message) => {
    const cwd = project({ ...both, third: { shard: { index: 2, of: 3 } } });
    const answer = await report(args, cwd);
    expect(answer).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(answer.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(path.join(cwd, 'one'))).toBe(false);
  });
});

describe('wirebench agree', () => {
  it('takes directories of shards, and says what they lack', async () => {
    const cwd = project(both);
    const agreed = await invoke(['agree', 'a', 'b'], { cwd });
    expect(agreed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('12 speedups in both runs') });
    const parted = await invoke(['agree', 'a/2', 'b'], { cwd });
    expect(parted).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("'a/2' is incomplete: shard 1/2 is missing, and with it its groups"),
      stdout: expect.stringMatching(/^\d speedups in both runs/),
    });
    expect((await invoke(['agree', 'whole', 'whole/run.json'], { cwd })).stdout).toContain('difference 0.0%');
  });
});

describe('wirebench history', () => {
  it('takes a joined run of one kind of machine only', async () => {
    const cwd = project(both);
    await report(['a', '--join', 'one'], cwd);
    expect(await invoke(['history', '--add', 'one'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('its shards were measured on different machines; add each shard by itself'),
    });
    expect(await invoke(['history', '--add', 'a/2'], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('wirebench run --shard', () => {
  const list = (...options: readonly string[]) =>
    invoke(['run', '--bench-root', benchRoot, '--suite', 'plain', '--contender', 'honest', '--list', ...options]);

  it('lists its own cells, and of how many groups they are', async () => {
    const [one, two] = await Promise.all([list('--shard', '1/2'), list('--shard', '2/2')]);
    const cellsOf = (text = ''): string[] => text.split('\n').filter((line) => line.startsWith('plain/'));
    expect(one?.stdout).toContain('shard 1/2: 1 of 2 groups');
    const whole = cellsOf((await list()).stdout);
    expect([...cellsOf(one?.stdout), ...cellsOf(two?.stdout)].toSorted()).toEqual(whole.toSorted());
    expect(cellsOf((await list('--shard', '1/1')).stdout)).toEqual(whole);
  });

  it.each([
    ['3/2', "'3/2' is not a shard such as 1/4, the first of four; of 2 there are 1/2 to 2/2"],
    ['0/2', 'of 2 there are 1/2 to 2/2'],
    ['1', "'1' is not a shard such as 1/4, the first of four"],
    ['1/0', "'1/0' is not a shard"],
    ['-1/2', 'is not a shard'],
    ['1/2/3', 'is not a shard'],
    ['1.5/2', 'is not a shard'],
    ['9/9', 'nothing to measure in shard 9/9: the plan has 2 groups'],
  ])('answers %s with what it may be', async (value, message) => {
    const { code, stdout, stderr } = await list(`--shard=${value}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
