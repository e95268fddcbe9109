/**
 * `wirebench gate` in a project that has wirebench installed: what comes from its own modules, what from either side's
 * package, and what from the program that runs.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { GateSettings } from '../../src/gate/settings.ts';
import type { GateSession } from '../../src/model/gate.ts';
import { readGateSession } from '../../src/store/gate-file.ts';
import type { TestRepository, Workshop } from '../gate/sides/repositories.ts';
import { createWorkshop } from '../gate/sides/repositories.ts';
import { invoke, words } from './invoke.ts';

// What is tested is whose modules are measured, so the figures may be poor.
vi.mock('../../src/gate/settings.ts', async (importOriginal) => {
  const { withQuickSettings } = await import('./quick-gate.ts');
  return withQuickSettings(await importOriginal<{ gateSettings: GateSettings }>());
});

const contender = (stringify: string): string =>
  `export default { kind: 'serialize', title: 'ours', load: async () => () => ({ stringify: ${stringify} }) };\n`;
const honest = contender('(value) => JSON.stringify(value)');
const wrong = contender('(value) => JSON.stringify(value).replace("total", "sum")');
const slow = contender(
  '(value) => { for (let i = 0; i < 40; i += 1) globalThis.kept = JSON.stringify(value) + i; return JSON.stringify(value); }',
);

const orders = `export default {
  title: 'orders',
  sizes: [5],
  generate: (generator, items) => Array.from({ length: items }, () => ({ id: generator.uuid(), total: generator.integer(1, 99) })),
};\n`;

// So wide that the noise of short blocks decides nothing.
const tolerance = { time: 0.9, outputBytes: 0.5, allocations: 0.9 };
const cells = [{ suites: ['serialize'], payloads: ['orders'], variants: ['text'] }];
const config = (content: object): string =>
  `export default ${JSON.stringify({ gate: { cells, tolerance }, ...content })};\n`;

const manifest = JSON.stringify({ type: 'module', devDependencies: { wirebench: '*' } });
const project = {
  'package.json': manifest,
  'package-lock.json': 'one',
  '.gitignore': 'node_modules\n',
  'bench/ours.js': honest,
  'samples/orders.js': orders,
  'wirebench.config.js': config({ contenders: ['bench/ours.js'], payloads: ['samples'] }),
};

let workshop: Workshop;
let repository: TestRepository;
let out: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  out = path.join(workshop.folder, 'out');
  publish('one', { 'json-stringify': honest });
  // Installs the version that the lockfile names.
  workshop.program(
    'npm',
    `mkdir -p node_modules && cp -r '${workshop.folder}/versions/'"$(cat package-lock.json)" node_modules/wirebench`,
  );
  vi.stubEnv('PATH', `${workshop.programs}${path.delimiter}${process.env['PATH']}`);
  vi.stubEnv('npm_execpath', undefined);
  vi.stubEnv('TMPDIR', workshop.temporary);
  repository.commit(project);
  // The program itself is installed in the working tree, too; git does not see it.
  repository.write({ 'node_modules/wirebench/package.json': '{"name":"wirebench","version":"1.0.0"}' });
});
afterEach(() => {
  vi.unstubAllEnvs();
  const leftovers = workshop.leftovers();
  workshop.remove();
  if (leftovers.length > 0) throw new Error(`left behind: ${leftovers.join(', ')}`);
});

/** A version of the package with some contenders. */
function publish(version: string, contenders: Readonly<Record<string, string>>): void {
  const directory = path.join(workshop.folder, 'versions', version);
  mkdirSync(path.join(directory, 'dist/bench/contenders'), { recursive: true });
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: 'wirebench', type: 'module', version }));
  for (const [id, text] of Object.entries(contenders))
    writeFileSync(path.join(directory, 'dist/bench/contenders', `${id}.js`), text);
}

const gate = (argv: readonly string[] = []) =>
  invoke(['gate', '--base', 'HEAD', '--out', out, ...argv], { cwd: repository.top });
const session = (): GateSession => readGateSession(path.join(out, 'gate.json'));
const verdicts = (): Record<string, string> =>
  Object.fromEntries(session().cells.map(({ cell, verdict }) => [cell.contender, verdict]));

describe('the gate of a project that has wirebench installed', () => {
  it('measures its own contenders and the built-in ones on its own payloads, on both sides', async () => {
    const before = repository.fingerprint();
    const { code, stderr } = await gate();
    expect(stderr).toContain('a first look at 2 cells');
    expect([0, 3]).toContain(code);
    const measured = session().cells.flatMap(({ cell, duets }) =>
      duets.map(({ baseline, candidate }) =>
        [cell.payload, cell.contender, baseline.status, candidate.status].join(' '),
      ),
    );
    expect([...new Set(measured)].toSorted()).toEqual(['orders json-stringify ok ok', 'orders ours ok ok']);
    expect(repository.fingerprint()).toEqual(before);
  });

  it('sees that a contender of its own became slower by many times', async () => {
    repository.write({ 'bench/ours.js': slow });
    const { code } = await gate();
    expect(verdicts()).toMatchObject({ ours: 'regression' });
    expect(verdicts()['json-stringify']).not.toBe('regression');
    expect(code).toBe(1);
  });

  it('sees that a contender of its own became wrong', async () => {
    repository.write({ 'bench/ours.js': wrong });
    const { code, stdout } = await gate();
    expect([code, verdicts()['ours']]).toEqual([1, 'regression']);
    expect(stdout).toContain('/0/total');
  });

  it('sees what an update of wirebench did to a built-in contender', async () => {
    publish('two', { 'json-stringify': wrong });
    repository.write({ 'package-lock.json': 'two' });
    const { code } = await gate();
    expect([code, verdicts()['json-stringify']]).toEqual([1, 'regression']);
    expect([session().baseline.packages, session().candidate.packages]).toEqual([
      { wirebench: 'one' },
      { wirebench: 'two' },
    ]);
    expect(verdicts()['ours']).not.toBe('regression');
  });

  it('says which contenders are new, where the configuration of the newer side names more', async () => {
    repository.write({
      'bench/second.js': honest,
      'wirebench.config.js': config({ contenders: ['bench'], payloads: ['samples'] }),
    });
    await gate();
    expect(verdicts()).toMatchObject({ second: 'new' });
  });

  it('needs no bench directory and no configuration', async () => {
    for (const name of ['bench', 'samples', 'wirebench.config.js'])
      rmSync(path.join(repository.top, name), { recursive: true });
    repository.commit({});
    const { code } = await gate(words('--suite serialize --payload tools --items 1 --variant text --tolerance 90%'));
    expect([0, 3]).toContain(code);
    expect(session().cells.map(({ cell }) => cell.contender)).toEqual(['json-stringify']);
  });

  it('names the side whose configuration leads nowhere', async () => {
    repository.commit({ 'wirebench.config.js': config({ contenders: ['bench/gone.js'], payloads: ['samples'] }) });
    repository.write({ 'wirebench.config.js': config({ contenders: ['bench/ours.js'], payloads: ['samples'] }) });
    const { code, stdout, stderr } = await gate();
    expect(stderr).toMatch(
      /cannot load the contenders of the baseline \(HEAD, \w+\): cannot load the contender 'bench\/gone\.js'/,
    );
    expect([code, stdout]).toEqual([2, '']);
  });
});
