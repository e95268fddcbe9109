/**
 * Reads the tools of an MCP server behind a URL, over Streamable HTTP, in one session that is ended afterwards.
 *
 * A module of its own, since it needs the MCP SDK, which is there only for who records MCP servers.
 */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { UserError } from '../user-error.ts';
import { createBoundedFetch } from './bounded-fetch.ts';
import { createByteBudget, type Catalog, type CatalogLimits, type Patience } from './catalog.ts';
import { createChangeNotes } from './change-notes.ts';
import { listPointer, readMcpCatalog } from './mcp.ts';
import { describeUrl } from './redact.ts';

/** Time for the server to take note of the end of its session; it forgets the session without it, too. */
const farewellMs = 1000;

/**
 * @param request.what the start of an error message.
 * @throws {Error} from the client or the transport; the caller says what that means.
 */
export async function readMcpUrl(request: {
  url: URL;
  authorization: string | undefined;
  patience: Patience;
  limits: CatalogLimits;
  what: string;
}): Promise<Catalog> {
  const { url, authorization, patience, limits, what } = request;
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const notes = createChangeNotes();
  const stop = new AbortController();
  let failure: unknown;
  const transport = new StreamableHTTPClientTransport(url, {
    requestInit: { headers },
    fetch: createBoundedFetch({
      what,
      budget: createByteBudget(what, limits),
      onText: (text) => notes.look(text, listPointer),
      onNote: (note) => notes.add(note),
      onFailure(error) {
        // A stream that fails is opened again by the client; what was refused once will be refused again.
        if (!(error instanceof UserError)) return;
        failure ??= error;
        stop.abort();
      },
    }),
  });
  try {
    // The SDK's transport has a sessionId getter that may be undefined, which exactOptionalPropertyTypes refuses.
    const generic = transport as Parameters<typeof readMcpCatalog>[0]['transport'];
    const stoppable = { ...patience, expired: AbortSignal.any([patience.expired, stop.signal]) };
    const { items, server } = await readMcpCatalog({ transport: generic, patience: stoppable, what, limits, notes });
    return {
      items,
      source: { kind: 'mcp-http', url: describeUrl(url), server },
      title: server.name,
      notes: notes.list(),
    };
  } catch (error) {
    throw failure ?? error;
  } finally {
    const farewell = transport.terminateSession().catch(() => {});
    if (!patience.interrupted.aborted) {
      const late = AbortSignal.timeout(farewellMs);
      await Promise.race([farewell, new Promise((resolve) => late.addEventListener('abort', resolve))]);
    }
    await transport.close();
  }
}
