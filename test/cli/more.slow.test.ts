/**
 * Adding rounds to a finished run: the same plan, code and machine; the finished run is there until the longer one is.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RunRecord } from '../../src/run-file/records.ts';
import { failingDisk } from '../store/failing-disk.ts';
import { patienceMs } from '../patience.ts';
import { readRecord } from '../records.ts';
import { invoke, words } from './invoke.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-more-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const fileIn = (name: string, out = 'out'): string => path.join(cwd, out, name);
const run = (line: string, options: { signal?: AbortSignal } = {}) =>
  invoke(['run', '--bench-root', benchRoot, ...words(line)], { cwd, ...options });
const first = 'run --suite plain,looks --variant text --contender honest,liar --quick --forks 2 --out out';
const begin = () => run(first.replace('run ', ''));
const roundsOf = (record: RunRecord, contender: string): number[] =>
  record.cells
    .find((cell) => cell.suite === 'plain' && cell.contender === contender)
    ?.forks.map(({ round }) => round) ?? [];

/** Changes the finished run as it is stored. */
function change(edit: (record: Record<string, never>) => void): void {
  const record = JSON.parse(readFileSync(fileIn('run.json'), 'utf8')) as Record<string, never>;
  edit(record);
  writeFileSync(fileIn('run.json'), JSON.stringify(record));
}

