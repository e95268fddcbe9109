/**
 * `wirebench history` as it is called: keeping a run, showing the runs that were kept, and what it refuses.
 */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { addToHistory } from '../../src/store/history-file.ts';
import { writeRun } from '../../src/store/run-file.ts';
import { historyOf } from '../compare/histories.ts';
import { toRun } from '../records.ts';
import { interruptedRun, syntheticRun } from '../report/run/synthetic-run.ts';
import { invoke } from './invoke.ts';

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const history = (...argv: string[]) => invoke(['history', ...argv], { cwd });

describe('wirebench history --add', () => {
  it('keeps a run, named by its directory or its file, and shows it afterwards', async () => {
    writeRun(path.join(cwd, 'results', 'latest'), toRun(syntheticRun()));
    const { code, stdout } = await history('--add', 'results/latest');
    expect(code).toBe(0);
    const [name] = readdirSync(path.join(cwd, 'results', 'history'));
    expect(stdout).toBe(`${path.join('results', 'history', name ?? '')} written\n`);
    const file = await history('--add', 'results/latest/run.json', '--dir', 'elsewhere');
    expect(file.code).toBe(0);
    expect(readdirSync(path.join(cwd, 'elsewhere'))).toEqual([name]);
    expect((await history()).stdout).toContain('compiled');
  });

  it('refuses a run that is there already, one that was not finished, and one that is missing', async () => {
    writeRun(path.join(cwd, 'done'), toRun(syntheticRun()));
    writeRun(path.join(cwd, 'stopped'), toRun(interruptedRun()));
    mkdirSync(path.join(cwd, 'killed'));
    writeFileSync(path.join(cwd, 'killed', 'journal.jsonl'), '');
    mkdirSync(path.join(cwd, 'killed over HTTP'));
    writeFileSync(path.join(cwd, 'killed over HTTP', 'http-journal.jsonl'), '');
    writeRun(path.join(cwd, 'over HTTP'), toRun({ ...syntheticRun(), cells: [] }));
    await history('--add', 'done');
    const refusals = [
      ['done', 'has it already'],
      ['stopped', 'was not finished'],
      ['killed', 'was not finished'],
      ['killed over HTTP', 'was not finished'],
      ['over HTTP', 'has no speedups'],
      ['gone', 'no such file'],
    ] as const;
    for (const [target, reason] of refusals) {
      const { code, stderr } = await history('--add', target);
      expect({ target, code }).toEqual({ target, code: 2 });
      expect(stderr).toContain(reason);
    }
  });
});

describe('wirebench history', () => {
  const keep = (): void => {
    for (const entry of historyOf([{ ratio: 2 }, { ratio: 3 }]))
      addToHistory(path.join(cwd, 'results', 'history'), entry);
  };

  it('shows the speedups of every run', async () => {
    keep();
    const { code, stdout, stderr } = await history();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('commit000000');
    expect(stdout).toMatch(/2\.0x[\s\S]*3\.0x/);
  });

  it('writes other formats, charts among what a program gets', async () => {
    keep();
    expect((await history('--format', 'markdown')).stdout).toContain('| ours |');
    expect((await history('--format', 'json')).stdout).toContain('"chart"');
  });

  it('narrows the cells down', async () => {
    keep();
    expect((await history('--contender', 'ours', '--payload', 'tools', '--items', '100')).stdout).toContain(
      'commit000001',
    );
    expect((await history('--items', '10')).stdout).toContain('None of the 2 runs');
  });

  it.each<[string, string[], RegExp]>([
    [
      'a contender that no run has',
      ['--contender', 'our'],
      /unknown contender in the history 'our'; did you mean 'ours'/,
    ],
    ['a payload that no run has', ['--payload', 'tool'], /unknown payload in the history 'tool'; did you mean 'tools'/],
    [
      'a suite that no run has',
      ['--suite', 'serialise'],
      /unknown suite in the history 'serialise'; did you mean 'serialize'/,
    ],
    ['an unknown format', ['--format', 'xml'], /unknown format 'xml'/],
    ['half an item', ['--items', '0.5'], /'0\.5' is not an item count/],
  ])('refuses %s', async (_what, argv, message) => {
    keep();
    const { code, stderr } = await history(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says how to begin where nothing was kept', async () => {
    const { code, stderr } = await history();
    expect(code).toBe(2);
    expect(stderr).toBe(
      'wirebench: there is no history: results/history holds no run; add one with `wirebench history --add results/latest`\n',
    );
  });
});
