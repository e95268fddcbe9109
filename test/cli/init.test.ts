/**
 * `wirebench init` in small projects: what it shows, asks, writes and refuses.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { askPerson } from '../../src/cli/ask.ts';
import { makeProject, manifestOf } from '../init/projects.ts';
import { invoke, words } from './invoke.ts';

const env = { PATH: process.env['PATH'] ?? '' };
const init = (cwd: string, line = '', more: Parameters<typeof invoke>[1] = {}) =>
  invoke(['init', ...(line === '' ? [] : words(line))], { cwd, env, ...more });

const dependencies = { fastify: '5.0.0' };
const gateway = (files: Record<string, string> = {}) =>
  makeProject({ 'package.json': manifestOf({ dependencies }), 'package-lock.json': '{}', ...files });

/** Files of a project without git's own, with their texts. */
function readAll(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.git/'));
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(path.join(directory, name), 'utf8')]));
}

const written = ['.github/workflows/wirebench.yml', '.gitignore', 'package.json', 'wirebench.config.ts'];

describe('wirebench init', () => {
  it('writes what it shows, and the second time changes nothing and says so', async () => {
    const directory = gateway();
    const first = await init(directory, '--yes');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('framework:   fastify\n');
    for (const file of written) {
      expect(first.stdout).toContain(`+++ ${file}\n`);
      expect(first.stderr).toContain(`wirebench: wrote ${file}\n`);
    }
    expect(first.stderr).toContain('no baseline was measured: wirebench is not installed here');
    const files = readAll(directory);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(written));
    const second = await init(directory, '--yes --no-baseline');
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to change: ') as string });
    expect(second.stdout).not.toContain('+++');
    expect(readAll(directory)).toEqual(files);
  });

  it('without a terminal and without --yes only shows', async () => {
    const directory = gateway();
    const files = readAll(directory);
    const { code, stdout, stderr } = await init(directory);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'wirebench: nothing was written: there is no terminal to ask on; look at what would change, and run it again with --yes\n',
    });
    expect(stdout).toContain('+++ wirebench.config.ts');
    expect(readAll(directory)).toEqual(files);
  });

  it('with --dry-run only shows, and asks nobody', async () => {
    const directory = gateway();
    const files = readAll(directory);
    const { code, stderr } = await init(directory, '--dry-run', { ask: () => expect.fail('asked') });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'wirebench: nothing was written: this was a dry run; --yes writes 4 files\n',
    });
    expect(readAll(directory)).toEqual(files);
  });

  it('asks once on a terminal, and does as it is told', async () => {
    const directory = gateway();
    const files = readAll(directory);
    const questions: string[] = [];
    const answer = (yes: boolean) => ({
      ask: (question: string) => {
        questions.push(question);
        return Promise.resolve(yes);
      },
    });
    expect(await init(directory, '--no-baseline', answer(false))).toMatchObject({
      code: 0,
      stderr: 'wirebench: nothing was written\n',
    });
    expect(readAll(directory)).toEqual(files);
    expect((await init(directory, '--no-baseline', answer(true))).code).toBe(0);
    expect(Object.keys(readAll(directory))).toEqual(expect.arrayContaining(written));
    expect(questions).toEqual(['Write 4 files?', 'Write 4 files?']);
  });

  it("makes a payload of the project's own response, under a name that is free", async () => {
    const directory = gateway({ 'samples/tools.json': '{ "tools": [{ "name": "a \\"b\\"" }], "at": 1e400 }' });
    const { code, stderr } = await init(directory, '--yes --no-baseline --sample samples/tools.json');
    expect(code).toBe(0);
    // What JavaScript changes about a document is told.
    expect(stderr).toContain('1e400');
    const { 'bench/payloads/own-tools.ts': payload = '', 'wirebench.config.ts': config = '' } = readAll(directory);
    expect(payload).toContain('a \\"b\\"');
    expect(config).toContain("payloads: ['own-tools'],");
    expect(config).toContain("payloads: ['bench/payloads'],");
    const module = (await import(path.join(directory, 'bench/payloads/own-tools.ts'))) as {
      default: { generate: () => unknown };
    };
    expect(module.default.generate()).toEqual({ tools: [{ name: 'a "b"' }], at: null });
  });

  it('makes a payload with Dates of the strings that are named', async () => {
    const order = { id: 7, placedAt: '2026-01-02T03:04:05.000Z', parts: [{ a: 1 }, { b: '2026-01-02T03:04:05.000Z' }] };
    const directory = gateway({ 'order.json': JSON.stringify(order) });
    const sampled = '--yes --no-baseline --sample order.json';
    expect((await init(directory, `--dry-run --sample order.json`)).stderr).toContain(
      'where your driver gives objects: --types /placedAt=date,/parts/*/b=date',
    );
    expect(await init(directory, `${sampled} --types placedAt=date`)).toMatchObject({ code: 0 });
    const module = (await import(path.join(directory, 'bench/payloads/order.ts'))) as {
      default: { generate: () => unknown; variants: unknown; schema: { properties: Record<string, unknown> } };
    };
    const { generate, variants, schema } = module.default;
    expect(generate()).toEqual(order);
    expect(variants).toEqual(['native']);
    expect(schema.properties['placedAt']).toEqual({ type: 'string', format: 'date-time' });
    expect(JSON.stringify(schema.properties['parts'])).not.toContain('format');
  });

  it('in a package of a workspace puts the workflow at the top level', async () => {
    const root = makeProject({
      'package.json': manifestOf({ workspaces: ['packages/*'] }),
      'yarn.lock': '',
      'packages/gw/package.json': manifestOf({ dependencies }),
    });
    expect((await init(path.join(root, 'packages/gw'), '--yes --no-baseline')).code).toBe(0);
    const files = readAll(root);
    expect(Object.keys(files)).toEqual([
      '.github/workflows/wirebench-gw.yml',
      'package.json',
      'packages/gw/.gitignore',
      'packages/gw/package.json',
      'packages/gw/wirebench.config.ts',
      'yarn.lock',
    ]);
    expect(files['.github/workflows/wirebench-gw.yml']).toContain("working-directory: 'packages/gw'");
  });

  it('keeps the line ends of Windows, and files that are there', async () => {
    const text = manifestOf({ dependencies }).replaceAll('\n', '\r\n');
    const config = "export default { gate: { cells: [{ payloads: ['tools'] }] } };\r\n";
    const directory = makeProject({ 'package.json': text, '.gitignore': 'dist\r\n', 'wirebench.config.ts': config });
    const { code, stdout } = await init(directory, '--yes --no-baseline');
    expect(code).toBe(0);
    expect(stdout).toContain('wirebench.config.ts is there and has what is needed');
    const files = readAll(directory);
    expect(files['wirebench.config.ts']).toBe(config);
    for (const name of ['package.json', '.gitignore']) expect(files[name]).not.toMatch(/[^\r]\n/);
    expect(files['.gitignore']).toContain('dist\r\nresults/baseline/\r\n');
  });

  it('stopped by Ctrl-C before it writes leaves everything as it is', async () => {
    const directory = gateway();
    const files = readAll(directory);
    const abort = new AbortController();
    const ask = () => {
      abort.abort();
      return Promise.resolve(true);
    };
    const { code, stderr } = await init(directory, '', { ask, signal: abort.signal });
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: 'wirebench: interrupted before wirebench.config.ts was written; the same command goes on from there\n',
    });
    expect(readAll(directory)).toEqual(files);
  });

  it('writes over nothing that comes up while it asks', async () => {
    const directory = gateway();
    const ask = () => {
      writeFileSync(path.join(directory, 'wirebench.config.ts'), 'mine');
      return Promise.resolve(true);
    };
    const { code, stderr } = await init(directory, '', { ask });
    expect(code).toBe(2);
    expect(stderr).toContain('cannot write wirebench.config.ts: somebody has changed it meanwhile');
    expect(readAll(directory)['wirebench.config.ts']).toBe('mine');
  });
});

