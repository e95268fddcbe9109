/**
 * Settings as arguments of the gateway's command line, and the seeded database behind every server.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createClient } from '../../../src/load/client/http-client.ts';
import { gatewayCommand, gatewayTarget } from '../../../src/load/servers/gateway-targets.ts';
import { startServer } from '../../../src/load/servers/server.ts';
import type { ServerSettings } from '../../../src/model/http.ts';
import type { JsonValue } from '../../../src/model/values.ts';
import { patienceMs } from '../../patience.ts';

const directories: string[] = [];
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })));

function emptyDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  directories.push(directory);
  return directory;
}

const { signal } = new AbortController();

describe('gatewayCommand', () => {
  const argumentsOf = (settings: ServerSettings): string =>
    gatewayCommand({ items: 3, seed: 7, database: 'some.db', settings }).arguments.slice(8).join(' ');

  it.each<[ServerSettings, string]>([
    [{ serializer: 'a' }, '--seed 7 --serializer a --no-auth'],
    [
      { serializer: 'a', compression: 'zstd', cache: true },
      '--seed 7 --serializer a --compression zstd --cache --no-auth',
    ],
    [
      { serializer: 'a', closesConnections: true, bare: true },
      '--seed 7 --serializer a --no-keep-alive --no-auth --bare',
    ],
    [{ serializer: 'a', authentication: true }, '--seed 7 --serializer a'],
  ])('turns %j into arguments', (settings, expected) => {
    expect(argumentsOf(settings)).toBe(expected);
  });

  it('gives every server with tokens a secret of its own', () => {
    const secretOf = (settings: ServerSettings) =>
      gatewayCommand({ items: 3, seed: 7, database: 'some.db', settings }).env?.['GATEWAY_JWT_SECRET'];
    const secured = { serializer: 'a', authentication: true } as const;
    expect(secretOf(secured)?.length).toBeGreaterThanOrEqual(32);
    expect(secretOf(secured)).not.toBe(secretOf(secured));
    expect(secretOf({ serializer: 'a' })).toBeUndefined();
  });
});

describe('gatewayTarget', () => {
  it('seeds once, and gives every server a fresh copy that answers with tokens too', async () => {
    const directory = emptyDirectory();
    const open = gatewayTarget({ id: 'open', settings: { serializer: 'json-stringify' } }, 1);
    const secured = gatewayTarget(
      { id: 'secured', settings: { serializer: 'json-stringify', authentication: true } },
      1,
    );
    const lists: string[] = [];
    for (const target of [open, secured]) {
      const ownDirectory = emptyDirectory();
      const command = await target.command?.({ items: 3, directory, ownDirectory, signal });
      if (command === undefined) throw new Error('a gateway has a command');
      const server = await startServer({ command, prefix: [], startLimitMs: patienceMs, signal });
      const client = createClient({ url: server.url, headers: server.headers }, { connections: 1, timeoutMs: 5000 });
      const { status, body } = await client.read({ method: 'GET', path: '/tools' });
      expect([target.id, status]).toEqual([target.id, 200]);
      lists.push(body.toString());
      client.close();
      // What one server writes must not reach the next one.
      await server.end();
      writeFileSync(path.join(ownDirectory, 'served.db'), 'damaged');
    }
    expect(JSON.parse(lists[0] ?? '')).toHaveLength(3);
    expect(lists[1]).toBe(lists[0]);
    expect(readFileSync(path.join(directory, 'seeded-3.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('asks a server directly and behind the gateway alike', async () => {
    const answers: unknown[] = [];
    for (const forwarding of ['server', 'gateway'] as const) {
      const { command, behind, introduce } = gatewayTarget(
        { id: 'a', settings: { serializer: 'json-stringify', forwarding } },
        1,
      );
      const request = { items: 3, directory: emptyDirectory(), ownDirectory: emptyDirectory(), signal };
      const start = async (one: ReturnType<NonNullable<typeof behind>>) =>
        startServer({ command: one, prefix: [], startLimitMs: patienceMs, signal });
      const standing = behind === undefined ? undefined : await start(behind(request));
      const made = await command?.(request);
      if (made === undefined) throw new Error('both have a command');
      const server = await start(made);
      if (standing !== undefined) await introduce?.({ url: server.url, headers: server.headers }, standing.url);
      const client = createClient({ url: server.url, headers: server.headers }, { connections: 1, timeoutMs: 5000 });
      const ask = async (method: string, params: object): Promise<unknown> => {
        const body = { jsonrpc: '2.0', id: 1, method, params } as JsonValue;
        return JSON.parse((await client.read({ method: 'POST', path: '/rpc', body })).body.toString());
      };
      answers.push([await ask('tools/list', {}), await ask('tools/call', { name: 'sized_tool_2' })]);
      client.close();
      await Promise.all([server.end(), standing?.end()]);
    }
    expect(answers[0]).toMatchObject([{ result: { tools: [{}, {}, {}] } }, { result: { isError: false } }]);
    expect(answers[1]).toEqual(answers[0]);
  });

  it('lets clients ask for the compression that it measures', () => {
    expect(gatewayTarget({ id: 'a', settings: { serializer: 'a', compression: 'br' } }, 1).headers).toEqual({
      'accept-encoding': 'br',
    });
    expect(gatewayTarget({ id: 'a', settings: { serializer: 'a' } }, 1).headers).toBeUndefined();
  });
});
