/**
 * A run under another runtime, fetched from the registry, and rounds that are added to it under the same one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { readRecord } from '../records.ts';
import { invoke } from './invoke.ts';

const benchRoot = fileURLToPath(new URL('../fixtures/bench/', import.meta.url));
const plan = ['--suite', 'plain', '--variant', 'text', '--contender', 'honest', '--quick', '--forks', '1'];

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

it('is measured under what was asked for, says so, and is added to under the same', async ({ skip }) => {
  const base = ['run', '--bench-root', benchRoot, '--out', out];
  const first = await invoke([...base, ...plan, '--runtime', 'bun@1']);
  if (first.code !== 0 && /registry|no package|within/.test(first.stderr)) {
    // A machine without a network, or one for which nobody builds this runtime, is no fault of ours.
    process.stderr.write(`skipped: ${first.stderr}\n`);
    skip(first.stderr);
  }
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^• bun 1\.\d+\.\d+, \w/m) });
  const file = path.join(out, 'run.json');
  const before = readRecord(file);
  expect(before.environment.runtime).toEqual({ name: 'bun', version: expect.stringMatching(/^1\./) });
  expect(before.environment.node).toBe(process.versions.node);
  expect(before.cells.map(({ status }) => status)).toEqual(['ok']);

  expect(await invoke([...base, '--more', '1', '--runtime', 'deno'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('with --runtime deno@latest: the run to add to was planned with --runtime bun@1'),
  });
  expect(await invoke([...base, '--more', '1'])).toMatchObject({ code: 0 });
  const after = readRecord(file);
  expect(after.environment).toEqual(before.environment);
  expect(after.cells.map(({ forks }) => forks.length)).toEqual([2]);
  expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('bun 1.');
});
