import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, vi } from 'vitest';

import { invoke, words } from './invoke.ts';
import { patienceMs } from '../patience.ts';
import { readRecord } from '../records.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));
const newDirectory = () => mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const base = ['run', '--bench-root', benchRoot, '--suite', 'plain', '--variant', 'text', '--forks', '2'];

describe('wirebench run', () => {
  it('measures, prints a table, writes run.json and report.md, and exits with 0', async () => {
    const out = newDirectory();
    const { code, stdout, stderr } = await invoke([...base, '--contender', 'honest,liar,missing', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('honest');
    expect(stdout).toContain('/0/note');
    expect(stdout).toContain('no such library on this machine');
    expect(stderr).toMatch(/% done/);
    const run = readRecord(path.join(out, 'run.json'));
    expect(Object.fromEntries(run.cells.map(({ contender, status }) => [contender, status]))).toEqual({
      honest: 'ok',
      liar: 'incorrect',
      missing: 'unavailable',
    });
    expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('| honest');
    expect(existsSync(path.join(out, 'journal.jsonl'))).toBe(false);
  });

  it('exits with 1 under --strict where a cell is incorrect', async () => {
    const { code } = await invoke([...base, '--contender', 'liar', '--strict', '--out', newDirectory()]);
    expect(code).toBe(1);
  });

  it('lists the plan without measuring', async () => {
    const out = newDirectory();
    const { code, stdout } = await invoke([...base, '--list', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('plain/honest/notes/3/text/bytes  2 rounds');
    expect(stdout).toMatch(/8 cells to measure, \d unsupported|9 cells to measure, 0 unsupported/);
    expect(existsSync(path.join(out, 'run.json'))).toBe(false);
  });

  it('refuses a runtime that it does not know, and more than one', async () => {
    const refuse = async (runtime: string) => (await invoke([...base, '--runtime', runtime, '--list'])).stderr;
    expect(await refuse('nod@22')).toContain("unknown runtime 'nod'");
    expect(await refuse('node@22,bun')).toContain("no version in the runtime 'node@22,bun'");
  });

  it('keeps and reports what was measured when it is interrupted, and goes on with --resume', async () => {
    const out = newDirectory();
    const journal = path.join(out, 'journal.jsonl');
    const abort = new AbortController();
    const argv = [
      ...words('run --bench-root'),
      benchRoot,
      ...words('--suite plain --variant text --contender honest --forks 4 --out'),
      out,
    ];
    const running = invoke(argv, { signal: abort.signal });
    await vi.waitFor(() => expect(readFileSync(journal, 'utf8').split('\n').length).toBeGreaterThan(2), {
      timeout: patienceMs,
    });
    abort.abort();

    const interrupted = await running;
    expect(interrupted).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('--resume'),
      stdout: expect.stringContaining('honest'),
    });
    const before = readRecord(path.join(out, 'run.json'));
    expect(before.interrupted).toBe(true);
    const forksBefore = before.cells[0]?.forks ?? [];
    expect(forksBefore.length).toBeLessThan(4);
    expect(existsSync(journal)).toBe(true);

    const refused = await invoke([...argv, '--resume', '--seed', '2']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out --seed') });

    const resumed = await invoke([...argv, '--resume']);
    expect(resumed.code).toBe(0);
    const after = readRecord(path.join(out, 'run.json'));
    expect(after.interrupted).toBeUndefined();
    expect(after.cells[0]?.forks).toHaveLength(4);
    expect(after.cells[0]?.forks.slice(0, forksBefore.length)).toEqual(forksBefore);
    expect(after.startedAt).toBe(before.startedAt);
    expect(existsSync(journal)).toBe(false);
  });

  it('reports a killed run from its journal, and keeps that journal when a new run starts', async () => {
    const out = newDirectory();
    const journal = path.join(out, 'journal.jsonl');
    const own = ['run', '--suite', 'type-handling', '--contender', 'json-stringify', '--out', out];
    await invoke(own);
    const { startedAt, environment, cells } = readRecord(path.join(out, 'run.json'));
    const header = {
      journalVersion: 1,
      startedAt,
      profile: 'quick',
      seed: 1,
      environment,
      selection: { suites: ['type-handling'], contenders: ['json-stringify', 'devalue'] },
    };
    writeFileSync(journal, `${JSON.stringify(header)}\n`);
    expect(await invoke(['report', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('before a round of a group was whole'),
    });

    const { suite, contender, payload, items, variant, sink, observations } = cells[0] ?? {};
    const outcome = { cell: { suite, contender, payload, items, variant, sink }, round: 0, status: 'ok', observations };
    appendFileSync(journal, `${JSON.stringify({ elapsedMs: 5, outcome })}\n`);
    const reported = await invoke(['report', out]);
    expect(reported).toMatchObject({ code: 0, stdout: expect.stringContaining('json-stringify') });
    expect(reported.stdout).toMatch(/interrupted|stopped/);

    const renewed = await invoke(own);
    expect(renewed.stderr).toContain('was kept as journal-unfinished-1.jsonl');
    expect(readFileSync(path.join(out, 'journal-unfinished-1.jsonl'), 'utf8')).toContain('"elapsedMs":5');
  });
});

describe('a sample', () => {
  const sampled = (out: string): string[] => [
    ...words('run --suite serialize --contender json-stringify --forks 2 --sample sample.json --out'),
    out,
  ];

  it('is measured as it is, in the same suites as any payload', async () => {
    const cwd = newDirectory();
    writeFileSync(path.join(cwd, 'sample.json'), '{ "orders": [{ "id": 1 }, { "id": 2 }] }');
    const { code, stdout } = await invoke(sampled('out'), { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('sample/sample');
    expect(readRecord(path.join(cwd, 'out', 'run.json')).cells[0]).toMatchObject({
      payload: 'sample/sample',
      items: 2,
      outputBytes: 30,
      status: 'ok',
    });
  });

  it('has to be the same one when the run is resumed', async () => {
    const cwd = newDirectory();
    writeFileSync(path.join(cwd, 'sample.json'), '[1]');
    const abort = new AbortController();
    const running = invoke(sampled('out'), { cwd, signal: abort.signal });
    await vi.waitFor(
      () => expect(readFileSync(path.join(cwd, 'out', 'journal.jsonl'), 'utf8').split('\n').length).toBeGreaterThan(2),
      { timeout: patienceMs },
    );
    abort.abort();
    expect((await running).code).toBe(130);
    writeFileSync(path.join(cwd, 'sample.json'), '[2]');
    const refused = await invoke(['run', '--resume', '--out', 'out'], { cwd });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("its sample 'sample.json' has changed") });
    writeFileSync(path.join(cwd, 'sample.json'), '[1]');
    expect((await invoke(['run', '--resume', '--out', 'out'], { cwd })).code).toBe(0);
    expect(readRecord(path.join(cwd, 'out', 'run.json')).cells[0]?.forks).toHaveLength(2);
  });
});

describe('bad input', () => {
  const cases: [string, string[], string][] = [
    [
      'an unknown contender',
      ['run', '--contender', 'json-stringfy'],
      "unknown contender 'json-stringfy'; did you mean 'json-stringify'?",
    ],
    ['an unknown payload', ['run', '--payload', 'tool'], "unknown payload 'tool'; did you mean 'tools'?"],
    ['an unknown suite', ['run', '--suite', 'serialise'], "unknown suite 'serialise'; did you mean 'serialize'?"],
    ['a size of zero', ['run', '--items', '0'], "'0' is not an item count"],
    ['a negative size', ['run', '--items=-5'], "'-5' is not an item count"],
    ['a fractional size', ['run', '--items', '10,2.5'], "'2.5' is not an item count"],
    ['a size that is no number', ['run', '--items', 'many'], "'many' is not an item count"],
    ['no forks', ['run', '--forks', '0'], "'0' is not a whole number from 1 to 1000"],
    ['an unknown option', ['run', '--sizes', '10'], "unknown option '--sizes'"],
    ['an unknown command', ['rum'], "unknown command 'rum'"],
    ['two profiles at once', ['run', '--quick', '--thorough'], 'cannot be used with'],
    ['a recording that is not there', ['run', '--payload', 'recorded/nothing-of-that-name'], 'nothing-of-that-name'],
    ['a run file that is not there', ['report', 'nowhere/run.json'], 'cannot read'],
    ['a schema without a sample', ['run', '--schema', 'schema.json'], '--schema goes with --sample'],
    ['a sample beside payloads', ['run', '--sample', 'x.json', '--payload', 'tools'], 'exclude each other'],
    [
      'an unknown format',
      ['report', 'test/fixtures/runs/small.json', '--format', 'markdwon'],
      "did you mean 'markdown'?",
    ],
    [
      'an output directory that cannot be',
      ['run', '--suite', 'type-handling', '--out', 'package.json/below'],
      'cannot write ',
    ],
    ['nothing to resume', ['run', '--resume', '--out', 'test/fixtures'], 'there is no unfinished run'],
  ];
  it.each(cases)('answers %s with a message on stderr and exit code 2', async (_title, argv, message) => {
    const { code, stdout, stderr } = await invoke(argv);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^wirebench: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it('lists the commands and the exit codes', async () => {
    const { code, stdout } = await invoke(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/run .*measure and print the speedup tables/);
    expect(stdout).toContain('2 could not run');
  });
});
