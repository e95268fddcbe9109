/**
 * Going on with an unfinished run: under the same code and options only, in whole rounds, within the time that is left.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openProgress } from '../../src/cli/progress.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import { runJournal } from '../../src/store/journal.ts';
import { failingDisk } from '../store/failing-disk.ts';
import { invoke, words } from './invoke.ts';
import { readRecord } from '../records.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const journalFile = (): string => path.join(cwd, 'out', 'journal.jsonl');
const base = [
  ...words('run --bench-root'),
  benchRoot,
  ...words('--suite plain --variant text --contender honest --quick --forks 2 --out out'),
];
const again = (...options: string[]) =>
  invoke(['run', '--bench-root', benchRoot, '--resume', '--out', 'out', ...options], { cwd });

/** Stops a run at its first outcome of a round, as a full disk does. */
async function stopAt(round: number, argv = base, contender = ''): Promise<void> {
  const disk = failingDisk({
    refuses: (text) => text.startsWith('{"elapsedMs"') && text.includes(`"round":${round}`) && text.includes(contender),
  });
  try {
    expect(await invoke(argv, { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining('is kept') });
  } finally {
    disk.restore();
  }
}

function changeJournal(
  change: (header: Record<string, unknown>, outcomes: { elapsedMs: number; outcome: ForkOutcome }[]) => void,
): void {
  const [header, ...outcomes] = readFileSync(journalFile(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as never);
  change(header as never, outcomes);
  writeFileSync(journalFile(), [header, ...outcomes].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('options', () => {
  it('are refused where they would change the plan, each by its name, and taken where they do not', async () => {
    await stopAt(1);
    const refusals: [string[], string][] = [
      [['--seed', '2'], 'cannot resume with --seed 2: the unfinished run was planned with --seed 1; leave out --seed'],
      [['--thorough'], 'cannot resume with --thorough: the unfinished run was planned without it'],
      [['--forks', '3'], 'with --forks 3: the unfinished run was planned with --forks 2'],
      [['--items', '10'], 'with --items 10: the unfinished run was planned without it'],
      [['--suite', 'looks'], 'with --suite looks: the unfinished run was planned with --suite plain'],
      [['--contender', 'honest,liar'], 'with --contender honest,liar'],
      [['--payload', 'notes'], 'with --payload notes'],
      [['--variant', 'native'], 'with --variant native'],
      [['--sink', 'bytes'], 'with --sink bytes'],
      [['--reference', 'python'], 'with --reference python'],
      [['--sample', 'x.json'], 'with --sample x.json'],
      [['--schema', 'schema.json'], 'with --schema schema.json'],
      [['--types', 'at=date'], 'with --types at=date'],
    ];
    const before = readFileSync(journalFile(), 'utf8');
    for (const [options, message] of refusals) {
      expect(await again(...options)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    }
    expect(readFileSync(journalFile(), 'utf8')).toBe(before);
    expect(existsSync(path.join(cwd, 'out', '.wirebench.lock'))).toBe(false);
    expect(await again('--seed', '1', '--quick', '--contender', 'honest', '--forks', '2', '--strict')).toMatchObject({
      code: 0,
    });
    expect(readRecord(path.join(cwd, 'out', 'run.json')).cells[0]?.forks).toHaveLength(2);
  });
});

describe('code', () => {
  it('is refused where the program or bench/ has changed, and where nobody knows', async () => {
    await stopAt(1);
    const { code } = runJournal.read(path.join(cwd, 'out')).header;
    expect(await invoke(['run', '--resume', '--out', 'out'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Cannot|cannot|unknown/),
    });
    const cases: [unknown, string][] = [
      [{ ...code, program: 'another' }, "wirebench's own files differ"],
      [{ ...code, bench: 'another' }, 'contenders, payloads or suites in bench/ differ'],
      [{ ...code, project: 'another' }, "the project's own modules, or recorded payloads differ"],
      [undefined, 'did not record with which code'],
    ];
    for (const [changed, message] of cases) {
      changeJournal((header) => {
        header['code'] = changed;
      });
      expect(await again()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    }
    changeJournal((header) => {
      header['code'] = code;
    });
    expect(await again()).toMatchObject({ code: 0 });
  });

  it('of the project counts with what it imports', async () => {
    mkdirSync(path.join(cwd, 'own'));
    writeFileSync(path.join(cwd, 'wirebench.config.mjs'), "export default { contenders: ['own/mine.mjs'] };\n");
    writeFileSync(
      path.join(cwd, 'own', 'mine.mjs'),
      "import { write } from './write.mjs';\nexport default { kind: 'serialize', title: 'mine', package: null, load: () => () => write };\n",
    );
    const helper = (text: string): void => writeFileSync(path.join(cwd, 'own', 'write.mjs'), text);
    helper('export const write = (value) => JSON.stringify(value);\n');
    const argv = words(
      'run --suite serialize --payload tools --items 10 --variant text --sink string --contender mine --quick --forks 2 --out out',
    );
    await stopAt(1, argv);
    helper('export const write = (value) => `${JSON.stringify(value)}`;\n');
    expect(await invoke(['run', '--resume', '--out', 'out'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the project's own modules, or recorded payloads differ"),
    });
    helper('export const write = (value) => JSON.stringify(value);\n');
    expect(await invoke(['run', '--resume', '--out', 'out'], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('rounds', () => {
  it('that were cut in the middle are measured again whole, and count neither in a report nor in run.json', async () => {
    const argv = words(
      'run --suite serialize --payload tools --items 10 --variant text --sink string --contender json-stringify,safe-stable-stringify --quick --forks 2 --out out',
    );
    // Round 0 is whole; of round 1 the contender that comes last is missing.
    const first = await invoke(argv, { cwd });
    expect(first.code).toBe(0);
    let last = '';
    const watching = failingDisk({
      refuses: (text) => {
        // A twin comes after all others.
        last =
          /"round":1/.test(text) && !text.includes('"isTwin":true')
            ? (/"contender":"([^"]+)"/.exec(text)?.[1] ?? '')
            : last;
        return false;
      },
    });
    await invoke(argv, { cwd });
    watching.restore();
    await stopAt(1, argv, `"${last}"`);
    const cut = runJournal.read(path.join(cwd, 'out'));
    expect(cut.outcomes.map(({ round }) => round)).toEqual([0, 0, 0, 1]);

    const reported = JSON.parse((await invoke(['report', 'out', '--format', 'json'], { cwd })).stdout) as unknown;
    expect(JSON.stringify(reported)).toContain('interrupted');
    const lost = cut.outcomes[3] as ForkOutcome;
    expect(JSON.stringify(reported)).not.toContain(`${lost.fork?.latencyNs}`);

    const resumed = await invoke(['run', '--resume', '--out', 'out'], { cwd });
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('1 of 4 outcomes are dropped') });
    const run = readRecord(path.join(cwd, 'out', 'run.json'));
    expect(run.cells.map(({ forks }) => forks.map(({ round }) => round))).toEqual([
      [0, 1],
      [0, 1],
    ]);
    for (const { cell, fork } of cut.outcomes.filter(({ round, isTwin }) => round === 0 && isTwin !== true))
      expect(run.cells.find(({ contender }) => contender === cell.contender)?.forks[0]).toEqual(fork);
    const again1 = run.cells.find(({ contender }) => contender === lost.cell.contender)?.forks[1];
    expect(again1?.latencyNs).not.toBe(lost.fork?.latencyNs);
  });
});

describe('time', () => {
  it('that earlier sessions took counts for the budget', async () => {
    const argv = base.filter((word) => !['--forks', '2', '--quick'].includes(word));
    await stopAt(2, argv);
    // The profile takes more rounds while there is time, and there is none.
    changeJournal((_header, outcomes) => {
      for (const line of outcomes) line.elapsedMs = 1e9;
    });
    expect(await again()).toMatchObject({ code: 0 });
    const run = readRecord(path.join(cwd, 'out', 'run.json'));
    expect(profiles.standard.maxForks).toBeGreaterThan(profiles.standard.minForks);
    expect(run.cells[0]?.forks).toHaveLength(profiles.standard.minForks);
    expect(run.durationMs).toBeGreaterThan(1e9);
  });

  it('that earlier sessions took counts for what is left', () => {
    let text = '';
    const progress = openProgress({ stderr: { write: (line: string) => (text += line) }, now: () => 0 });
    progress.beginStage({ expectedMs: 1000, doneMs: 500, spentMs: 60_000 });
    progress.beginTask('x', 100);
    expect(text).toContain('50% done, 1 min 0 s left');
  });
});

describe('two at once', () => {
  it('leaves the directory to the first, whatever the second is', async () => {
    const abort = new AbortController();
    const running = invoke([...base, '--forks', '50'], { cwd, signal: abort.signal });
    await expect.poll(() => existsSync(journalFile()), { timeout: 30_000 }).toBe(true);
    for (const argv of [
      base,
      ['run', '--resume', '--out', 'out', '--bench-root', benchRoot],
      ['http', '--quick', '--out', 'out'],
      ['choose', '--sample', 'recorded/x', '--out', 'out'],
    ]) {
      if (argv[0] === 'choose') {
        writeFileSync(path.join(cwd, 'x.json'), '[1]');
        argv[2] = 'x.json';
      }
      const second = await invoke(argv, { cwd });
      expect(second).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/wirebench run \(process \d+\) has been writing there since .*--out/),
      });
    }
    expect(await invoke(['run', '--list', ...base.slice(1)], { cwd })).toMatchObject({ code: 0 });
    abort.abort();
    expect((await running).code).toBe(130);
    expect(existsSync(path.join(cwd, 'out', '.wirebench.lock'))).toBe(false);
  });
});
