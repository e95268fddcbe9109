/**
 * Fetching with a stand-in for npm, and the real runtimes where npm reaches its registry.
 *
 * The real ones stay in the user's cache, as they do for a user, so that only the first run of the tests fetches them.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { fetchRuntime, runtimeCacheDirectory } from '../../src/choose/fetch-runtime.ts';
import { planRun } from '../../src/measure/plan.ts';
import { currentRuntime, parseRuntimes } from '../../src/measure/runtimes.ts';
import { runPlan } from '../../src/measure/session.ts';
import type { ForkOutcome } from '../../src/model.ts';
import type { Runtime, RuntimeRequest, UnavailableRuntime } from '../../src/model/runtime.ts';
import { loadRegistry } from '../../src/registry.ts';

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

function fetchBun(options: { signal?: AbortSignal; timeLimitMs?: number; env?: Record<string, string> } = {}): Promise<Runtime | UnavailableRuntime> {
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return fetchRuntime({ request: bun, cacheDirectory, signal: new AbortController().signal, onProgress: () => undefined, env, ...options });
}

function callsOfNpm(): string[] {
  return existsSync(path.join(bin, 'calls')) ? readFileSync(path.join(bin, 'calls'), 'utf8').trim().split('\n') : [];
}

describe('fetchRuntime with a stand-in for npm', () => {
  it('takes the running Node.js where it is what was asked for', async () => {
    const [major = ''] = process.versions.node.split('.');
    const found = await fetchRuntime({ request: { name: 'node', range: major }, cacheDirectory, signal: new AbortController().signal, onProgress: () => undefined });
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

  it('believes nothing that a killed fetch has left, and removes it when it is old', async () => {
    const young = path.join(cacheDirectory, '.partial-young');
    const old = path.join(cacheDirectory, '.partial-old');
    for (const folder of [young, old]) mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    utimesSync(old, 0, 0);
    standInForNpm(installDisguised());
    expect(await fetchBun()).toMatchObject({ version: '9.8.7' });
    expect(readdirSync(cacheDirectory)).toEqual(['.partial-young', expect.stringMatching(/^bun-9-/)]);
  });

  it('fetches again what is there and does not start', async () => {
    const folder = path.join(cacheDirectory, `bun-9-${process.platform}-${process.arch}`, 'node_modules/@oven/bun-any/bin');
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
    standInForNpm([...installDisguised('9.1.1'), `mkdir -p ${home} && cp -R "$prefix/node_modules" ${home}`, ...installDisguised('9.2.2')]);
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
    ['npm error network request to https://name:secret@host.example/bun failed', 'npm did not fetch it: network request to (an address) failed'],
    ['nothing that helps', 'npm did not fetch it and ended with exit code 1'],
  ])('explains "%s"', async (words, reason) => {
    standInForNpm([`echo '${words}' >&2`, 'exit 1']);
    expect(await fetchBun()).toEqual({ ...bun, reason });
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });

  it('says so where npm brings no program, and where there is no npm', async () => {
    standInForNpm(['mkdir -p "$prefix/node_modules/bun"']);
    expect(await fetchBun()).toEqual({ ...bun, reason: `npm fetched no program of it for ${process.platform} on ${process.arch}` });
    rmSync(path.join(bin, 'npm'));
    expect(await fetchBun({ env: { PATH: bin } })).toEqual({ ...bun, reason: 'npm, which fetches runtimes, was not found on the PATH' });
  });

  it('gives a reason where the cache cannot be written', async () => {
    standInForNpm(installDisguised());
    writeFileSync(cacheDirectory, 'a file is in the way');
    expect(await fetchBun()).toMatchObject({ ...bun, reason: expect.stringMatching(/^it could not be kept: /) });
  });

  it('does not fetch again what starts but runs no worker', async () => {
    standInForNpm(installDisguised().map((line) => line.replace('--expose-gc --no-warnings', '')));
    expect(await fetchBun()).toMatchObject({ ...bun, reason: expect.stringMatching(/^bun 9\.8\.7 runs no measurement: a worker .*--expose-gc/) });
    await fetchBun();
    expect(callsOfNpm()).toHaveLength(1);
  });
});

describe('runtimeCacheDirectory', () => {
  it('lies in the cache that the user has named', () => {
    const named = path.join(top, 'named');
    expect(runtimeCacheDirectory({ XDG_CACHE_HOME: named, LOCALAPPDATA: named }).startsWith(path.join(named, 'wirebench'))).toBe(process.platform !== 'darwin');
    expect(runtimeCacheDirectory({ XDG_CACHE_HOME: 'relative' })).toBe(runtimeCacheDirectory({}));
  });
});

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

/** One round of two contenders on a small payload; the figures may be poor. */
async function measureUnder(runtime: Runtime): Promise<ForkOutcome[]> {
  const selection = { suites: ['plain'], contenders: ['honest', 'liar'], variants: ['native' as const], sinks: ['bytes' as const] };
  const plan = planRun({ registry, profile: 'quick', selection, seed: 1, forks: 1 });
  const sampler = { ...plan.settings.sampler, warmupNs: 2e6, warmupCapNs: 4e6, blockNs: 1e6, peakNs: 0 };
  const outcomes: ForkOutcome[] = [];
  const { signal } = new AbortController();
  const request = { plan: { ...plan, settings: { ...plan.settings, budgetMs: undefined, sampler } }, runtime, signal, now: () => performance.now() };
  for await (const event of runPlan(request)) if (event.type === 'outcome') outcomes.push(event.outcome);
  return outcomes;
}

/** Those of the tested ones whose V8 counts what it allocates; the running one is a recent Node.js. */
const countingRuntimes = new Set(['node@current', 'deno@2']);

describe('a real runtime', () => {
  const fetchReal = (request: RuntimeRequest): Promise<Runtime | UnavailableRuntime> =>
    fetchRuntime({ request, cacheDirectory: runtimeCacheDirectory(process.env), signal: new AbortController().signal, onProgress: () => undefined });

  const requests = parseRuntimes('current,node@22,node@24,bun@1,deno@2');

  it.for(requests)('$name@$range times what is right and finds what is wrong', { timeout: 240_000 }, async (request, { skip }) => {
    const runtime = await fetchReal(request);
    if ('reason' in runtime && /registry|no package|within/.test(runtime.reason)) {
      // A machine without a network, or one for which nobody builds this runtime, is no fault of ours.
      process.stderr.write(`skipped: ${request.name}@${request.range} is not available: ${runtime.reason}\n`);
      skip(runtime.reason);
    }
    const outcomes = 'reason' in runtime ? [] : await measureUnder(runtime);
    expect({ runtime, statuses: Object.fromEntries(outcomes.map(({ cell, status }) => [cell.contender, status])) }).toEqual({
      runtime: expect.objectContaining({ name: request.name, version: expect.stringMatching(/^\d+\.\d+\.\d+/) }),
      statuses: { honest: 'ok', liar: 'incorrect' },
    });
    const fork = outcomes.find(({ cell }) => cell.contender === 'honest')?.fork;
    expect(fork?.latencyNs).toBeGreaterThan(0);
    // An account that a runtime does not keep, or keeps in another unit, is absent.
    const accounts = { gcTimeShare: fork?.gcTimeShare !== undefined, allocatedBytesPerOp: fork?.allocatedBytesPerOp !== undefined };
    expect(accounts).toEqual({ gcTimeShare: request.name === 'node', allocatedBytesPerOp: countingRuntimes.has(`${request.name}@${request.range}`) });
  });
});
