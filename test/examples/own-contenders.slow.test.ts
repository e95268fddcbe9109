/**
 * The example project with contenders and payloads of its own: its commands do what its README says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runFileName } from '../../src/store/run-file.ts';
import { importedPackages, planGateOf, readManifestOf, wirebenchIn } from './projects.ts';
import { readRecord } from '../records.ts';

const example = 'own-contenders';
const out = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The arguments that a script of the example gives to `wirebench`. */
function scriptOf(name: string): string[] {
  const [program, ...argv] = (readManifestOf(example).scripts?.[name] ?? '').split(' ');
  expect(program).toBe('wirebench');
  return argv;
}

describe('the example with own contenders', () => {
  it('measures its contender on its payloads, and says what it cannot do', async () => {
    await wirebenchIn(example, [
      ...scriptOf('bench'),
      '--items',
      '10',
      '--variant',
      'text',
      '--sink',
      'bytes',
      '--forks',
      '1',
      '--out',
      out,
    ]);
    const cells = readRecord(path.join(out, runFileName)).cells.map(
      ({ payload, contender, status }) => `${payload} ${contender} ${status}`,
    );
    expect(cells.toSorted()).toEqual([
      'catalog catalog-by-hand ok',
      'catalog fast-json-stringify ok',
      'catalog json-stringify ok',
      'session catalog-by-hand unsupported',
      'session fast-json-stringify ok',
      'session json-stringify ok',
    ]);
  });

  it('has the generated payload at any size', async () => {
    const plan = await wirebenchIn(example, [
      'run',
      '--list',
      '--suite',
      'serialize',
      '--payload',
      'catalog',
      '--contender',
      'catalog-by-hand',
      '--items',
      '7,5000',
    ]);
    expect(plan).toContain('serialize/catalog-by-hand/catalog/7/text/bytes');
    expect(plan).toContain('serialize/catalog-by-hand/catalog/5000/text/bytes');
  });

  it('gets a recommendation for its response', async () => {
    const report = await wirebenchIn(example, [
      ...scriptOf('choose'),
      '--contender',
      'json-stringify',
      '--quick',
      '--out',
      path.join(out, 'choice'),
    ]);
    expect(report).toContain('json-stringify');
  });

  it('has a gate that watches its contender', async () => {
    expect(await planGateOf(example)).toEqual(
      expect.arrayContaining([
        'serialize/catalog-by-hand/catalog/10/text/bytes',
        'serialize/catalog-by-hand/catalog/1000/text/bytes',
      ]),
    );
  });

  it('names what it imports', () => {
    expect(importedPackages(example)).toEqual(Object.keys(readManifestOf(example).devDependencies ?? {}));
  });
});
