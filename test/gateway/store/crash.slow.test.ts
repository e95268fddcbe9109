/**
 * What is acknowledged stays: processes that are killed while they write, and several that write at once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createGenerator } from '../../../src/corpus/generator.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { listDatabases } from './databases.ts';

const writer = fileURLToPath(new URL('writer-child.ts', import.meta.url));

interface Writer {
  readonly process: ChildProcess;
  /** Lines that are whole, in their order. */
  readonly lines: string[];
  readonly ended: Promise<void>;
}

/** @param most tools before it ends by itself; never where left out. */
function startWriter(url: string, most?: number): Writer {
  const child = spawn(process.execPath, [writer, url, ...(most === undefined ? [] : [String(most)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { process: child, lines, ended: new Promise((resolve) => child.once('close', () => resolve())) };
}

/** Waits for a line that begins with the word. @throws where the process ends before. */
async function waitForLine({ lines, process: child }: Writer, word: string): Promise<void> {
  while (!lines.some((line) => line.startsWith(word))) {
    if (child.exitCode !== null) throw new Error(`the writer ended before it said '${word}': ${lines.join(', ')}`);
    await wait(2);
  }
}

/**
 * What the lines of all writers leave behind: the least version of each tool, 0 for a deleted one. Where a deletion was
 * begun and not acknowledged, either is right, and the tool is left out.
 */
function expectVersions(lines: readonly string[]): Map<string, number> {
  const versions: Readonly<Record<string, number>> = { created: 1, updated: 2, deleted: 0 };
  const found = new Map<string, number>();
  for (const line of lines) {
    const [action = '', id = ''] = line.split(' ');
    const version = versions[action];
    if (version !== undefined) found.set(id, version);
    if (action === 'deleting') found.delete(id);
  }
  return found;
}

/** Tools whose state is older than what was acknowledged. */
async function findLost(url: string, acknowledged: ReadonlyMap<string, number>): Promise<string[]> {
  const store = await openStore({ url });
  const { items } = await store.list('tools');
  await store.close();
  const versions = new Map(items.map((tool) => [tool.id.toString(), Number(tool['version'])]));
  const isLost = ([id, version]: [string, number]): boolean =>
    version === 0 ? versions.has(id) : (versions.get(id) ?? 0) < version;
  return [...acknowledged]
    .filter(isLost)
    .map(([id, version]) => `${id} at version ${version}, found ${versions.get(id)}`);
}

describe.each(listDatabases().filter(({ outlivesClose }) => outlivesClose))(
  'processes that write to $name',
  (database) => {
    beforeAll(() => database.start());
    afterAll(() => database.stop());

    it('lose no acknowledged write when they are killed, twenty times', async () => {
      const url = await database.create();
      const chance = createGenerator(1);
      const lines: string[] = [];
      for (let kill = 1; kill <= 20; kill += 1) {
        const child = startWriter(url);
        await waitForLine(child, 'created');
        await wait(chance.integer(0, 60));
        child.process.kill('SIGKILL');
        await child.ended;
        expect(child.process.signalCode).toBe('SIGKILL');
        lines.push(...child.lines);
        expect(await findLost(url, expectVersions(lines))).toEqual([]);
      }
      // The check itself would notice a creation, an update or a deletion that is not there.
      const versions = expectVersions(lines);
      expect(versions.size).toBeGreaterThanOrEqual(20);
      const [kept = ''] = [...versions].find(([, version]) => version === 1) ?? [];
      for (const wrong of [
        ['00000000-0000-4000-8000-000000000000', 1],
        [kept, 2],
        [kept, 0],
      ] as const) {
        expect(await findLost(url, new Map([wrong]))).toHaveLength(1);
      }
    });

    it('may be two that open an empty database at once, and write at once', async () => {
      const url = await database.create();
      const writers = [startWriter(url, 60), startWriter(url, 60)];
      await Promise.all(writers.map(({ ended }) => ended));
      expect(writers.map(({ process: child }) => child.exitCode)).toEqual([0, 0]);
      const acknowledged = expectVersions(writers.flatMap(({ lines }) => lines));
      expect(acknowledged.size).toBe(120);
      expect(await findLost(url, acknowledged)).toEqual([]);
      const store = await openStore({ url });
      // A third of them are updated and a fifth deleted; each of these counts.
      expect(await store.count('tools')).toBe(120 - 24);
      expect(await store.revision('tools')).toBe(1 + 120 + 40 + 24);
      await store.close();
    });
  },
);