describe('--more', () => {
  it('goes on with the numbers of rounds, keeps what was measured, and what it is again can be added to', async () => {
    await begin();
    const before = readRecord(fileIn('run.json'));
    const listed = await run('--more 2 --list --out out');
    expect(listed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 rounds a cell measured already, 2 to add'),
    });
    expect(existsSync(fileIn('journal.jsonl'))).toBe(false);

    const more = await run('--more 2 --out out');
    expect(more).toMatchObject({ code: 0, stderr: expect.stringContaining('round 3: plain/honest') });
    expect(more.stderr).not.toContain('round 2: ');
    const after = readRecord(fileIn('run.json'));
    expect(roundsOf(after, 'honest')).toEqual([0, 1, 2, 3]);
    for (const [index, cell] of after.cells.entries())
      expect(cell.forks.slice(0, before.cells[index]?.forks.length)).toEqual(before.cells[index]?.forks);
    expect(after).toMatchObject({ startedAt: before.startedAt, plan: { forks: 4, options: { forks: 4 } } });
    expect(after.durationMs).toBeGreaterThan(before.durationMs);
    expect(after.cells.find(({ contender }) => contender === 'liar')).toEqual(
      before.cells.find(({ contender }) => contender === 'liar'),
    );
    expect(after.interrupted).toBeUndefined();
    expect(existsSync(fileIn('journal.jsonl'))).toBe(false);

    expect(await run('--resume --forks 5 --out out')).toMatchObject({ code: 0 });
    expect(roundsOf(readRecord(fileIn('run.json')), 'honest')).toEqual([0, 1, 2, 3, 4]);
    expect(await run('--more --quick --out out')).toMatchObject({ code: 0 });
    expect(roundsOf(readRecord(fileIn('run.json')), 'honest').length).toBeGreaterThan(5);
  });

  it('leaves the finished run as it is when it is stopped, and can be gone on with', async () => {
    const own = (line: string, options: { signal?: AbortSignal } = {}) => invoke(words(line), { cwd, ...options });
    await own(
      'run --suite serialize --payload tools --items 10 --variant text --sink string --contender json-stringify --quick --forks 2 --out out',
    );
    const finished = readFileSync(fileIn('run.json'), 'utf8');
    const report = readFileSync(fileIn('report.md'), 'utf8');
    const abort = new AbortController();
    const running = own('run --more 40 --out out', { signal: abort.signal });
    // The header, what was measured before, and at least a round of it.
    await vi.waitFor(() => expect(readFileSync(fileIn('journal.jsonl'), 'utf8')).toContain('"round":3'), {
      timeout: patienceMs,
    });
    abort.abort();
    expect(await running).toMatchObject({
      code: 130,
      stdout: expect.stringContaining('json-stringify'),
      stderr: expect.stringContaining(
        'the finished run is as it was, and `--resume` with the same --out goes on adding',
      ),
    });
    expect(readFileSync(fileIn('run.json'), 'utf8')).toBe(finished);
    expect(readFileSync(fileIn('report.md'), 'utf8')).toBe(report);

    const shown = await invoke(['report', 'out'], { cwd });
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'this finished run of 2 rounds was being added to and the addition was stopped',
    );
    expect(shown.stdout).not.toContain('interrupted');
    expect((await invoke(['report', 'out/run.json'], { cwd })).stdout).not.toContain('was being added to');
    expect(await own('run --more 1 --out out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is not finished; go on with it by --resume first'),
    });
    expect(await own('run --resume --forks 9 --out out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'cannot add rounds with --forks 9: the run to add to was planned with --forks 42',
      ),
    });

    // A shorter way than to wait for forty rounds.
    const [header = '', ...lines] = readFileSync(fileIn('journal.jsonl'), 'utf8').split('\n');
    writeFileSync(fileIn('journal.jsonl'), [header.replaceAll('"forks":42', '"forks":6'), ...lines].join('\n'));
    expect(await own('run --resume --out out')).toMatchObject({ code: 0 });
    expect(
      readRecord(fileIn('run.json'))
        .cells[0]?.forks.slice(0, 6)
        .map(({ round }) => round),
    ).toEqual([0, 1, 2, 3, 4, 5]);
    expect(existsSync(fileIn('journal.jsonl'))).toBe(false);
  });

  it('loses nothing where the disk is full in the middle of a round', async () => {
    await begin();
    const finished = readFileSync(fileIn('run.json'), 'utf8');
    const disk = failingDisk({ refuses: (text) => text.startsWith('{"elapsedMs"') && text.includes('"round":3') });
    try {
      expect(await run('--more 2 --out out')).toMatchObject({ code: 2, stderr: expect.stringContaining('is kept') });
    } finally {
      disk.restore();
    }
    expect(readFileSync(fileIn('run.json'), 'utf8')).toBe(finished);
    // The suite is of another bench/, which a report does not know, so that the addition cannot be planned again.
    expect(await invoke(['report', 'out'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 ensembles a cell'),
      stderr: expect.stringContaining('rounds that were being added to this run are left out: unknown suite'),
    });
    expect(await run('--resume --out out')).toMatchObject({ code: 0 });
    expect(roundsOf(readRecord(fileIn('run.json')), 'honest')).toEqual([0, 1, 2, 3]);
  });

  it('is refused where something else would be measured, or nothing, and changes nothing then', async () => {
    await begin();
    const original = readFileSync(fileIn('run.json'), 'utf8');
    const refusals: readonly [string, string, Parameters<typeof change>[0]?][] = [
      ['--more 1 --seed 2', 'cannot add rounds with --seed 2: the run to add to was planned with --seed 1'],
      ['--more 1 --items 9', 'with --items 9: the run to add to was planned without it; leave out --items'],
      ['--more 1 --shard 1/2', 'with --shard 1/2: the run to add to was planned without it'],
      ['--more 0', "'0' is not a whole number from 1"],
      ['--more 1 --resume', "cannot be used with option '--resume'"],
      ['--more 1 --forks 9', "cannot be used with option '--forks <n>'"],
      ['--resume', 'there is no unfinished run; start one without --resume, or add rounds to a finished one by --more'],
      ['--resume --forks 2', 'nothing to add with --forks 2'],
      [
        '--more 1',
        "was measured with other code: wirebench's own files differ",
        (record) => Object.assign(record['plan']?.['code'] ?? {}, { program: 'x' }),
      ],
      [
        '--more 1',
        'was measured elsewhere: cpuModel differ',
        (record) => Object.assign(record['environment'] ?? {}, { cpuModel: 'x' }),
      ],
      ['--more 1', 'the version of wirebench that measured it did not record how', (record) => delete record['plan']],
    ];
    for (const [options, message, edit] of refusals) {
      writeFileSync(fileIn('run.json'), original);
      if (edit !== undefined) change(edit);
      const stored = readFileSync(fileIn('run.json'), 'utf8');
      const refused = await run(`${options} --out out`);
      expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
      expect(readFileSync(fileIn('run.json'), 'utf8')).toBe(stored);
      expect(existsSync(fileIn('journal.jsonl'))).toBe(false);
    }
    expect(await run('--more 1 --out nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read'),
    });
  });
});

describe('a shard', () => {
  it('is measured, told, resumed, added to and joined as a part of its run', async () => {
    const plan = '--suite plain --items 3,4 --contender honest --quick --forks 2';
    for (const shard of ['1/2', '2/2']) {
      const measured = await run(`${plan} --shard ${shard} --out parts/${shard[0]}`);
      expect(measured).toMatchObject({ code: 0, stdout: expect.stringContaining(`shard ${shard}: 2 of 4 groups`) });
    }
    expect(await run('--more 1 --shard 1/2 --out parts/1')).toMatchObject({ code: 0 });
    const one = readRecord(fileIn('run.json', 'parts/1'));
    expect(one.plan?.shard).toMatchObject({ index: 1, of: 2 });
    expect(one.cells.map(({ forks }) => forks.length)).toEqual([3, 3]);
    const joined = await invoke(['report', 'parts', '--join', 'all'], { cwd });
    expect(joined).toMatchObject({ code: 0, stdout: expect.stringContaining('shards 1/2 and 2/2, node') });
    expect(joined.stdout).not.toContain('incomplete');
    expect(readRecord(fileIn('run.json', 'all')).cells).toHaveLength(4);
    expect(await run('--more 1 --out all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('joined of shards'),
    });
  });
});
