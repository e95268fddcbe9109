/**
 * Kills commands at random moments, on a disk with room and on a full one, alone and against each other, and looks at what
 * is left: a directory that can be read, nothing lost but the round in flight, no process and no temporary directory.
 *
 * `KILLS=100 KILLS_FULL=20 vitest run test/store/kill-series.slow.test.ts` makes more of it. `KILLS_ARGS` are the arguments of
 * `wirebench run`, an empty text being the whole `bench:json`; `KILLS_WITHIN_MS` is the latest moment of a kill, and
 * `KILLS_SEED` chooses other moments.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { afterAll, describe, expect, it } from 'vitest';

import { runJournal } from '../../src/store/journal.ts';
import { words } from '../cli/invoke.ts';
import { readRecord } from '../records.ts';

const { KILLS = '12', KILLS_FULL = '4', KILLS_WITHIN_MS = '9000', KILLS_SEED = '1', KILLS_ARGS } = process.env;
const smallRun = words(
  '--suite serialize --payload tools --items 10 --variant text --sink bytes --contender json-stringify,safe-stable-stringify --quick --forks 2',
);
const runArguments = KILLS_ARGS === undefined ? smallRun : KILLS_ARGS.split(' ').filter((word) => word !== '');
const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const random = mersenne(Number(KILLS_SEED));

const top = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const scratch = path.join(top, 'tmp');
mkdirSync(scratch);
const full = path.join(top, 'full');
const isLinux = process.platform === 'linux';

/** A small disk of its own where one can be mounted. */
const canMount =
  isLinux &&
  ((): boolean => {
    mkdirSync(full);
    return spawnSync('sh', ['-c', 'mount -t tmpfs -o size=512k none "$0"', full], { stdio: 'ignore' }).status === 0;
  })();
if (!canMount) process.stderr.write('skipped: kills on a full disk, because no tmpfs can be mounted here\n');

afterAll(() => {
  if (canMount) spawnSync('sh', ['-c', 'umount "$0"', full]);
  rmSync(top, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** @param options.signal and the moment at which it is sent; without it the command runs to its end. */
async function wirebench(
  argv: readonly string[],
  options: { signal?: NodeJS.Signals; afterMs?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: scratch, KILL_SERIES: top },
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const { signal, afterMs = 0 } = options;
  const timer = signal === undefined ? undefined : setTimeout(() => child.kill(signal), afterMs);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return { code, stderr };
}

/** Processes of the series that still run: whatever they start inherits a variable of its own. */
function leftRunning(): string[] {
  if (!isLinux) return [];
  return readdirSync('/proc')
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return (
          /^\d+$/.test(pid) &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`KILL_SERIES=${top}`) &&
          !/\) [ZX] /.test(state)
        );
      } catch {
        return false;
      }
    })
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

/** What a journal has on disk, line for line; a last one that was cut is none. */
function linesOf(directory: string): string[] {
  const file = path.join(directory, 'journal.jsonl');
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '');
}

/** Whatever moment it was: run.json is whole or not there, and so is the journal. */
function expectReadable(directory: string): void {
  if (!existsSync(directory)) return;
  if (existsSync(path.join(directory, 'run.json'))) readRecord(path.join(directory, 'run.json'));
  if (existsSync(path.join(directory, 'journal.jsonl'))) runJournal.read(directory);
}

async function expectNothingLeft(): Promise<void> {
  await expect.poll(leftRunning, { timeout: 60_000, interval: 200 }).toEqual([]);
  // The next start of a command that makes a temporary directory sweeps; its own is gone when it has ended.
  writeFileSync(path.join(top, 'sample.json'), '[1]');
  await wirebench(['explain', '--sample', path.join(top, 'sample.json'), '--forks', '1']);
  expect(readdirSync(scratch)).toEqual([]);
}

const moments = (count: number): number[] =>
  Array.from({ length: count }, () => uniformInt(random, 0, Number(KILLS_WITHIN_MS)));

