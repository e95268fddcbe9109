/**
 * One server over stdin and stdout, as agents start them.
 */
import type { Readable, Writable } from 'node:stream';

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

import { type Served, createSessionServer } from './session-server.ts';

/** Serves until the client goes or the signal ends it. */
export async function serveStdio(
  served: Served,
  { stdin, stdout, signal }: { stdin: Readable; stdout: Writable; signal: AbortSignal },
): Promise<void> {
  const server = createSessionServer(served);
  const ended = Promise.withResolvers<void>();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's own way
  server.onclose = () => ended.resolve();
  signal.addEventListener('abort', () => void server.close(), { once: true });
  stdin.once('end', () => void server.close());
  await server.connect(new StdioServerTransport(stdin, stdout));
  if (signal.aborted) await server.close();
  await ended.promise;
}
