/**
 * Documents that checkers, generators or libraries cannot take: each costs the rows that depend on them, never the
 * command.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunRecord } from '../../src/run-file/records.ts';
import type { Choice } from '../../src/model/choice.ts';
import { invoke, words } from './invoke.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const documents: readonly (readonly [string, string])[] = [
  ['half of a surrogate pair in a key', '[{"\\ud800": 1}]'],
  [
    'the names that engines treat in their own way',
    '{"__proto__": {"a": 1}, "constructor": 2, "$ref": "#/x", "$id": "y", "": 3}',
  ],
  ['more levels than functions that call themselves survive', `${'['.repeat(3000)}1${']'.repeat(3000)}`],
  ['numbers that no double holds', '[1e400, 12345678901234567890, -0]'],
];

describe.each(documents)('a document with %s', (_, text) => {
  beforeEach(() => writeFileSync(path.join(cwd, 'odd.json'), text));

  it('is chosen for, whatever a contender makes of it', { timeout: 180_000 }, async () => {
    const { code, stderr } = await invoke(
      words('choose --quick --sample odd.json --contender fast-json-stringify,ajv-jtd,cbor-x --out out'),
      { cwd },
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('schema')]);
    const {
      runtimes: [own],
    } = JSON.parse(readFileSync(path.join(cwd, 'out', 'choice.json'), 'utf8')) as Choice;
    expect(own.recommendation).toBeDefined();
    expect(own.candidates.map(({ contender }) => contender).toSorted()).toEqual([
      'ajv-jtd',
      'cbor-x',
      'fast-json-stringify',
      'json-stringify',
    ]);
    const excluded = own.candidates.filter(({ standing }) => standing === 'excluded');
    expect(
      excluded.filter(({ reason = '' }) => !/^(?:incorrect|failed|unavailable|unsupported)\b.*: ./.test(reason)),
    ).toEqual([]);
  });

  it('is run on', { timeout: 180_000 }, async () => {
    const argv = words(
      'run --suite serialize --sample odd.json --contender fast-json-stringify,cbor-x --forks 1 --out out',
    );
    const { code, stderr } = await invoke(argv, { cwd });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('schema')]);
    const { cells } = JSON.parse(readFileSync(path.join(cwd, 'out', 'run.json'), 'utf8')) as RunRecord;
    expect(cells.find(({ contender }) => contender === 'json-stringify')?.status).toBe('ok');
    expect(cells.filter(({ status, reason }) => status !== 'ok' && reason === undefined)).toEqual([]);
  });
});