describe('kill -9', () => {
  it(
    `at ${KILLS} random moments of a run loses the round in flight and nothing else`,
    { timeout: 3_600_000 },
    async () => {
      const out = path.join(top, 'out');
      for (const [index, afterMs] of moments(Number(KILLS)).entries()) {
        const before = linesOf(out);
        const resumes = existsSync(path.join(out, 'journal.jsonl'));
        // Every third kill is a Ctrl-C instead, which saves first; the program decides how long that takes.
        const ended = await wirebench(['run', ...(resumes ? ['--resume'] : runArguments), '--out', out], {
          signal: index % 3 === 2 ? 'SIGINT' : 'SIGKILL',
          afterMs,
        });
        expect([null, 0, 130]).toContain(ended.code);
        expectReadable(out);
        const after = linesOf(out);
        // Complete rounds stay: what a resumed session drops is the end of what there was.
        const stays = new Set(after.map(outcomeOf));
        const lost = resumes && after.length > 0 ? before.slice(1).filter((line) => !stays.has(outcomeOf(line))) : [];
        expect(new Set(lost.map(groupOf)).size).toBeLessThanOrEqual(1);
        await expectNothingLeft();
      }
      const last = existsSync(path.join(out, 'journal.jsonl')) ? ['--resume'] : runArguments;
      expect(await wirebench(['run', ...last, '--out', out])).toMatchObject({ code: 0 });
      expect(readRecord(path.join(out, 'run.json')).interrupted).toBeUndefined();
      expect(readdirSync(out).toSorted()).toEqual(['report.html', 'report.md', 'run.json']);
      await expectNothingLeft();
    },
  );

  it(
    `at ${KILLS_FULL} random moments on a full disk leaves the earlier run whole`,
    { timeout: 3_600_000, skip: !canMount },
    async () => {
      const out = path.join(full, 'out');
      expect(await wirebench(['run', ...smallRun, '--out', out])).toMatchObject({ code: 0 });
      const before = readFileSync(path.join(out, 'run.json'), 'utf8');
      for (const afterMs of moments(Number(KILLS_FULL))) {
        // From no byte to some kilobytes are left, so that another step fails each time.
        const left = uniformInt(random, 0, 24) * 1024;
        rmSync(path.join(full, 'ballast'), { force: true });
        const { bavail, bsize } = statfsSync(full);
        writeFileSync(path.join(full, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
        const ended = await wirebench(['run', ...smallRun, '--out', out], { signal: 'SIGKILL', afterMs });
        expect([null, 0, 2]).toContain(ended.code);
        expect(ended.code !== 2 || ended.stderr.includes('the disk is full')).toBe(true);
        expectReadable(out);
        // Another run is a whole one, too, which was read above.
        expect(readFileSync(path.join(out, 'run.json'), 'utf8').length).toBeGreaterThan(before.length / 2);
        await expectNothingLeft();
      }
      rmSync(path.join(full, 'ballast'), { force: true });
      const last = existsSync(path.join(out, 'journal.jsonl')) ? ['--resume'] : smallRun;
      expect(await wirebench(['run', ...last, '--out', out])).toMatchObject({ code: 0 });
      expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
    },
  );

  it('of http and of choose leaves no process and no directory', { timeout: 600_000 }, async () => {
    writeFileSync(path.join(top, 'sample.json'), '{ "orders": [{ "id": 1 }] }');
    const http = [
      'http',
      '--quick',
      '--scenario',
      'tools-10',
      '--serializer',
      'json-stringify,gateway-serializer',
      '--out',
      path.join(top, 'http'),
    ];
    const choose = ['choose', '--quick', '--sample', path.join(top, 'sample.json'), '--out', path.join(top, 'choose')];
    const python = ['run', '--reference', 'python', ...smallRun, '--out', path.join(top, 'python')];
    for (const [argv, afterMs] of [
      [http, 2500],
      [http, 5000],
      [choose, 3000],
      [python, 2500],
    ] as const) {
      expect([null, 0]).toContain((await wirebench(argv, { signal: 'SIGKILL', afterMs })).code);
      await expectNothingLeft();
    }
  });

  it('of one of two leaves the directory to the next, and two never write at once', { timeout: 600_000 }, async () => {
    const out = path.join(top, 'two');
    const first = wirebench(['run', ...smallRun, '--out', out], { signal: 'SIGKILL', afterMs: 6000 });
    await expect.poll(() => existsSync(path.join(out, 'journal.jsonl')), { timeout: 60_000 }).toBe(true);
    const second = await wirebench(['run', ...smallRun, '--out', out]);
    await first;
    // On a busy machine the first may be dead before the second looks; then the lock is taken over.
    expect(second.code === 0 || second.stderr.includes('has been writing there since')).toBe(true);
    expect(
      await wirebench([
        'run',
        ...(existsSync(path.join(out, 'journal.jsonl')) ? ['--resume'] : smallRun),
        '--out',
        out,
      ]),
    ).toMatchObject({ code: 0 });
    await expectNothingLeft();
  });
});

function outcomeOf(line: string): string {
  const { outcome } = JSON.parse(line) as { outcome?: unknown };
  return outcome === undefined ? line : JSON.stringify(outcome);
}

function groupOf(line: string): string {
  const { cell, round } = (JSON.parse(line) as { outcome: { cell: Record<string, unknown>; round: number } }).outcome;
  const { contender: _own, ...group } = cell;
  return JSON.stringify([group, round]);
}
