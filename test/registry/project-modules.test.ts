/**
 * A project's own contenders and payloads: what of them reaches a run, and what is said of those that cannot be used.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { loadCatalog } from '../../src/registry/catalog.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { invoke } from '../cli/invoke.ts';
import type { WirebenchConfig } from '../../src/config.ts';
import { createGenerator } from '../../src/corpus/generator.ts';
import { UserError } from '../../src/user-error.ts';

const projects: string[] = [];
afterEach(() => {
  for (const directory of projects.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A project directory of its own for each call, since a module is loaded once and remembered. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'wirebench-test-')));
  projects.push(directory);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

const ours =
  "export default { kind: 'serialize', title: 'ours', load: async () => () => ({ stringify: (value) => JSON.stringify(value) }) };\n";
const orders =
  "export default { title: 'orders', generate: (generator, items) => Array.from({ length: items }, () => ({ id: generator.uuid(), ...(generator.chance(0.1) ? { note: 'x' } : {}) })) };\n";

const load = (directory: string, config: WirebenchConfig) => loadCatalog({ directory, config });

async function problemOf(files: Readonly<Record<string, string>>, config: WirebenchConfig): Promise<UserError> {
  const error: unknown = await load(projectWith(files), config).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`expected a refusal, not ${String(error)}`);
}

describe('modules of a project', () => {
  it('stand beside the built-in ones, with the file name as their id and the file as their module', async () => {
    const directory = projectWith({ 'bench/ours.mjs': ours, 'orders.js': orders });
    const { contenders, payloads, suites } = await load(directory, {
      contenders: ['bench/ours.mjs'],
      payloads: ['./orders.js'],
    });
    const builtIn = await loadRegistry();
    expect(contenders.slice(0, -1)).toHaveLength(builtIn.contenders.length);
    expect(contenders.at(-1)).toMatchObject({
      id: 'ours',
      tier: 'quick',
      equality: 'json',
      url: pathToFileURL(path.join(directory, 'bench/ours.mjs')).href,
    });
    expect(payloads.at(-1)).toMatchObject({ id: 'orders', sizes: [10, 100, 1000] });
    expect(suites).toHaveLength(builtIn.suites.length);
  });

  it('are looked for only where a project is named', async () => {
    expect((await loadRegistry()).contenders.map(({ id }) => id)).not.toContain('ours');
    expect((await loadCatalog({ directory: projectWith({}) })).contenders).toHaveLength(
      (await loadRegistry()).contenders.length,
    );
  });

  it('come from the configuration that lies in the directory', async () => {
    const directory = projectWith({
      'ours.ts': ours,
      'wirebench.config.ts': "export default { contenders: ['ours.ts'] };\n",
    });
    expect((await loadCatalog({ directory })).contenders.at(-1)?.id).toBe('ours');
  });

  it('are all of a directory, in the order of their names, and one that is named twice is one', async () => {
    const directory = projectWith({
      'own/b.mjs': ours,
      'own/a.ts': ours,
      'own/a.d.ts': '',
      'own/readme.md': '',
      'own/data.json': '{}',
    });
    const { contenders } = await load(directory, { contenders: ['own', 'own/b.mjs'] });
    expect(contenders.slice(-2).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('may be JSON files where they are payloads, measured as they are', async () => {
    const directory = projectWith({
      'samples/invoice.json': '\ufeff{"number":"A-1","lines":[{"price":1},{"price":2}]}',
      'samples/orders.js': orders,
    });
    const { payloads } = await load(directory, { payloads: ['samples'] });
    const [invoice, second] = payloads.slice(-2);
    expect([invoice?.id, second?.id]).toEqual(['invoice', 'orders']);
    expect(invoice).toMatchObject({
      title: 'invoice',
      where: path.join('samples', 'invoice.json'),
      list: '/lines',
      sizes: [2],
      fixedSizes: true,
    });
    expect(invoice?.generate(createGenerator(1), 2)).toEqual({ number: 'A-1', lines: [{ price: 1 }, { price: 2 }] });
  });

  it('get a schema from what they generate, rare fields included', async () => {
    const { payloads } = await load(projectWith({ 'orders.js': orders }), { payloads: ['orders.js'] });
    expect(payloads.at(-1)?.schema).toMatchObject({
      type: 'array',
      items: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string', format: 'uuid' }, note: { type: 'string' } },
      },
    });
  });

  it('are in the list of what there is to measure', async () => {
    const directory = projectWith({
      'ours.ts': ours,
      'wirebench.config.ts': "export default { contenders: ['ours.ts'] };\n",
    });
    const { code, stdout } = await invoke(
      ['run', '--list', '--suite', 'serialize', '--contender', 'ours', '--payload', 'tools', '--items', '10'],
      { cwd: directory },
    );
    expect(stdout).toContain('serialize/ours/tools/10/text/bytes');
    expect(code).toBe(0);
  });

  it('stand beside payloads that come from elsewhere', async () => {
    const [tools] = (await loadRegistry()).payloads;
    if (tools === undefined) throw new Error('there is no payload');
    expect(
      (await loadCatalog({ directory: projectWith({}), extraPayloads: [{ ...tools, id: 'sample/x' }] })).payloads.at(-1)
        ?.id,
    ).toBe('sample/x');
  });
});

const module = (fields: string): string =>
  `export default { kind: 'serialize', title: 'ours', load: async () => () => ({}), ${fields} };\n`;
const payload = (fields: string): string => `export default { title: 'orders', generate: () => [1], ${fields} };\n`;

describe('what cannot be used', () => {
  it.each<[string, Record<string, string>, WirebenchConfig, RegExp]>([
    [
      'a path that leads nowhere',
      {},
      { contenders: ['bench/gone.ts'] },
      /the contender 'bench\/gone\.ts': there is no such file/,
    ],
    ['an absolute path', {}, { payloads: ['/tmp/orders.ts'] }, /the payload '\/tmp\/orders\.ts': the path is absolute/],
    [
      'a file of another kind',
      { 'ours.py': '' },
      { contenders: ['ours.py'] },
      /'ours\.py': it is no \.ts, \.js, \.mjs file/,
    ],
    [
      'a JSON file as a contender',
      { 'ours.json': '{}' },
      { contenders: ['ours.json'] },
      /it is no \.ts, \.js, \.mjs file/,
    ],
    [
      'an empty directory',
      { 'own/readme.md': '' },
      { contenders: ['own'] },
      /contenders from 'own': the directory has none/,
    ],
    ['a name with a comma', { 'a,b.mjs': ours }, { contenders: ['a,b.mjs'] }, /'a,b\.mjs': its name cannot be an id/],
    [
      'a name that would colour a terminal',
      { 'a\u001b[31m.mjs': ours },
      { contenders: ['a\u001b[31m.mjs'] },
      /'a␛\[31m\.mjs': its name cannot be an id/,
    ],
    [
      'a module that does not load',
      { 'ours.mjs': 'throw new Error("not today");' },
      { contenders: ['ours.mjs'] },
      /'ours\.mjs': it does not load: not today/,
    ],
    [
      'a module without a default export',
      { 'ours.mjs': 'export const ours = 1;' },
      { contenders: ['ours.mjs'] },
      /it has no default export/,
    ],
    [
      'a function as the default export',
      { 'ours.mjs': 'export default () => 1;' },
      { contenders: ['ours.mjs'] },
      /its default export is no object/,
    ],
    [
      'a contender without a kind',
      { 'ours.mjs': "export default { title: 'ours', load: async () => () => ({}) };" },
      { contenders: ['ours.mjs'] },
      /its field 'kind' is missing/,
    ],
    [
      'a contender without load',
      { 'ours.mjs': "export default { kind: 'parse', title: 'ours' };" },
      { contenders: ['ours.mjs'] },
      /its field 'load' is missing/,
    ],
    [
      'an unknown kind',
      { 'ours.mjs': module("kind: 'layout'") },
      { contenders: ['ours.mjs'] },
      /its field 'kind' is "layout"/,
    ],
    [
      'an unknown flag',
      { 'ours.mjs': module("capabilities: ['fast']") },
      { contenders: ['ours.mjs'] },
      /its field 'capabilities' is \["fast"\]/,
    ],
    [
      'an unknown equality',
      { 'ours.mjs': module("equality: 'same'") },
      { contenders: ['ours.mjs'] },
      /its field 'equality' is "same"/,
    ],
    [
      'an unknown tier',
      { 'ours.mjs': module("tier: 'always'") },
      { contenders: ['ours.mjs'] },
      /its field 'tier' is "always"/,
    ],
    [
      'a package that is no name',
      { 'ours.mjs': module('package: 7n') },
      { contenders: ['ours.mjs'] },
      /its field 'package' is a bigint/,
    ],
    [
      'a payload that generates nothing',
      { 'orders.mjs': "export default { title: 'orders' };" },
      { payloads: ['orders.mjs'] },
      /its field 'generate' is missing/,
    ],
    [
      'a payload whose generator fails',
      { 'orders.mjs': payload('generate() { throw new Error("no orders") }') },
      { payloads: ['orders.mjs'] },
      /generate: no orders/,
    ],
    [
      'a payload of nothing',
      { 'orders.mjs': payload('generate() {}') },
      { payloads: ['orders.mjs'] },
      /generate: it gave a value without JSON text/,
    ],
    [
      'half an item',
      { 'orders.mjs': payload('sizes: [0.5]') },
      { payloads: ['orders.mjs'] },
      /its field 'sizes' is \[0\.5\]/,
    ],
    [
      'no size at all',
      { 'orders.mjs': payload('sizes: []') },
      { payloads: ['orders.mjs'] },
      /its field 'sizes' is \[\]/,
    ],
    [
      'sizes that are no list',
      { 'orders.mjs': payload('sizes: 10') },
      { payloads: ['orders.mjs'] },
      /its field 'sizes' is 10/,
    ],
    [
      'a list that is no pointer',
      { 'orders.mjs': payload("list: 'orders'") },
      { payloads: ['orders.mjs'] },
      /its field 'list' is "orders"/,
    ],
    [
      'a schema that is none',
      { 'orders.mjs': payload("schema: { type: 'order' }") },
      { payloads: ['orders.mjs'] },
      /schema: .*ajv refuses it/,
    ],
    [
      'a schema that is a list',
      { 'orders.mjs': payload('schema: []') },
      { payloads: ['orders.mjs'] },
      /its field 'schema' is \[\]/,
    ],
    ['a JSON file that is none', { 'a.json': '{"a":' }, { payloads: ['a.json'] }, /cannot measure a\.json: /],
    [
      'two with one id',
      { 'a/ours.mjs': ours, 'b/ours.mjs': ours },
      { contenders: ['a', 'b/ours.mjs'] },
      /two contenders have the id 'ours': 'a\/ours\.mjs' and 'b\/ours\.mjs'/,
    ],
    [
      'the id of a built-in contender',
      { 'json-stringify.mjs': ours },
      { contenders: ['json-stringify.mjs'] },
      /'json-stringify\.mjs': 'json-stringify' is the name of one that wirebench has itself/,
    ],
    [
      'the id of a built-in payload',
      { 'tools.json': '[]' },
      { payloads: ['tools.json'] },
      /the payload 'tools\.json': 'tools' is the name/,
    ],
  ])('%s is an expected failure that names the file and the reason', async (_what, files, config, message) => {
    const problem = await problemOf(files, config);
    expect(problem.message).toMatch(message);
    expect(problem.code).toBe(2);
  });

  it('says what a field must be', async () => {
    const problem = await problemOf({ 'ours.mjs': module('equality: null') }, { contenders: ['ours.mjs'] });
    expect(problem).toMatchObject({
      message: "cannot use the contender 'ours.mjs': its field 'equality' is null",
      hint: 'equality is one of bytes, json, round-trip',
    });
  });
});
