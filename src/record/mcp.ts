/**
 * Reads the whole tool catalog of an MCP server over any transport, with the official client.
 *
 * Tools are taken from the raw answer: the client's own `listTools` would check them against the current protocol,
 * which may drop or reorder what a server of another version sends. Deliberately absent: how to reach the server.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';

import type { JsonValue } from '../model.ts';
import { readManifest } from '../own-files.ts';
import { collectPages, type Patience } from './catalog.ts';

/** What an MCP server says of itself and of its tools. */
export interface McpCatalog {
  readonly items: readonly JsonValue[];
  readonly server: { readonly name: string; readonly version: string };
}

/**
 * Initializes a session and pages through `tools/list`; the caller closes the transport.
 * @throws {UserError} for a catalog that is none (`collectPages`).
 * @throws {Error} from the client: the transport closed, the server answered with an error or with nonsense, or the
 * wait was cut short. The caller knows the transport and says what that means.
 */
export async function readMcpCatalog(request: {
  transport: Transport;
  patience: Patience;
  /** The start of an error message. */
  what: string;
}): Promise<McpCatalog> {
  const { transport, patience, what } = request;
  const own = readManifest();
  const client = new Client({ name: own.name, version: own.version });
  const signal = AbortSignal.any([patience.interrupted, patience.expired]);
  // The client has a timeout of its own, one minute a request; it must not end before the time that the user gave.
  const options = { signal, timeout: (patience.timeoutSeconds + 1) * 1000 };
  await client.connect(transport, options);
  const items = await collectPages({
    what,
    async fetchPage(cursor) {
      const params = cursor === undefined ? {} : { cursor };
      const result = await client.request({ method: 'tools/list', params }, ResultSchema, options);
      const { tools, nextCursor } = result;
      // Servers end their list with no cursor, with null or with an empty one.
      return { items: tools, next: typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined };
    },
  });
  const { name = '', version = '' } = client.getServerVersion() ?? {};
  return { items, server: { name, version } };
}
