/**
 * What a project may write into its configuration, and what it is told where it wrote something else.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { defineConfig } from '../../src/config.ts';
import { readConfig } from '../../src/store/config-file.ts';
import { UserError } from '../../src/user-error.ts';

/** A project directory of its own for each call, since a module is loaded once and remembered. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
  return directory;
}

function exporting(value: unknown): string {
  return projectWith({ 'wirebench.config.ts': `export default ${JSON.stringify(value)};\n` });
}

async function problemOf(directory: string): Promise<UserError> {
  const error: unknown = await readConfig(directory).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error(`expected a refusal, not ${String(error)}`);
}

const whole = defineConfig({
  contenders: ['bench/ours.ts', 'bench/more'],
  payloads: ['samples/orders.json'],
  gate: {
    cells: [
      {
        suites: ['serialize'],
        contenders: ['a'],
        payloads: ['b'],
        items: [1, 10],
        variants: ['text', 'native'],
        sinks: ['bytes', 'string'],
      },
      {},
    ],
    tolerance: { time: 0.05, outputBytes: 0, allocations: 0 },
    tolerances: [
      { where: { contender: 'a', items: 10, variant: 'text', sink: 'bytes', suite: 's', payload: 'p' }, time: 0.1 },
      { where: {}, allocations: 0.5 },
    ],
  },
});

describe('a configuration', () => {
  it('is empty where a project has none', async () => {
    expect(await readConfig(projectWith({}))).toEqual({});
  });

  it('comes back as it was written, with every field that there is', async () => {
    expect(await readConfig(exporting(whole))).toEqual(whole);
    expect(await readConfig(exporting({}))).toEqual({});
    expect(await readConfig(exporting({ gate: {} }))).toEqual({ gate: {} });
  });

  it('may use types, and may be plain JavaScript', async () => {
    const typed =
      'interface Share { time: number }\nconst tolerance: Share = { time: 0.25 };\nexport default { gate: { tolerance } };\n';
    expect(await readConfig(projectWith({ 'wirebench.config.ts': typed }))).toEqual({
      gate: { tolerance: { time: 0.25 } },
    });
    expect(await readConfig(projectWith({ 'wirebench.config.mjs': 'export default { gate: {} };\n' }))).toEqual({
      gate: {},
    });
  });

  it('in TypeScript counts before one in JavaScript', async () => {
    const directory = projectWith({
      'wirebench.config.mjs': 'export default { gate: { tolerance: { time: 0.9 } } };\n',
      'wirebench.config.ts': 'export default { gate: { tolerance: { time: 0.1 } } };\n',
    });
    expect(await readConfig(directory)).toEqual({ gate: { tolerance: { time: 0.1 } } });
  });

  it.each<[string, unknown, string]>([
    ['an unknown field', { gates: {} }, "unknown field 'gates'"],
    ['an unknown field of the gate', { gate: { tolerence: { time: 0.1 } } }, "/gate: unknown field 'tolerence'"],
    [
      'an unknown field of a selection',
      { gate: { cells: [{ suite: ['serialize'] }] } },
      "/gate/cells/0: unknown field 'suite'",
    ],
    ['an unknown measure', { gate: { tolerance: { memory: 0.1 } } }, "/gate/tolerance: unknown field 'memory'"],
    [
      'an unknown place of a rule',
      { gate: { tolerances: [{ where: { suites: 'serialize' } }] } },
      "/gate/tolerances/0/where: unknown field 'suites'",
    ],
    ['a rule for nothing in particular', { gate: { tolerances: [{ time: 0.1 }] } }, '/gate/tolerances/0'],
    ['a tolerance in percent', { gate: { tolerance: { time: 5 } } }, '/gate/tolerance/time'],
    [
      'a tolerance of no time at all, which no measurement can keep',
      { gate: { tolerance: { time: 0 } } },
      '/gate/tolerance/time',
    ],
    ['a negative tolerance', { gate: { tolerance: { outputBytes: -0.1 } } }, '/gate/tolerance/outputBytes'],
    ['a tolerance as text', { gate: { tolerance: { allocations: '1%' } } }, '/gate/tolerance/allocations'],
    ['no cells at all', { gate: { cells: [] } }, '/gate/cells'],
    ['an empty list of names', { gate: { cells: [{ contenders: [] }] } }, '/gate/cells/0/contenders'],
    ['half an item', { gate: { cells: [{ items: [0.5] }] } }, '/gate/cells/0/items/0'],
    ['an unknown variant', { gate: { cells: [{ variants: ['binary'] }] } }, '/gate/cells/0/variants/0'],
    ['an unknown sink', { gate: { cells: [{ sinks: ['file'] }] } }, '/gate/cells/0/sinks/0'],
    ['one path where a list belongs', { contenders: 'bench/ours.ts' }, '/contenders: must be array'],
    ['a module instead of its path', { contenders: [{ kind: 'serialize' }] }, '/contenders/0: must be string'],
    ['an empty path', { payloads: [''] }, '/payloads/0'],
    ['no object', 'gate', '/: must be object'],
    ['nothing', null, '/: must be object'],
  ])('with %s is refused, and the place is named', async (_what, content, place) => {
    const problem = await problemOf(exporting(content));
    expect(problem.code).toBe(2);
    expect(problem.message).toContain('cannot use wirebench.config.ts: ');
    expect(problem.message).toContain(place);
  });

  it('without a default export says how to write one', async () => {
    const problem = await problemOf(projectWith({ 'wirebench.config.ts': 'export const gate = {};\n' }));
    expect(problem.message).toContain('it has no default export');
    expect(problem.hint).toContain('export default');
  });

  it('that does not load is an expected failure with the reason', async () => {
    const thrown = await problemOf(projectWith({ 'wirebench.config.mjs': "throw new Error('out of order');\n" }));
    expect(thrown.message).toBe('cannot use wirebench.config.mjs: out of order');
    expect((await problemOf(projectWith({ 'wirebench.config.mjs': 'export default {\n' }))).code).toBe(2);
  });
});