describe('bad input', () => {
  it.each([
    ['no package.json', {}, '', 'no project to set up: there is no package.json in '],
    ['a broken one', { 'package.json': '{' }, '', 'cannot read package.json: '],
    ['types of nothing', { 'package.json': '{}' }, '--types a=date', '--types goes with --sample'],
    ['no sample', { 'package.json': '{}' }, '--sample none.json', 'cannot read none.json: there is no such file'],
    ['two wishes', { 'package.json': '{}' }, '--yes --dry-run', "cannot be used with option '--yes'"],
    ['a directory in the way', { 'package.json': '{}', '.gitignore/a': '' }, '--yes', 'cannot read .gitignore: '],
    ['a file in the way', { 'package.json': '{}', '.github': '' }, '--yes', 'cannot read .github/workflows/'],
  ])('gets an answer and changes nothing: %s', async (_name, files, line, message) => {
    const directory = makeProject(files);
    const before = readAll(directory);
    const { code, stderr } = await init(directory, line);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(readAll(directory)).toEqual(before);
  });

  it('such as a project in no repository gets an answer', async () => {
    const directory = makeProject({ 'package.json': '{}' }, { branch: '' });
    const { code, stderr } = await init(directory, '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not in a git repository; run `git init` first, and commit what you have\n$/);
  });

  it('such as a directory that is read-only gets an answer before it is asked', async ({ skip }) => {
    if (process.getuid?.() === 0) {
      process.stderr.write('a read-only directory is not tested: this user may write everywhere\n');
      skip('this user may write everywhere');
    }
    const directory = gateway();
    chmodSync(directory, 0o555);
    const { code, stderr } = await init(directory, '', { ask: () => expect.fail('asked') });
    chmodSync(directory, 0o755);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^wirebench: cannot write wirebench\.config\.ts: '.*' is read-only; /);
    expect(existsSync(path.join(directory, 'wirebench.config.ts'))).toBe(false);
  });
});

describe('a question to a person', () => {
  const answer = async (typed: string | null, signal = new AbortController().signal): Promise<[boolean, string]> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answered = askPerson({ question: 'Write?', input, output, signal });
    if (typed === null) input.end();
    else input.write(typed);
    return [await answered, String(output.read())];
  };

  it.each([
    ['y\n', true],
    [' YES \n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    [null, false],
  ])('answered by %j', async (typed, expected) => {
    expect(await answer(typed)).toEqual([expected, 'Write? (y/N) ']);
  });

  it('interrupted is no yes', async () => {
    const abort = new AbortController();
    const answered = answer('', abort.signal);
    abort.abort();
    expect((await answered)[0]).toBe(false);
  });
});
