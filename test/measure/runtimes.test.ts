import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { findObstacle } from '../../src/measure/fork.ts';
import { currentRuntime, askRuntime, isRunning, parseRuntimes } from '../../src/measure/runtimes.ts';
import { UserError } from '../../src/user-error.ts';
import { patienceMs } from '../patience.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
const { signal } = new AbortController();

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A program that is a shell script. */
function writeProgram(name: string, lines: string[]): string {
  const file = path.join(directory, name);
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

function refusalOf(text: string): UserError {
  try {
    parseRuntimes(text);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error(`'${text}' was not refused`);
}

describe('parseRuntimes', () => {
  it('reads names with ranges in their order', () => {
    expect(parseRuntimes('node@22, node@v24.1.0,bun,deno@2.1,node@latest')).toEqual([
      { name: 'node', range: '22' },
      { name: 'node', range: '24.1.0' },
      { name: 'bun', range: 'latest' },
      { name: 'deno', range: '2.1' },
      { name: 'node', range: 'latest' },
    ]);
  });

  it('names each one once, the running one under whatever name it came first', () => {
    const [major = ''] = process.versions.node.split('.');
    expect(parseRuntimes('bun,bun@latest,deno@2,deno@2')).toEqual([
      { name: 'bun', range: 'latest' },
      { name: 'deno', range: '2' },
    ]);
    expect(parseRuntimes('current,node')).toEqual([{ name: 'node', range: 'current' }]);
    expect(parseRuntimes(`node@${major},current,node@22`)).toEqual([
      { name: 'node', range: major },
      { name: 'node', range: '22' },
    ]);
  });

  it('offers the names that there are', () => {
    expect(refusalOf('nodd@22').message).toBe("unknown runtime 'nodd'");
    expect(refusalOf('nodd@22').hint).toBe("did you mean 'node'? choose from node, bun, deno, current");
    expect(refusalOf(' , ').message).toContain("no runtime in ' , '");
  });

  it.each([
    'node@',
    'node@x',
    'bun@current',
    'bun@1.2.3.4',
    'node@--global',
    'deno@file:..',
    'node@22 ||24',
    'node@22;ls',
    'node@>=22',
  ])('refuses the range of %s', (text) => {
    expect(refusalOf(text).message).toBe(`no version in the runtime '${text}'`);
  });
});

describe('isRunning', () => {
  it('compares whole numbers', () => {
    const [major = '', minor = ''] = process.versions.node.split('.');
    expect(isRunning({ name: 'node', range: major })).toBe(true);
    expect(isRunning({ name: 'node', range: process.versions.node })).toBe(true);
    expect(isRunning({ name: 'node', range: major.slice(0, 1) })).toBe(false);
    expect(isRunning({ name: 'node', range: `${major}.${minor}1` })).toBe(false);
    expect(isRunning({ name: 'bun', range: major })).toBe(false);
  });
});

describe('askRuntime', () => {
  const request = { scratchDirectory: directory, signal, timeLimitMs: patienceMs };

  it('asks the program itself', async () => {
    expect(await askRuntime({ ...request, name: 'node', execPath: process.execPath })).toEqual(currentRuntime());
  });

  it('finds that a program is another one than its name says', async () => {
    expect(await askRuntime({ ...request, name: 'deno', execPath: process.execPath })).toMatch(
      /^Deno did not say its version/,
    );
  });

  it('says why a program does not start', async () => {
    const garbage = path.join(directory, 'garbage');
    writeFileSync(garbage, '\u007fELF and nothing more');
    chmodSync(garbage, 0o755);
    expect(await askRuntime({ ...request, name: 'node', execPath: path.join(directory, 'absent') })).toBe(
      'Node.js does not start on this machine (ENOENT)',
    );
    expect(await askRuntime({ ...request, name: 'bun', execPath: garbage })).toMatch(
      /^Bun (?:does not start|did not say its version)/,
    );
  });

  it('does not wait for one that hangs', async () => {
    const hanging = writeProgram('hanging', ['exec sleep 60']);
    expect(await askRuntime({ ...request, name: 'node', execPath: hanging, timeLimitMs: 300 })).toBe(
      'Node.js did not say its version within 0.3 s',
    );
  });

  it('names no V8 where the engine is another one', async () => {
    const versions = JSON.stringify({ node: '24.0.0', bun: '1.9.9', v8: '13.0.0' });
    const bun = writeProgram('bun', [`echo '${versions}'`]);
    const found = await askRuntime({ ...request, name: 'bun', execPath: bun });
    expect(found).toMatchObject({ name: 'bun', version: '1.9.9' });
    expect(found).not.toHaveProperty('v8');
  });
});

describe('findObstacle', () => {
  const options = { signal, scratchDirectory: directory };

  it('finds none for the running one', async () => {
    expect(await findObstacle({ ...options, runtime: currentRuntime(), timeLimitMs: patienceMs })).toBeUndefined();
  });

  it('finds what a worker misses', async () => {
    const runtime = { ...currentRuntime(), arguments: [] };
    expect(await findObstacle({ ...options, runtime, timeLimitMs: patienceMs })).toContain(
      'a worker needs --expose-gc',
    );
  });

  it('leaves directories out of what it tells', async () => {
    const speaking = writeProgram('speaking', [
      `echo 'Error: ${directory}/deep/er/module.node is broken at /tools/3' >&2`,
      'exit 3',
    ]);
    expect(
      await findObstacle({ ...options, runtime: { ...currentRuntime(), execPath: speaking }, timeLimitMs: patienceMs }),
    ).toBe('a worker ended with exit code 3 before it reported: Error: module.node is broken at /tools/3');
  });

  it('does not wait for a worker that hangs', async () => {
    const runtime = { ...currentRuntime(), execPath: writeProgram('sleeper', ['exec sleep 60']) };
    expect(await findObstacle({ ...options, runtime, timeLimitMs: 300 })).toBe(
      'a worker gave no answer within 0.3 s and was ended',
    );
  });
});
