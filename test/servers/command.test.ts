/**
 * `wirebench servers` as a process: what it prints, what it refuses, and how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

type Child = ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream };

function start(options: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, [main, 'servers', ...options], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

interface Described {
  readonly pid: number;
  readonly servers: readonly { readonly name: string; readonly url: string }[];
}

async function startJson(options: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(['--json', '--start-port', '0', ...options], env);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Described) };
}

async function fail(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: unknown; errors: string }> {
  const child = start(options, env);
  child.stdout.resume();
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, errors };
}

describe('wirebench servers', () => {
  it('says in one line of JSON where they are, and ends with 0 on SIGTERM', async () => {
    const { child, pid, servers } = await startJson(['--count', '3', '--tools', '2']);
    expect(pid).toBe(child.pid);
    expect(servers).toHaveLength(3);
    for (const { url } of servers) expect((await fetch(new URL('/health', url))).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints addresses and a command to try for people', async () => {
    const child = start(['--count', '2', '--start-port', '0']);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.startsWith('stop it')) break;
    }
    expect(lines.join('\n')).toMatch(/servers\s+2 of kind benchmark, ready in \d+ ms/);
    expect(lines.join('\n')).toMatch(/each has\s+50 tools, 20 resources, 10 prompts/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes its count from the environment', async () => {
    const { servers } = await startJson([], { BENCHMARK_SERVER_COUNT: '4' });
    expect(servers).toHaveLength(4);
  });

  it.each([
    [[], { BENCHMARK_SERVER_COUNT: 'many' }, 'cannot read BENCHMARK_SERVER_COUNT'],
    [['--kind', 'other'], {}, 'Allowed choices are'],
    [['--stdio', '--count', '2'], {}, 'cannot start with --stdio and --count'],
    [['--register', 'gateway'], {}, 'it is no address of a gateway'],
    [['--token-env', 'NO_SUCH_VARIABLE'], {}, 'the variable NO_SUCH_VARIABLE is not set'],
    [['--host', '192.0.2.1'], {}, 'this machine has no such address'],
  ])('refuses %j with %j', async (options, env, expected) => {
    const { code, errors } = await fail(options, env);
    expect(errors).toContain(expected);
    expect(code).toBe(2);
  });

  it('names a port that is taken, and leaves nothing running', async () => {
    const { servers } = await startJson(['--count', '1']);
    const port = new URL(servers[0]?.url ?? '').port;
    const { code, errors } = await fail(['--count', '2', '--start-port', port]);
    expect(code).toBe(2);
    expect(errors).toContain(`port ${port}: the port is taken`);
  });

  it('ends where a gateway refuses a server', async () => {
    const { code, errors } = await fail(['--count', '2', '--start-port', '0', '--register', 'http://127.0.0.1:9']);
    expect(code).toBe(2);
    expect(errors).toContain('not registered: benchmark-server-');
    expect(errors).toContain('2 of 2 servers could not be registered');
  });

  it('speaks over stdin and stdout, and ends with its client', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [main, 'servers', '--stdio', '--tools', '3'],
      stderr: 'pipe',
    });
    await client.connect(transport);
    expect((await client.listTools()).tools).toHaveLength(3);
    const { pid } = transport;
    await client.close();
    await expect.poll(() => isAlive(pid ?? 0), { timeout: 5000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
