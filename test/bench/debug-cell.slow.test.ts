/**
 * `pnpm debug:cell`: the worker of the cell waits for a debugger, goes on when told to, and answers as in a run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../bench/reference/debug-cell.ts', import.meta.url));
const limitMs = 60_000;

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks the port until the worker listens there. */
async function findDebugger(port: number): Promise<string> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch {
      // Nobody listens yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it(
  'holds the worker at its first line until a debugger lets it go',
  async () => {
    const port = await findFreePort();
    const child = spawn(process.execPath, [script, '--items', '10', '--port', `${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: limitMs,
    });
    const printed = text(child.stdout);
    const socket = new WebSocket(await findDebugger(port));
    await once(socket, 'open');
    const paused = new Promise<void>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        if ((JSON.parse(String(data)) as { method?: string }).method === 'Debugger.paused') resolve();
      });
    });
    const methods = ['Debugger.enable', 'Runtime.runIfWaitingForDebugger'];
    for (const [index, method] of methods.entries()) socket.send(JSON.stringify({ id: index + 1, method }));
    await paused;
    socket.send(JSON.stringify({ id: 3, method: 'Debugger.disable' }));
    // A process that ends waits for its debugger to leave.
    socket.close();
    const outcome = JSON.parse(await printed) as { status: string; cell: { contender: string; items: number } };
    expect(outcome).toMatchObject({ status: 'ok', cell: { contender: 'json-stringify', items: 10 } });
  },
  limitMs,
);
