/**
 * Recording over stdio against servers of our own: what is stored, what each failure says, and that nothing is left.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { listRecorded, readRecording } from '../../src/corpus/recorded.ts';
import { createWorkspace, stdioServer, type Workspace } from '../fixtures/record/run-record.ts';
import { tools } from '../fixtures/record/tools.ts';
import { patienceMs } from '../patience.ts';
import { isGone } from './processes.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

describe('record -- COMMAND', () => {
  it('stores every page of tools exactly as sent, under the name that the server gives itself', async () => {
    const { code, stdout } = await workspace.run(['--', ...stdioServer('pages')]);
    expect(code).toBe(0);
    const name = 'test-servers-seven-tools';
    const { items, source, schemaVersion } = readRecording({ name, directory: workspace.recordings });
    expect(JSON.stringify(items)).toBe(JSON.stringify(tools));
    expect(schemaVersion).toBe(1);
    expect(source).toMatchObject({
      kind: 'mcp-stdio',
      server: { name: 'Test/Servers: Seven Tools', version: '1.2.3' },
    });
    expect(stdout).toMatch(/^items +7$/m);
    expect(stdout).toMatch(/^datetimes +\/createdAt$/m);
    expect(stdout).toMatch(/^UUIDs +\/id$/m);
    expect(stdout).toContain(`pnpm@12 bench:json --payload recorded/${name}`);
  });

  it("leaves the server's own options to the server, with and without a double dash", async () => {
    const own = ['--name', 'mine', '--url', 'x', '-y', '--', '--force'];
    for (const separator of [['--'], []]) {
      const argv = ['--name', 'arguments', '--force', ...separator, ...stdioServer('echo-arguments', ...own)];
      expect(await workspace.run(argv)).toMatchObject({ code: 0 });
      const { items } = readRecording({ name: 'arguments', directory: workspace.recordings });
      expect(items).toEqual([{ name: 'arguments', values: ['echo-arguments', ...own] }]);
    }
  });

  it('overlooks a banner among the messages', async () => {
    expect(await workspace.run(['--', ...stdioServer('banner')])).toMatchObject({ code: 0 });
  });

  it('keeps an existing recording unless it is told to overwrite it', async () => {
    await workspace.run(['--name', 'mine', '--', ...stdioServer('pages')]);
    const refused = await workspace.run(['--name', 'mine', '--', ...stdioServer('echo-arguments')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--force');
    const forced = await workspace.run(['--force', '--name', 'mine', '--', ...stdioServer('echo-arguments')]);
    expect(forced.code).toBe(0);
    expect(readRecording({ name: 'mine', directory: workspace.recordings }).items).toHaveLength(1);
  });

  it('keeps the old recording when recording again fails', async () => {
    await workspace.run(['--name', 'mine', '--', ...stdioServer('pages')]);
    const before = workspace.everyFile();
    const { code } = await workspace.run(['--force', '--name', 'mine', '--', ...stdioServer('exit-midway')]);
    expect(code).toBe(2);
    expect(workspace.everyFile()).toBe(before);
  });

  it('writes no credential of the command, and does not hand the Authorization header to the server', async () => {
    const secret = 'Bearer s3cret-value-1';
    const argv = [
      '--name',
      'safe',
      '--env',
      'KEPT',
      '--',
      ...stdioServer('echo-environment', '--api-key', 'k-1234', 'TOKEN=t-5678'),
    ];
    const { code, stdout, stderr } = await workspace.run(argv, {
      env: { WIREBENCH_AUTHORIZATION: secret, KEPT: 'kept-9' },
    });
    expect(code).toBe(0);
    const written = `${workspace.everyFile()}${stdout}${stderr}`;
    expect(written).toContain('kept-9');
    for (const hidden of ['s3cret-value-1', 'k-1234', 't-5678']) expect(written).not.toContain(hidden);
  });

  it.each([
    ['exit', 'exit code 3', 'the configuration file is missing'],
    ['exit-midway', 'exit code 4', 'run the command by itself'],
    ['nonsense', 'does not speak MCP', 'line 0 of a log'],
    ['not-a-list', 'not a list of objects', ''],
    ['list-of-strings', 'not a list of objects', ''],
    ['empty', 'the list is empty', ''],
    ['same-cursor', 'points back', ''],
    ['endless-cursors', 'did not end within', ''],
    ['error-answer', 'the tool database is on fire', ''],
  ])('says what failed for a server that does this: %s', async (behaviour, why, detail) => {
    const { code, stdout, stderr } = await workspace.run([
      '--timeout',
      String(patienceMs / 1000),
      '--',
      ...stdioServer(behaviour),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain(detail);
    expect(stdout).toBe('');
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });

  it('says that a program was not found', async () => {
    const { code, stderr } = await workspace.run(['no-such-program-anywhere', '--flag']);
    expect(code).toBe(2);
    expect(stderr).toContain('"no-such-program-anywhere --flag": the program was not found');
  });

  it('ends the server when it is interrupted, and writes nothing', async () => {
    const pidFile = join(workspace.cwd, 'pid');
    const abort = new AbortController();
    const running = workspace.run(['--', ...stdioServer('hang', pidFile)], { signal: abort.signal });
    while (!existsSync(pidFile)) await delay(20);
    abort.abort();
    expect(await running).toMatchObject({ code: 130, stdout: '' });
    expect(await isGone(pidFile)).toBe(true);
    expect(listRecorded(workspace.recordings)).toEqual([]);
  });
});

describe('record --merge', () => {
  it('puts the items of recordings one behind the other', async () => {
    await workspace.run(['--name', 'first', '--', ...stdioServer('echo-arguments', 'first')]);
    await workspace.run(['--name', 'second', '--', ...stdioServer('pages')]);
    const { code, stdout } = await workspace.run(['--merge', 'recorded/second, first', '--name', 'both']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^items +8$/m);
    const { items, source } = readRecording({ name: 'both', directory: workspace.recordings });
    expect(items.slice(0, 7)).toEqual(tools);
    expect(source).toEqual({ kind: 'merge', recordings: ['second', 'first'] });
  });

  it('names the nearest recording for one that is not there', async () => {
    await workspace.run(['--name', 'first', '--', ...stdioServer('pages')]);
    const { code, stderr } = await workspace.run(['--merge', 'fist', '--name', 'both']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "recorded/first"');
  });
});

describe('usage', () => {
  it.each([
    [[], 'nothing to record'],
    [['--', '--url', 'http://127.0.0.1/'], 'put options of record before the "--"'],
    [['--url', 'http://127.0.0.1/', 'node'], 'exclude each other'],
    [['--rest', 'node'], '--rest'],
    [['--merge', 'a,b'], '--name'],
    [['--merge', ',', '--name', 'x'], 'names no recording'],
    [['--timeout', '0', 'node'], '--timeout "0"'],
    [['--timeout', '1e9', 'node'], '--timeout "1e9"'],
    [['--timeout', 'soon', 'node'], '--timeout "soon"'],
    [['--name', '../escape', 'node'], '"../escape"'],
    [['--name', 'con', 'node'], '"con"'],
    [['--url', 'ftp://127.0.0.1/'], '"ftp:"'],
    [['--url', 'nowhere'], 'is no URL'],
  ])('refuses %j', async (argv, why) => {
    const { code, stderr } = await workspace.run(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(workspace.everyFile()).toBe('');
  });

  it('says that a directory cannot be written', async () => {
    writeFileSync(join(workspace.cwd, 'recorded'), 'a file where a directory should be');
    const { code, stderr } = await workspace.run(['--', ...stdioServer('pages')]);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot write');
  });
});
