/**
 * `wirebench stack` as a process: servers behind a gateway in one command, and nothing left behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Announced {
  readonly url: string;
  readonly token: string;
  readonly servers: readonly { readonly name: string; readonly url: string }[];
}

async function start(options: readonly string[]) {
  const child = spawn(process.execPath, [main, 'stack', '--json', '--port', '0', '--start-port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  const errors = text(child.stderr);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, errors, ...(JSON.parse(line) as Announced) };
}

async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/health', url))).ok;
  } catch {
    return false;
  }
}

describe('wirebench stack', () => {
  it('puts a gateway in front of servers, and ends all of it', { timeout: 60_000 }, async () => {
    const { child, url, token, servers } = await start(['--count', '2', '--tools', '3']);
    expect(servers).toHaveLength(3);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const tools = (await (await fetch(`${url}/tools`, { headers })).json()) as { name: string }[];
    expect(tools).toHaveLength(2 * 3 + 2);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'fast-time-get-system-time' },
    });
    const called = await fetch(`${url}/rpc`, { method: 'POST', headers, body });
    expect(await called.json()).toMatchObject({ result: { isError: false } });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const one of [url, ...servers.map((server) => server.url)]) expect(await isThere(one)).toBe(false);
  });

  it('ends with its parts where one of them cannot start', { timeout: 60_000 }, async () => {
    const first = await start(['--count', '1']);
    const { port } = new URL(first.servers[0]?.url ?? '');
    const second = spawn(process.execPath, [main, 'stack', '--count', '1', '--port', '0', '--start-port', port], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [errors, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
    expect(code).toBe(3);
    expect(errors).toContain('the port is taken');
    expect(await isThere(first.url)).toBe(true);
  });
});
