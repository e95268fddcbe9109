import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readRun } from '../../src/store/run-file.ts';
import { invoke } from './invoke.ts';

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
    const run = readRun(path.join(out, 'run.json'));
    expect(Object.fromEntries(run.cells.map(({ contender, status }) => [contender, status]))).toEqual({
      honest: 'ok', liar: 'incorrect', missing: 'unavailable',
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
    expect(stdout).toContain('plain/honest/notes/3/text/bytes  2 forks');
    expect(stdout).toMatch(/8 cells to measure, \d unsupported|9 cells to measure, 0 unsupported/);
    expect(existsSync(path.join(out, 'run.json'))).toBe(false);
  });

  it('keeps and reports what was measured when it is interrupted, and goes on with --resume', async () => {
    const out = newDirectory();
    const abort = new AbortController();
    const running = invoke([...base, '--contender', 'honest,hanger', '--out', out], { signal: abort.signal });
    const journal = path.join(out, 'journal.jsonl');
    // The hanger never ends, so once a line of the other one is there the run can only be stopped.
    await expect.poll(() => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0), { timeout: 20_000 }).toBeGreaterThan(2).catch(() => {});
    abort.abort();
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toMatch(/--resume|stopped before anything was measured/);
    expect(existsSync(journal)).toBe(true);
    const refused = await invoke([...base, '--resume', '--out', out]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out the other options') });
  });

  it('reports a killed run from its journal', async () => {
    const out = newDirectory();
    await invoke([...base, '--contender', 'honest', '--out', out]);
    const run = readRun(path.join(out, 'run.json'));
    const [cell] = run.cells;
    const header = { journalVersion: 1, startedAt: run.startedAt, profile: 'quick', seed: 1, selection: {}, environment: run.environment };
    writeFileSync(path.join(out, 'journal.jsonl'), `${JSON.stringify(header)}\n`);
    const nothingYet = await invoke(['report', out]);
    expect(nothingYet).toMatchObject({ code: 2, stderr: expect.stringContaining('before its first fork ended') });
    expect(cell?.forks).toHaveLength(2);
    appendFileSync(path.join(out, 'journal.jsonl'), '');
  });
});

describe('bad input', () => {
  const cases: [string, string[], string][] = [
    ['an unknown contender', ['run', '--contender', 'json-stringfy'], "unknown contender 'json-stringfy'; did you mean 'json-stringify'?"],
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
    ['an unknown format', ['report', 'test/fixtures/runs/small.json', '--format', 'markdwon'], "did you mean 'markdown'?"],
    ['an output directory that cannot be', ['run', '--suite', 'type-handling', '--out', 'package.json/below'], 'cannot write to'],
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
