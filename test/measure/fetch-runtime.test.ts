/**
 * Fetching with a stand-in for npm.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { fetchRuntime, runtimeCacheDirectory } from '../../src/measure/fetch-runtime.ts';
import { currentRuntime } from '../../src/measure/runtimes.ts';
import type { Runtime, RuntimeRequest, UnavailableRuntime } from '../../src/model/runtime.ts';
import { ownIdentity, placeOf } from '../../src/process/owner.ts';

const top = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

let cacheDirectory = '';
let bin = '';
beforeEach(() => {
  const own = mkdtempSync(path.join(top, 'case-'));
  cacheDirectory = path.join(own, 'cache');
  bin = path.join(own, 'bin');
  mkdirSync(bin);
});

/** Puts a shell script in npm's place; `$prefix` is the directory that it is to install into. */
function standInForNpm(lines: string[]): void {
  const findPrefix = 'for word; do [ "$last" = --prefix ] && prefix="$word"; last="$word"; done';
  writeFileSync(path.join(bin, 'npm'), ['#!/bin/sh', `echo "$@" >> ${bin}/calls`, findPrefix, ...lines, ''].join('\n'));
  chmodSync(path.join(bin, 'npm'), 0o755);
}

/** The lines of a stand-in that installs a Bun which is the running Node.js in disguise. */
function installDisguised(version = '9.8.7'): string[] {
  const versions = JSON.stringify({ bun: version });
  // Node.js takes none of Bun's own flags, so the disguise drops what comes before the worker.
  const startWorker = `while [ "\${1#--}" != "$1" ]; do shift; done; exec "${process.execPath}" --expose-gc --no-warnings "$@"`;
  const program = `case "$*" in *process.versions*) echo '${versions}';; *) ${startWorker};; esac`;
  return [
    'folder="$prefix/node_modules/@oven/bun-any/bin"',
    'mkdir -p "$folder"',
    `cat > "$folder/bun" <<'PROGRAM'`,
    '#!/bin/sh',
    program,
    'PROGRAM',
    'chmod +x "$folder/bun"',
  ];
}

const bun: RuntimeRequest = { name: 'bun', range: '9' };

function fetchBun(
  options: { signal?: AbortSignal; timeLimitMs?: number; env?: Record<string, string> } = {},
): Promise<Runtime | UnavailableRuntime> {
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return fetchRuntime({
    request: bun,
    cacheDirectory,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    env,
    ...options,
  });
}

function callsOfNpm(): string[] {
  return existsSync(path.join(bin, 'calls')) ? readFileSync(path.join(bin, 'calls'), 'utf8').trim().split('\n') : [];
}

