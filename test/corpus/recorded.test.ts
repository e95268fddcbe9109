/**
 * A recording as a payload, and every way in which its file can be broken.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { catalogText } from '../../src/corpus/catalogs.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { createGenerator } from '../../src/corpus/generator.ts';
import { isRecordingName, listRecorded, loadRecorded, readRecording } from '../../src/corpus/recorded.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import { UserError } from '../../src/user-error.ts';
import { tools } from '../fixtures/record/tools.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wirebench-recorded-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(directory, `${name}.json`), text);
}

const recording = {
  schemaVersion: 1,
  name: 'mine',
  recordedAt: '2026-01-02T03:04:05.678Z',
  source: { kind: 'mcp-stdio', command: ['node', 'server.js'], server: { name: 'Mine', version: '1.0.0' } },
  items: tools,
};

describe('loadRecorded', () => {
  it('gives a response payload with the size as recorded among the usual ones', () => {
    write('mine', recording);
    const payload = loadRecorded({ name: 'mine', directory });
    expect(payload).toMatchObject({
      id: 'recorded/mine',
      where: 'catalog of Mine 1.0.0, recorded 2026-01-02',
      role: 'response',
      tier: 'quick',
      sizes: [7, 10, 100, 1000, 5000],
      list: '',
      variants: ['text', 'native'],
    });
    expect(payload.schema).toMatchObject({ type: 'array', items: { type: 'object' } });
  });

  it('lists a size once where the recording happens to have it', () => {
    write('ten', { ...recording, items: Array.from({ length: 10 }, () => tools[0]) });
    expect(loadRecorded({ name: 'ten', directory }).sizes).toEqual([10, 100, 1000, 5000]);
  });

  it('has no native variant where no datetime and no UUID was found', () => {
    write('plain', { ...recording, items: [{ name: 'a' }] });
    expect(loadRecorded({ name: 'plain', directory }).variants).toEqual(['text']);
  });

  it('repeats the items cyclically, the same ones for the same seed', () => {
    write('mine', recording);
    const payload = loadRecorded({ name: 'mine', directory });
    const value = payload.generate(createGenerator(1), 20) as typeof tools;
    expect(value).toHaveLength(20);
    const offset = tools.findIndex(({ name }) => name === value[0]?.name);
    expect(value).toEqual(Array.from({ length: 20 }, (_, index) => tools[(offset + index) % 7]));
    expect(payload.generate(createGenerator(1), 20)).toEqual(value);
  });

  it('starts somewhere else for other seeds, so that the catalogs of a cell differ', () => {
    write('mine', recording);
    const payload = loadRecorded({ name: 'mine', directory });
    const texts = Array.from({ length: 20 }, (_, seed) => JSON.stringify(payload.generate(createGenerator(seed), 7)));
    expect(new Set(texts).size).toBeGreaterThan(1);
    expect(new Set(texts.map((text) => text.length)).size).toBe(1);
  });

  it('shares no object between repeated items', () => {
    write('mine', recording);
    const value = loadRecorded({ name: 'mine', directory }).generate(createGenerator(1), 14) as object[];
    expect(new Set(value).size).toBe(14);
  });

  it('gives the same bytes in both variants', () => {
    write('mine', recording);
    const payload = loadRecorded({ name: 'mine', directory });
    const text = catalogText({ payload, items: 50, seed: 1, index: 0 });
    const native = readCatalog({ text, payload, schema: loadSchema(payload), variant: 'native' }) as {
      createdAt: unknown;
    }[];
    expect(native[0]?.createdAt).toBeInstanceOf(Date);
    expect(JSON.stringify(native)).toBe(text);
  });
});

describe('a recording that cannot be used', () => {
  it.each([
    ['is not JSON', '{"schemaVersion": 1,', 'is not JSON'],
    ['is empty', '', 'is not JSON'],
    ['holds a list', [], 'does not hold an object'],
    ['holds null', 'null', 'does not hold an object'],
    ['has no version', { ...recording, schemaVersion: undefined }, 'schemaVersion undefined is not known'],
    ['has a later version', { ...recording, schemaVersion: 2 }, 'schemaVersion 2 is not known, only 1 is'],
    ['has no source', { ...recording, source: null }, '"source" is missing'],
    ['has no items', { ...recording, items: [] }, 'not a list of one or more objects'],
    ['has items of another kind', { ...recording, items: ['a'] }, 'not a list of one or more objects'],
    ['has items that are no list', { ...recording, items: { a: 1 } }, 'not a list of one or more objects'],
  ])('is refused where it %s', (_, content, why) => {
    write('broken', content);
    const error = failureOf(() => loadRecorded({ name: 'broken', directory }));
    expect(error.message).toContain(why);
    expect(error.message).toContain('"broken"');
    expect(error.code).toBe(2);
    expect(error.hint).toContain('--force');
  });

  it('is answered with the nearest name and the list of those present', () => {
    write('playwright', recording);
    write('github', recording);
    const error = failureOf(() => loadRecorded({ name: 'playwrite', directory }));
    expect(error.message).toBe('payload "recorded/playwrite": no such recording');
    expect(error.hint).toBe('did you mean "recorded/playwright"? recorded are: github, playwright');
    expect(failureOf(() => loadRecorded({ name: 'zzzzzzzz', directory })).hint).toBe(
      'recorded are: github, playwright',
    );
  });

  it('is answered with the command to record one where there is none', () => {
    const missing = join(directory, 'missing');
    expect(failureOf(() => loadRecorded({ name: 'mine', directory: missing })).hint).toContain('bench:record -- npx');
  });

  it('is not looked for outside the directory', () => {
    write('mine', recording);
    mkdirSync(join(directory, 'below'));
    for (const name of ['../mine', '/etc/passwd', '']) {
      expect(() => readRecording({ name, directory: join(directory, 'below') })).toThrow(UserError);
    }
  });
});

describe('listRecorded', () => {
  it('names recordings in order and overlooks other files', () => {
    for (const name of ['b', 'a', 'Not A Name']) write(name, recording);
    writeFileSync(join(directory, 'notes.txt'), '');
    expect(listRecorded(directory)).toEqual(['a', 'b']);
  });

  it('is empty where the directory does not exist', () => {
    expect(listRecorded(join(directory, 'missing'))).toEqual([]);
  });
});

describe('isRecordingName', () => {
  it.each(['a', 'real-servers', '127-0-0-1', 'x'.repeat(64)])('takes %s', (name) => {
    expect(isRecordingName(name)).toBe(true);
  });
  it.each(['', '-a', 'a-', 'a--b', 'A', 'a.b', 'a/b', '..', 'nul', 'com1', 'x'.repeat(65), 'a\n'])(
    'refuses %j',
    (name) => {
      expect(isRecordingName(name)).toBe(false);
    },
  );
});

function failureOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
