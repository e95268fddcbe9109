/**
 * The example gateway, started as its README says and asked as a client would.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { tools } from '../../examples/fastify-gateway/catalog.ts';
import { directoryOf, importedPackages, preloaded, readManifestOf, root } from './projects.ts';

const example = 'fastify-gateway';
/** Longest wait for a server that starts on a busy machine. */
const startMs = 30_000;

let server: ChildProcess;
let origin = '';

beforeAll(async () => {
  const [command, ...argv] = (readManifestOf(example).scripts?.['start'] ?? '').split(' ');
  if (command !== 'node') throw new Error(`the example is started by ${command}, and the test knows node only`);
  const env = { ...process.env, ...preloaded, PORT: '0' };
  server = spawn(process.execPath, argv, { cwd: directoryOf(example), env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout as NodeJS.ReadableStream, 'data', {
    signal: AbortSignal.timeout(startMs),
  })) as [Buffer];
  origin = /^gateway at (http:\S+)\n$/.exec(line.toString())?.[1] ?? '';
}, startMs);

afterAll(async () => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill();
  await ended;
});

async function ask(route: string): Promise<{ status: number; type: string | null; text: string }> {
  const reply = await fetch(origin + route);
  return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() };
}

const json = 'application/json; charset=utf-8';

describe('the example gateway', () => {
  it('sends a list with Dates as JSON.stringify writes it', async () => {
    expect(tools.some(({ createdAt }) => createdAt instanceof Date)).toBe(true);
    expect(await ask('/tools')).toEqual({ status: 200, type: json, text: JSON.stringify(tools) });
  });

  it('sends one item', async () => {
    expect(await ask('/tools/tool-1')).toEqual({ status: 200, type: json, text: JSON.stringify(tools[1]) });
  });

  it('answers with errors as Fastify tells them, and with its own', async () => {
    const broken = await ask('/broken');
    expect(broken.status).toBe(500);
    expect(JSON.parse(broken.text)).toEqual({
      statusCode: 500,
      error: 'Internal Server Error',
      message: 'the catalog cannot be read',
    });
    expect(await ask('/tools/none')).toEqual({ status: 404, type: json, text: '{"error":"unknown tool","id":"none"}' });
    expect((await ask('/nowhere')).status).toBe(404);
  });

  it('is a project of its own that names what it imports, this checkout among it', () => {
    const { dependencies = {}, private: isPrivate } = readManifestOf(example);
    expect(isPrivate).toBe(true);
    expect(importedPackages(example)).toEqual(Object.keys(dependencies).toSorted());
    expect(path.resolve(directoryOf(example), dependencies['wirebench']?.replace('file:', '') ?? '')).toBe(
      path.resolve(root),
    );
  });
});
