/**
 * The committed hashes hold on this machine, and the command that writes them notices when they do not.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Command } from '@commander-js/extra-typings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import fixtures from '../../src/cli/commands/fixtures.ts';
import type { Io } from '../../src/cli/command.ts';
import { buildManifest, compareManifests } from '../../src/corpus/manifest.ts';
import type { Manifest } from '../../src/corpus/manifest.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { UserError } from '../../src/user-error.ts';

const { payloads } = await loadRegistry();
const computed = buildManifest(payloads);
const committed = readFileSync(new URL('../../fixtures/manifest.json', import.meta.url), 'utf8');

describe('fixtures/manifest.json', () => {
  it('has the bytes of every payload as this machine generates them', () => {
    // After a change that is meant, `wirebench fixtures` writes the file anew.
    expect(compareManifests(JSON.parse(committed), computed)).toEqual([]);
  });
});

describe('compareManifests', () => {
  it('names what differs, is missing or is left over', () => {
    const entry = { sha256: 'a', sizeBytes: 1 };
    const now: Manifest = { seed: 1, payloads: { tools: { 10: entry, 100: entry }, added: { 1: entry } } };
    const then = { seed: 2, payloads: { tools: { 10: { ...entry, sha256: 'b' }, 5: entry, 100: entry }, gone: {} } };
    expect(compareManifests(then, now)).toEqual([
      'the seed differs',
      'tools at 10 items: other bytes',
      'tools at 5 items: no such size any more',
      'added at 1 items: no entry',
      'gone: no such payload any more',
    ]);
  });

  it('takes any JSON for a manifest without entries', () => {
    for (const value of [null, 5, [], { payloads: null }]) {
      expect(compareManifests(value, computed).length).toBeGreaterThan(payloads.length);
    }
  });
});

describe('wirebench fixtures', () => {
  let folder = '';
  let printed: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'wirebench-fixtures-'));
    printed = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run({ dir = '.', check = false }: { dir?: string; check?: boolean }): Promise<number | undefined> {
    const writer = { write: (text: string) => printed.push(text) };
    const io: Io = { stdout: writer, stderr: writer, env: {}, cwd: folder, signal: new AbortController().signal };
    const argv = ['fixtures', '--dir', dir, ...(check ? ['--check'] : [])];
    let code: number | undefined;
    const program = new Command();
    fixtures.addTo(program, 'fixtures', { argv, io, onExit: (exitCode) => void (code = exitCode) });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  }

  it('writes what it then finds unchanged, and exits with 1 and names the payload whose bytes differ', async () => {
    expect(await run({})).toBe(0);
    const file = path.join(folder, 'manifest.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(computed);
    expect(await run({ check: true })).toBe(0);

    const hash = computed.payloads['tools']?.['10']?.sha256 ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace(hash, 'f'.repeat(64)));
    writeFileSync(path.join(folder, 'sample.json'), '{}');
    printed = [];
    expect(await run({ check: true })).toBe(1);
    expect(printed.join('')).toContain('manifest.json: tools at 10 items: other bytes');
    expect(printed.join('')).toContain('sample.json: other content');
  });

  it('refuses to check files that are missing or not JSON, and changes nothing', async () => {
    await expect(run({ check: true })).rejects.toThrow(UserError);
    writeFileSync(path.join(folder, 'manifest.json'), '{"seed"');
    await expect(run({ check: true })).rejects.toThrow(/manifest\.json/);
    expect(readFileSync(path.join(folder, 'manifest.json'), 'utf8')).toBe('{"seed"');
  });

  it('says which file it cannot write', async () => {
    await expect(run({ dir: path.resolve('package.json', 'below') })).rejects.toThrow(/cannot write .*manifest\.json/);
  });
});
