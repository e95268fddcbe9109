/**
 * One request of a server behind the gateway, counted, and its failure in the name of that server.
 */
import { McpError } from '@modelcontextprotocol/sdk/types.js';

import type { JsonObject } from '../json.ts';
import type { RequestContext, UpstreamClient } from './upstream-client.ts';
import { UpstreamFailure } from './upstream-session.ts';

/** What became of a request: an answer, an error of the server's own, or nothing of the kind. */
export type CallOutcome = 'answered' | 'error' | 'failed';

export interface AskedRequest {
  readonly method: string;
  /** Parameters for the server. @param own its own name for what is asked for. */
  readonly params: (own: string) => JsonObject;
  readonly context: RequestContext;
}

/**
 * @param own the server's own name for what is asked for.
 * @throws {McpError} its own error. @throws {UpstreamFailure} where it gave none; the message names the server.
 */
export async function askUpstream(
  { client, name }: { readonly client: UpstreamClient; readonly name: string },
  own: string,
  { method, params, context }: AskedRequest,
  count: ((outcome: CallOutcome) => void) | undefined,
): Promise<JsonObject> {
  try {
    const result = await client.request(method, params(own), context);
    count?.('answered');
    return result;
  } catch (error) {
    count?.(error instanceof UpstreamFailure ? 'failed' : 'error');
    // Its own error goes on as it is; who it came from stands where it says nothing itself.
    if (error instanceof McpError && error.data === undefined) throw Object.assign(error, { data: { server: name } });
    if (!(error instanceof UpstreamFailure)) throw error;
    throw new UpstreamFailure(`the server ${JSON.stringify(name)} behind this gateway failed: ${error.message}`, error);
  }
}
