/**
 * A gateway that is killed in the middle of writes over HTTP, and started again on the same database.
 *
 * Two kills each time; `WIREBENCH_CRASH_RUNS=20` makes it twenty on each database.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createGenerator } from '../../src/corpus/generator.ts';
import { patienceMs } from '../patience.ts';
import { listDatabases } from './store/databases.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Each is a start of the program, about a second. */
const runs = Number(process.env['WIREBENCH_CRASH_RUNS'] ?? 2);
/** Enough for writes to wait for one another. */
const clients = 6;
/** More than a start and the writes take on a slow machine. */
const limitMs = patienceMs + runs * 10_000;

interface Tool {
  readonly id: string;
  readonly name: string;
}

async function startProcess(database: string): Promise<{ child: ChildProcess; url: string }> {
  const options = ['--json', '--no-auth', '--port', '0', '--items', '0', '--database', database];
  const child = spawn(process.execPath, [main, 'gateway', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the gateway ended with ${String(code)} before it listened`)),
  );
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [text] = await Promise.race([line, ended]);
  // From now on it ends because it is killed.
  ended.catch(() => {});
  return { child, url: (JSON.parse(text) as { url: string }).url };
}

/** Creates tools one after the other until the gateway is gone. @returns how many requests got no answer. */
async function createTools(
  url: string,
  options: { prefix: string; seed: number; acknowledged: Tool[] },
): Promise<number> {
  const { prefix, seed, acknowledged } = options;
  const generator = createGenerator(seed);
  for (let count = 1; ; count += 1) {
    const { description, inputSchema, headers, annotations } = generator.tool();
    const body = JSON.stringify({
      name: `${prefix}-${count}`,
      description,
      inputSchema,
      headers,
      annotations,
      _meta: { note: generator.prose(300) },
    });
    try {
      const response = await fetch(`${url}/tools`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const tool = (await response.json()) as Tool;
      if (response.status !== 201)
        throw new Error(`status ${response.status}: ${JSON.stringify(tool)}`, { cause: 'an answer' });
      acknowledged.push(tool);
    } catch (error) {
      if ((error as Error).cause === 'an answer') throw error;
      return 1;
    }
  }
}

/** Acknowledged tools that are not there, or not with the same fields. */
function findLost(acknowledged: readonly Tool[], listed: readonly Tool[]): string[] {
  const found = new Map(listed.map((tool) => [tool.id, JSON.stringify(tool)]));
  return acknowledged.filter((tool) => found.get(tool.id) !== JSON.stringify(tool)).map(({ name }) => name);
}

async function listTools(url: string): Promise<Tool[]> {
  return (await (await fetch(`${url}/tools`)).json()) as Tool[];
}

describe.each(listDatabases().filter(({ outlivesClose }) => outlivesClose))('a gateway on $name', (place) => {
  beforeAll(() => place.start());
  afterAll(() => place.stop());

  it(`loses no acknowledged write when it is killed, ${runs} times`, { timeout: limitMs }, async () => {
    const database = await place.create();
    const chance = createGenerator(1);
    const acknowledged: Tool[] = [];
    let unanswered = 0;
    for (let run = 1; run <= runs; run += 1) {
      const { child, url } = await startProcess(database);
      expect(findLost(acknowledged, await listTools(url))).toEqual([]);
      const before = acknowledged.length;
      const writers = Array.from({ length: clients }, (_, index) =>
        createTools(url, { prefix: `${run}-${index}`, seed: run * clients + index, acknowledged }),
      );
      while (acknowledged.length === before) await wait(2);
      await wait(chance.integer(0, 250));
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      expect(await gone).toEqual([null, 'SIGKILL']);
      unanswered += (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
    }
    const { child, url } = await startProcess(database);
    const listed = await listTools(url);
    expect(findLost(acknowledged, listed)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(runs);
    // All clients were in the middle of something, and what they had no answer to may be there or not.
    expect(unanswered).toBe(runs * clients);
    expect(listed.length - acknowledged.length).toBeLessThanOrEqual(unanswered);
    process.stderr.write(
      `${place.name}: ${runs} kills, ${acknowledged.length} acknowledged, ${listed.length} found, 0 lost\n`,
    );

    // The check itself would notice a tool that is missing, and one with another field.
    const [first, second] = listed as [Tool, Tool];
    expect(findLost([first], listed.slice(1))).toEqual([first.name]);
    expect(findLost([{ ...second, name: 'another' }], listed)).toEqual(['another']);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