describe('fetchRuntime with a stand-in for npm', () => {
  it('takes the running Node.js where it is what was asked for', async () => {
    const [major = ''] = process.versions.node.split('.');
    const found = await fetchRuntime({
      request: { name: 'node', range: major },
      cacheDirectory,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(found).toEqual(currentRuntime());
    expect(existsSync(cacheDirectory)).toBe(false);
  });

  it('fetches once, runs no script of the package, and finds it again', async () => {
    standInForNpm(installDisguised());
    const first = await fetchBun();
    expect(first).toMatchObject({ name: 'bun', version: '9.8.7' });
    expect(await fetchBun()).toEqual(first);
    expect(callsOfNpm()).toHaveLength(1);
    expect(callsOfNpm()[0]).toMatch(/^install .*--ignore-scripts .*bun@9$/);
    expect(readdirSync(cacheDirectory)).toEqual([`bun-9-${process.platform}-${process.arch}`]);
  });

  it('believes nothing that a killed fetch has left, and removes it', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const [left, foreign] = [placeOf(ownIdentity()), '00000000'].map((place) =>
      path.join(cacheDirectory, `wirebench-partial-${pid}-${place}-abcdef`),
    );
    for (const folder of [left, foreign]) mkdirSync(path.join(folder as string, 'node_modules'), { recursive: true });
    standInForNpm(installDisguised());
    expect(await fetchBun()).toMatchObject({ version: '9.8.7' });
    expect(readdirSync(cacheDirectory).toSorted()).toEqual([
      expect.stringMatching(/^bun-9-/),
      path.basename(foreign as string),
    ]);
  });

  it('fetches again what is there and does not start', async () => {
    const folder = path.join(
      cacheDirectory,
      `bun-9-${process.platform}-${process.arch}`,
      'node_modules/@oven/bun-any/bin',
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'bun'), 'no program');
    standInForNpm(installDisguised('9.9.9'));
    expect(await fetchBun()).toMatchObject({ version: '9.9.9' });
  });

  it('leaves nothing behind when it is interrupted', async () => {
    standInForNpm([...installDisguised(), `touch ${bin}/started`, 'sleep 60 & wait']);
    const abort = new AbortController();
    const fetching = fetchBun({ signal: abort.signal });
    while (!existsSync(path.join(bin, 'started'))) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    expect(await fetching).toEqual({ ...bun, reason: 'interrupted' });
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });

  it('keeps what another process has fetched meanwhile', async () => {
    const home = path.join(cacheDirectory, `bun-9-${process.platform}-${process.arch}`);
    // The stand-in is the other process too: it puts a complete one in place before its own is complete.
    standInForNpm([
      ...installDisguised('9.1.1'),
      `mkdir -p ${home} && cp -R "$prefix/node_modules" ${home}`,
      ...installDisguised('9.2.2'),
    ]);
    expect(await fetchBun()).toMatchObject({ version: '9.1.1' });
    expect(readdirSync(cacheDirectory)).toEqual([path.basename(home)]);
  });

  it('gives up after its time limit', async () => {
    standInForNpm(['sleep 60']);
    expect(await fetchBun({ timeLimitMs: 300 })).toEqual({ ...bun, reason: 'npm did not fetch it within 0.3 s' });
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });

  it.each([
    ['npm error code ETARGET', `no package satisfies bun@9 for ${process.platform} on ${process.arch}`],
    ['npm error code E404', `there is no package of it for ${process.platform} on ${process.arch}`],
    ['npm error code ENOTFOUND', 'npm reached no registry'],
    [
      'npm error network request to https://name:secret@host.example/bun failed',
      'npm did not fetch it: network request to (an address) failed',
    ],
    ['nothing that helps', 'npm did not fetch it and ended with exit code 1'],
  ])('explains "%s"', async (words, reason) => {
    standInForNpm([`echo '${words}' >&2`, 'exit 1']);
    expect(await fetchBun()).toEqual({ ...bun, reason });
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });

  it('says so where npm brings no program, and where there is no npm', async () => {
    standInForNpm(['mkdir -p "$prefix/node_modules/bun"']);
    expect(await fetchBun()).toEqual({
      ...bun,
      reason: `npm fetched no program of it for ${process.platform} on ${process.arch}`,
    });
    rmSync(path.join(bin, 'npm'));
    expect(await fetchBun({ env: { PATH: bin } })).toEqual({
      ...bun,
      reason: 'npm, which fetches runtimes, was not found on the PATH',
    });
  });

  it('gives a reason where the cache cannot be written', async () => {
    standInForNpm(installDisguised());
    writeFileSync(cacheDirectory, 'a file is in the way');
    expect(await fetchBun()).toMatchObject({ ...bun, reason: expect.stringMatching(/^it could not be kept: /) });
  });

  it('does not fetch again what starts but runs no worker', async () => {
    standInForNpm(installDisguised().map((line) => line.replace('--expose-gc --no-warnings', '')));
    expect(await fetchBun()).toMatchObject({
      ...bun,
      reason: expect.stringMatching(/^bun 9\.8\.7 runs no measurement: a worker .*--expose-gc/),
    });
    await fetchBun();
    expect(callsOfNpm()).toHaveLength(1);
  });
});

describe('runtimeCacheDirectory', () => {
  it('lies in the cache that the user has named', () => {
    const named = path.join(top, 'named');
    expect(
      runtimeCacheDirectory({ XDG_CACHE_HOME: named, LOCALAPPDATA: named }).startsWith(path.join(named, 'wirebench')),
    ).toBe(process.platform !== 'darwin');
    expect(runtimeCacheDirectory({ XDG_CACHE_HOME: 'relative' })).toBe(runtimeCacheDirectory({}));
  });
});
