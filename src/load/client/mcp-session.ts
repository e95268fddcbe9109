/**
 * A session with an MCP server over Streamable HTTP, which all requests of a load are sent in.
 *
 * A server may do without one; then requests carry the revision alone. Source: MCP 2025-11-25, "Lifecycle" and
 * "Transports".
 */
import { isObject } from '../../json.ts';
import { LoadFailure } from '../failure.ts';
import { messageOf } from './answers.ts';
import { createClient, type ServerAddress } from './http-client.ts';

const newestRevision = '2025-11-25';

export interface McpSession {
  /** The server's, with what every request of the session carries. */
  readonly address: ServerAddress;
  /** Tells the server that the session is over, as far as it listens. */
  close(): Promise<void>;
}

/** @throws {LoadFailure} where the server does not let a client in; the socket's own error where there is none. */
export async function openMcpSession(address: ServerAddress, timeoutMs: number): Promise<McpSession> {
  const client = createClient(address, { connections: 1, timeoutMs });
  const post = { method: 'POST', path: '/' } as const;
  try {
    const clientInfo = { name: 'wirebench', version: '1' };
    const params = { protocolVersion: newestRevision, capabilities: {}, clientInfo };
    const answer = await client.read({ ...post, body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } });
    if (answer.status < 200 || answer.status > 299)
      throw new LoadFailure(`answered HTTP ${answer.status} to initialize: is the address that of its MCP endpoint?`);
    const message = messageOf(answer, 'initialize');
    const result = isObject(message) ? message['result'] : undefined;
    if (!isObject(result)) throw new LoadFailure('answered initialize with something else than a result');
    const { 'mcp-session-id': id } = answer.headers;
    const { protocolVersion: revision } = result;
    const opened: ServerAddress = {
      ...address,
      headers: {
        ...address.headers,
        'mcp-protocol-version': typeof revision === 'string' ? revision : newestRevision,
        ...(id === undefined ? {} : { 'mcp-session-id': String(id) }),
      },
    };
    await client.send({
      ...post,
      headers: opened.headers,
      body: { jsonrpc: '2.0', method: 'notifications/initialized' },
    });
    return { address: opened, close: () => (id === undefined ? Promise.resolve() : endSession(opened, timeoutMs)) };
  } finally {
    client.close();
  }
}

async function endSession(address: ServerAddress, timeoutMs: number): Promise<void> {
  const client = createClient(address, { connections: 1, timeoutMs });
  try {
    await client.send({ method: 'DELETE', path: '/' });
  } catch {
    // A server that has gone has no session left either.
  } finally {
    client.close();
  }
}
