/**
 * Reads the whole tool catalog of an MCP server over any transport, with the official client.
 *
 * Tools are taken from the raw answer: the client's own `listTools` would check them against the current protocol,
 * which may drop or reorder what a server of another version sends.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';

import { toOneLine } from '../foreign-text.ts';
import type { JsonValue } from '../model/values.ts';
import { readManifest } from '../own-files.ts';
import { UserError } from '../user-error.ts';
import { collectPages, type CatalogLimits, type Patience } from './catalog.ts';
import type { ChangeNotes } from './change-notes.ts';

/** Where the tools stand in an answer's message. */
export const listPointer = '/result/tools';

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
  limits: CatalogLimits;
  /** Who made the transport lets them look at its messages, by `listPointer`. */
  notes: ChangeNotes;
}): Promise<McpCatalog> {
  const { transport, patience, what, limits, notes } = request;
  const own = readManifest();
  const client = new Client({ name: own.name, version: own.version });
  const signal = AbortSignal.any([patience.interrupted, patience.expired]);
  // The client has a timeout of its own, one minute a request; it must not end before the time that the user gave.
  const options = { signal, timeout: (patience.timeoutSeconds + 1) * 1000 };
  await client.connect(transport, options);
  let pages = 0;
  const items = await collectPages({
    what,
    limits,
    onNote: (note) => notes.add(note),
    async fetchPage(cursor) {
      notes.startPage();
      pages += 1;
      const params = cursor === undefined ? {} : { cursor };
      const { tools, nextCursor } = await client.request({ method: 'tools/list', params }, ResultSchema, options);
      if (nextCursor === undefined || nextCursor === null) return { items: tools };
      if (typeof nextCursor === 'string') return { items: tools, next: nextCursor, isNextEmpty: nextCursor === '' };
      throw new UserError(
        `${what}: page ${pages} names the next one by ${toOneLine(JSON.stringify(nextCursor), 60)}, and a cursor is a string`,
        {
          hint: 'report it to the author of the server; what lies behind such a cursor cannot be asked for',
        },
      );
    },
  });
  const { name = '', version = '' } = client.getServerVersion() ?? {};
  return { items, server: { name, version } };
}
