/**
 * `wirebench explain` end to end with a single round; nothing here depends on how long anything takes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { invoke } from './invoke.ts';

const fixtures = fileURLToPath(new URL('../fixtures/explain/', import.meta.url));
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'wirebench-explain-test-'));
  writeFileSync(path.join(directory, 'clean.json'), '[{"name":"first","size":1},{"name":"second","size":2}]');
  writeFileSync(
    path.join(directory, 'indexed.json'),
    '{"tools":{"7":{"name":"seventh"}},"paths":{"/tools":{"get":{}}}}',
  );
  writeFileSync(path.join(directory, 'broken.json'), '{"name":');
  writeFileSync(path.join(directory, 'syntax.mjs'), 'export default {');
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function explain(...argv: string[]) {
  return invoke(['explain', ...argv, '--forks', '1'], { cwd: directory });
}

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('explain', () => {
  it('says of a clean sample that the fast path takes it, with the measured factor', async () => {
    const { code, stdout } = await explain('--sample', 'clean.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wirebench explain: the fast path takes this value/);
    expect(flat(stdout)).toMatch(
      /takes this value from end to end: one call takes [\d.]+ .?s, and [\d.]+x as long with the fast path switched off/,
    );
    expect(stdout).not.toContain('What to do');
  });

  it('names what leaves the fast path in a sample that was parsed', async () => {
    const { code, stdout } = await explain('--sample', 'indexed.json');
    expect(code).toBe(0);
    expect(flat(stdout)).toContain(
      'JSON.stringify leaves its fast path at /tools: an object with a key that is a whole number, such as "0" (here "7").',
    );
    expect(stdout).toContain('/paths/~1tools');
    expect(stdout).toContain('What to do');
  });

  it('takes the live objects of a module as they are', async () => {
    const { code, stdout } = await explain('--module', path.join(fixtures, 'values.ts'), '--format', 'markdown');
    expect(code).toBe(0);
    expect(stdout).toContain('a Date');
    expect(stdout).toMatch(/\| +3 +\| +`\/0\/createdAt`/);
  });

  it('calls an exported function and awaits it, and renders JSON', async () => {
    const { code, stdout } = await explain(
      '--module',
      path.join(fixtures, 'values.ts'),
      '--export',
      'later',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      title: 'wirebench explain: this value leaves the fast path, for 1 reason',
    });
  });

  it.each([
    ['neither a sample nor a module', [], 'there is no value to explain'],
    ['both', ['--sample', 'clean.json', '--module', 'syntax.mjs'], '--sample and --module exclude each other'],
    [
      'an export of a sample',
      ['--sample', 'clean.json', '--export', 'x'],
      "--export 'x' names an export of a --module",
    ],
    ['a format that there is not', ['--sample', 'clean.json', '--format', 'makrdown'], "did you mean 'markdown'?"],
    ['a sample that is no JSON', ['--sample', 'broken.json'], 'broken.json'],
    ['a sample that is not there', ['--sample', 'missing.json'], 'missing.json'],
    ['a module that is not there', ['--module', 'missing.ts'], "'missing.ts': there is no such file"],
    ['a module that does not load', ['--module', 'syntax.mjs'], 'the module does not load'],
    [
      'a module without that export',
      ['--module', path.join(fixtures, 'values.ts'), '--export', 'nope'],
      "there is no export 'nope': it exports amount, broken, default, later, plain",
    ],
    ['an export that throws', ['--module', path.join(fixtures, 'values.ts'), '--export', 'broken'], 'no database here'],
    [
      'a value that JSON cannot hold',
      ['--module', path.join(fixtures, 'values.ts'), '--export', 'amount'],
      'at /total/cents: it is a BigInt',
    ],
  ])('refuses %s with exit code 2', async (_name, argv, message) => {
    const { code, stdout, stderr } = await explain(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(' bug ');
  });

  it('reports the diagnosis where Ctrl-C comes while it measures', async () => {
    const controller = new AbortController();
    let stdout = '';
    const { runCli } = await import('../../src/cli/run-cli.ts');
    const code = await runCli(['explain', '--module', path.join(fixtures, 'values.ts')], {
      stdout: { write: (text) => (stdout += text) },
      // The first line of progress comes after the diagnosis.
      stderr: { write: () => controller.abort() },
      env: {},
      cwd: directory,
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(stdout).toContain('Stopped early');
    expect(stdout).toContain('/0/createdAt');
  });
});
