/**
 * Servers and gateways that are killed under calls, again and again: nobody hangs, nothing that was registered is lost,
 * and nothing is left running.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const rounds = 20;
const upstreamTimeoutMs = 1_000;
/** For the machine to be as slow as it likes; a call that hangs takes for ever. */
const callLimitMs = 20_000;

async function start(args: readonly string[]): Promise<{ child: ChildProcess; announced: Record<string, unknown> }> {
  const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, announced: JSON.parse(line) as Record<string, unknown> };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function gatewayArguments(database: string, port: string): string[] {
  const data = ['--items', '0', '--database', database, '--port', port];
  return [
    'gateway',
    '--no-auth',
    '--allow-upstreams',
    '127.0.0.1',
    '--upstream-timeout',
    `${upstreamTimeoutMs}ms`,
    ...data,
  ];
}

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(callLimitMs),
  });
}

/** What came of a call: an answer, an error that says why, or no gateway at all. */
async function call(gateway: string, name: string): Promise<'answered' | 'explained' | 'no gateway'> {
  try {
    const response = await post(`${gateway}/rpc`, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
    const { result, error } = (await response.json()) as { result?: object; error?: { message: string } };
    if (result !== undefined) return 'answered';
    expect(error?.message).toContain('behind this gateway failed');
    return 'explained';
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw error;
    return 'no gateway';
  }
}

/** Calls that go on until the test is done with them. */
function keepCalling(gateway: string, name: string): { stop: () => Promise<Map<string, number>> } {
  const counts = new Map<string, number>();
  const done = new AbortController();
  const client = async (): Promise<void> => {
    while (!done.signal.aborted) {
      const outcome = await call(gateway, name);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (outcome === 'no gateway') await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const clients = Array.from({ length: 8 }, client);
  return {
    async stop() {
      done.abort();
      await Promise.all(clients);
      return counts;
    },
  };
}

function makeDatabase(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-crash-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return path.join(directory, 'gateway.db');
}

const serverPort = (announced: Record<string, unknown>): string =>
  new URL((announced['servers'] as { url: string }[])[0]?.url ?? '').port;

describe('under calls', () => {
  it(`a server is killed ${rounds} times`, { timeout: 240_000 }, async () => {
    let server = await start(['servers', '--count', '1', '--start-port', '0', '--tools', '1']);
    const port = serverPort(server.announced);
    const { announced } = await start(gatewayArguments(makeDatabase(), '0'));
    const gateway = String(announced['url']);
    const registered = await post(`${gateway}/gateways`, { name: 'one', url: `http://127.0.0.1:${port}/mcp` });
    expect(registered.status).toBe(201);
    const calls = keepCalling(gateway, 'one-benchmark-tool-1');
    for (let round = 0; round < rounds; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await kill(server.child);
      server = await start(['servers', '--count', '1', '--start-port', port, '--tools', '1']);
      await expect.poll(() => call(gateway, 'one-benchmark-tool-1'), { timeout: callLimitMs }).toBe('answered');
    }
    const counts = await calls.stop();
    expect(counts.get('no gateway')).toBeUndefined();
    expect(counts.get('answered')).toBeGreaterThan(rounds);
  });

  it(`the gateway is killed ${rounds} times`, { timeout: 240_000 }, async () => {
    const server = await start(['servers', '--count', '1', '--start-port', '0', '--tools', '3']);
    const database = makeDatabase();
    let gateway = await start(gatewayArguments(database, '0'));
    const { port } = new URL(String(gateway.announced['url']));
    const url = `http://127.0.0.1:${port}`;
    const registered = await post(`${url}/gateways`, {
      name: 'one',
      url: `http://127.0.0.1:${serverPort(server.announced)}/mcp`,
    });
    expect(registered.status).toBe(201);
    const calls = keepCalling(url, 'one-benchmark-tool-1');
    for (let round = 0; round < rounds; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await kill(gateway.child);
      gateway = await start(gatewayArguments(database, port));
      await expect.poll(() => call(url, 'one-benchmark-tool-3'), { timeout: callLimitMs }).toBe('answered');
      expect(await (await fetch(`${url}/gateways`)).json()).toHaveLength(1);
      expect(await (await fetch(`${url}/tools`)).json()).toHaveLength(3);
    }
    const counts = await calls.stop();
    expect(counts.get('answered')).toBeGreaterThan(rounds);
  });
});
