/**
 * Readers of the program's output who go, read nothing, or have no room: they end no command and change no result.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { Diagnostics, Report } from '../../src/cli/output.ts';
import type { OutputStream } from '../../src/cli/output.ts';
import { readRecord } from '../records.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));

interface Fake {
  readonly stream: OutputStream;
  readonly written: string[];
  /** Set to make writes fail with it. */
  code: string | undefined;
  /** Reads what waits, and everything from now on. */
  read(): void;
}

/** As the process' own streams are: an error is told, and the next write is tried again. */
function fakeStream(options: { reads: boolean }): Fake {
  const written: string[] = [];
  let { reads } = options;
  let waiting: { text: string; done: (error?: Error | null) => void }[] = [];
  const events = new EventEmitter();
  const end = ({ text, done }: (typeof waiting)[number]): void => {
    const error =
      fake.code === undefined ? undefined : Object.assign(new Error(`${fake.code}: it fails`), { code: fake.code });
    if (error === undefined) written.push(text);
    done(error);
    if (error !== undefined) events.emit('error', error);
  };
  const stream = {
    isTTY: false,
    columns: 80,
    on: events.on.bind(events),
    get writableLength() {
      return waiting.reduce((length, { text }) => length + text.length, 0);
    },
    write(text: string, done: (error?: Error | null) => void = () => {}) {
      if (reads) setImmediate(end, { text, done });
      else waiting.push({ text, done });
      return true;
    },
  };
  const fake: Fake = {
    stream: stream as unknown as OutputStream,
    written,
    code: undefined,
    read() {
      reads = true;
      const ends = waiting;
      waiting = [];
      for (const one of ends) end(one);
    },
  };
  return fake;
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('diagnostics', () => {
  it.each(['EPIPE', 'ENOSPC', 'EIO', 'EAGAIN', 'EFBIG'])(
    'outlive %s, and go on where it ends with the number of lines that are lost',
    async (code) => {
      const fake = fakeStream({ reads: true });
      const diagnostics = new Diagnostics(fake.stream);
      diagnostics.write('first\n');
      await settled();
      fake.code = code;
      for (const line of ['second\n', 'third\nfourth\n']) {
        diagnostics.write(line);
        await settled();
      }
      fake.code = undefined;
      diagnostics.write('fifth\n');
      diagnostics.write('sixth\n');
      await diagnostics.settle();
      expect(fake.written.join('')).toBe(
        'first\nwirebench: 3 lines before this one could not be written\nfifth\nsixth\n',
      );
    },
  );

  it('keep a bounded amount for a reader who does not read, and count the rest', async () => {
    const fake = fakeStream({ reads: false });
    const diagnostics = new Diagnostics(fake.stream);
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 5_000; count += 1) diagnostics.write(line);
    expect(fake.stream.writableLength).toBeLessThanOrEqual(1024 * 1024);
    fake.read();
    await diagnostics.settle();
    const kept = fake.written.filter((text) => text === line).length;
    expect(kept).toBe(1048);
    diagnostics.write('after\n');
    await diagnostics.settle();
    expect(fake.written.slice(-3)).toEqual([
      `wirebench: ${5_000 - kept} lines before this one could not be written\n`,
      'after\n',
      '',
    ]);
  });

  it('do not stand still for a terminal that takes nothing', () => {
    const blocks: boolean[] = [];
    const handle = { setBlocking: (value: boolean) => blocks.push(value) };
    const { stream } = fakeStream({ reads: false });
    expect(new Diagnostics(Object.assign(stream, { _handle: handle })).isTTY).toBe(false);
    expect(blocks).toEqual([false]);
  });

  it('are waited for no longer than is said', async () => {
    const fake = fakeStream({ reads: false });
    const diagnostics = new Diagnostics(fake.stream);
    diagnostics.write('nobody reads this\n');
    await diagnostics.settle(10);
    expect(fake.written).toEqual([]);
  });
});

describe('a report', () => {
  it.each(['EPIPE', 'EIO', 'ECONNRESET'])('is not missed by a reader who has gone (%s)', async (code) => {
    const fake = fakeStream({ reads: true });
    const report = new Report(fake.stream);
    fake.code = code;
    report.write('first\n');
    await settled();
    fake.code = undefined;
    report.write('second\n');
    await report.settle();
    expect(report.failure).toBeUndefined();
    expect(fake.written.join('')).toBe('');
  });

  it.each(['ENOSPC', 'EFBIG', 'EDQUOT'])('that could not be written (%s) is a failure', async (code) => {
    const fake = fakeStream({ reads: true });
    const report = new Report(fake.stream);
    fake.code = code;
    report.write('first\n');
    await report.settle();
    expect(report.failure?.message).toContain(code);
  });
});

function start(argv: readonly string[], stdio: ('pipe' | number)[] = ['pipe', 'pipe']): ChildProcess {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', ...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the program', () => {
  it.each([{ options: [] as string[] }, { options: ['--log'] }])(
    'serves on where the reader of its stderr goes, with $options',
    async ({ options }) => {
      const child = start(['gateway', '--json', '--no-auth', '--items', '1', '--port', '0', ...options]);
      const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [
        string,
      ];
      const { url } = JSON.parse(line) as { url: string };
      child.stdout?.destroy();
      child.stderr?.destroy();
      const ask = async (address: string): Promise<number> =>
        (await fetch(`${url}${address}`, { headers: { connection: 'close' } })).status;
      for (const [address, status] of [
        ['/health', 200],
        ['/tools', 200],
        ['/nothing', 404],
        ['/health', 200],
      ] as const)
        expect(await ask(address)).toBe(status);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it('stores what it measures where the readers of both streams go, and ends with its own exit code', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    const only = ['--suite', 'plain', '--variant', 'text', '--contender', 'liar', '--forks', '1'];
    const child = start(['run', '--bench-root', benchRoot, ...only, '--strict', '--out', out]);
    child.stderr?.destroy();
    child.stdout?.destroy();
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(readRecord(path.join(out, 'run.json')).cells.find(({ contender }) => contender === 'liar')).toMatchObject({
      status: 'incorrect',
    });
    expect(existsSync(path.join(out, 'report.md'))).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says with exit code 2 that a report found no room, and ends as ever where a message found none',
    async () => {
      const full = openSync('/dev/full', 'w');
      const help = start(['--help'], [full, 'pipe']);
      let said = '';
      help.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      expect(await once(help, 'close')).toEqual([2, null]);
      expect(said).toMatch(/^wirebench: cannot write to stdout: ENOSPC/);
      expect(await once(start(['no-such-command'], ['pipe', full]), 'close')).toEqual([2, null]);
    },
  );
});
