/**
 * The end of a process of servers under load: what was sent is answered.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'benchmark_tool_1' } });

/** One call over a connection that may have been used before. @returns why it failed; nothing where it did not. */
function call(url: string, agent: http.Agent): Promise<{ code: string; wasConnected: boolean } | undefined> {
  const { promise, resolve } = Promise.withResolvers<{ code: string; wasConnected: boolean } | undefined>();
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const request = http.request(url, { agent, method: 'POST', headers }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode === 200 ? undefined : { code: 'status', wasConnected: true }));
    response.on('error', () => resolve({ code: 'cut', wasConnected: true }));
  });
  request.on('error', (error: NodeJS.ErrnoException) =>
    resolve({ code: error.code ?? error.message, wasConnected: request.reusedSocket }),
  );
  request.end(body);
  return promise;
}

it('answers every call that was sent over a connection of before', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 5; round += 1) {
    const child = spawn(process.execPath, [main, 'servers', '--json', '--count', '2', '--start-port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { servers } = JSON.parse(line) as { servers: { url: string }[] };
    const agent = new http.Agent({ keepAlive: true });
    let answered = 0;
    const client = async (url: string): Promise<{ code: string; wasConnected: boolean }> => {
      for (;;) {
        const failure = await call(url, agent);
        if (failure !== undefined) return failure;
        answered += 1;
      }
    };
    const clients = Array.from({ length: 40 }, (_, index) => client(servers[index % 2]?.url ?? ''));
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(500);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const failures = await Promise.all(clients);
    expect(failures.filter(({ wasConnected }) => wasConnected)).toEqual([]);
    agent.destroy();
  }
});
