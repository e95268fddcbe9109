/**
 * One request at a time over node:http: for what is not a closed loop, and for looking at answers before they count.
 *
 * Follows no redirect, so that a request never leaves the host it was meant for. Where a server is known to close its
 * connections, a request that met such a close before any byte of its answer is sent once more over a fresh connection,
 * as RFC 9112, section 9.3.1 has clients do; its latency holds both attempts. There is no other retry, which would hide
 * failures.
 */
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';

import { isObject } from '../../json.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { JsonValue } from '../../model/values.ts';
import { LoadFailure } from '../failure.ts';

/** Where a server is, and what every request to it carries. */
export interface ServerAddress {
  /** Ends without a slash. */
  readonly url: string;
  /** Lower-case names; may hold a token and is never shown. */
  readonly headers: Readonly<Record<string, string>>;
  /** True where the server closes connections as it likes. */
  readonly closesConnections?: true;
  /** True where the address is the endpoint of an MCP server: whatever is asked is posted there, in one session. */
  readonly isMcp?: true;
}

/** What a client sends. */
export interface ClientRequest extends Pick<HttpRequest, 'path' | 'body'> {
  readonly method: HttpRequest['method'] | 'DELETE';
  /** Beside those of the address, which they replace; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Receipt {
  readonly status: number;
  /** All that came out of the socket for it. */
  readonly wireBytes: number;
}

export interface WholeAnswer extends Receipt {
  readonly headers: IncomingHttpHeaders;
  /** Decoded, whatever encoding it came in. */
  readonly body: Buffer;
}

/** Connections that requests may share; ends with `close`. */
export interface Client {
  /** Whether it speaks to the endpoint of an MCP server, where every request has an id of its own. */
  readonly isMcp: boolean;
  /**
   * Sends, waits for the end of the answer, whatever its status, and forgets its body.
   * @throws the socket's own error, or one with the code `timeout` or `connection closed`.
   */
  send(request: ClientRequest): Promise<Receipt>;
  /**
   * The same with the body.
   * @throws as `send` does; {LoadFailure} for an encoding that is not known.
   */
  read(request: ClientRequest): Promise<WholeAnswer>;
  close(): void;
}

/** Where a request goes. */
export function urlOf({ url, isMcp }: ServerAddress, { path }: ClientRequest): string {
  return isMcp === true ? url : url + path;
}

/** The headers and the body that a request goes out with. */
export function encodeRequest(
  address: ServerAddress,
  request: ClientRequest,
): { headers: Record<string, string>; body: string | undefined } {
  const { body: value } = request;
  const body = value === undefined ? undefined : JSON.stringify(address.isMcp === true ? withOwnId(value) : value);
  const isRpc = address.isMcp === true || /^\/rpc$|\/mcp$/.test(request.path);
  const accept = isRpc ? 'application/json, text/event-stream' : 'application/json';
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  return { headers: { accept, ...address.headers, ...content, ...request.headers }, body };
}

let lastId = 0;

/** A session may see no id of a request twice, and what is sent is prepared in one process and measured in another. */
function withOwnId(body: JsonValue): JsonValue {
  if (!isObject(body) || !('id' in body)) return body;
  lastId += 1;
  return { ...body, id: `${process.pid}-${lastId}` };
}

/**
 * Connects to a server.
 * @param options.connections at most; further requests wait for one of them. @param options.timeoutMs of one request.
 */
export function createClient(address: ServerAddress, options: { connections: number; timeoutMs: number }): Client {
  const secure = address.url.startsWith('https:');
  const agentOptions = { maxSockets: options.connections };
  const makeAgent = (keepAlive: boolean): http.Agent =>
    secure ? new https.Agent({ ...agentOptions, keepAlive }) : new http.Agent({ ...agentOptions, keepAlive });
  const agent = makeAgent(true);
  const freshAgent = makeAgent(false);
  // Sockets are shared by successive requests, so each one remembers how far earlier answers went.
  const readBefore = new WeakMap<Socket, number>();
  const begin = async (request: ClientRequest, onData: (chunk: Buffer) => void) => {
    const parts = { ...encodeRequest(address, request), url: urlOf(address, request), method: request.method };
    const attempt = { ...parts, secure, readBefore, onData, timeoutMs: options.timeoutMs };
    if (address.closesConnections !== true) return exchange({ ...attempt, agent });
    // What may change something is never sent twice, so it gets a connection that nobody has closed yet.
    if (request.method !== 'GET') return exchange({ ...attempt, agent: freshAgent });
    try {
      return await exchange({ ...attempt, agent });
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return exchange({ ...attempt, agent: freshAgent });
    }
  };
  return {
    isMcp: address.isMcp === true,
    send: (request) => begin(request, () => {}),
    async read(request) {
      const chunks: Buffer[] = [];
      const receipt = await begin(request, (chunk) => chunks.push(chunk));
      return { ...receipt, body: await decode(Buffer.concat(chunks), receipt.headers['content-encoding']) };
    },
    close() {
      agent.destroy();
      freshAgent.destroy();
    },
  };
}

/** A connection that had served before was closed when the next request came, and no byte of an answer had. */
class StaleConnection extends Error {
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.code = cause.code ?? 'connection closed';
  }
}

interface Exchange {
  readonly secure: boolean;
  readonly agent: http.Agent;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly readBefore: WeakMap<Socket, number>;
  readonly onData: (chunk: Buffer) => void;
  readonly timeoutMs: number;
}

function exchange({
  secure,
  agent,
  url,
  method,
  headers,
  body,
  readBefore,
  onData,
  timeoutMs,
}: Exchange): Promise<Omit<WholeAnswer, 'body'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Omit<WholeAnswer, 'body'>>();
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
  let hasAnswer = false;
  const outgoing = (secure ? https : http).request(
    url,
    { agent, method, headers: { ...headers, ...length } },
    (response) => {
      hasAnswer = true;
      // Taken now: at the end of an answer the socket belongs to the agent again.
      const { socket } = response;
      response.on('data', onData);
      response.on('error', reject);
      response.on('end', () => {
        const wireBytes = socket.bytesRead - (readBefore.get(socket) ?? 0);
        readBefore.set(socket, socket.bytesRead);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, wireBytes });
      });
      // A connection that closes in the middle of an answer gives no `end`.
      response.on('close', () => reject(Object.assign(new Error('connection closed'), { code: 'connection closed' })));
    },
  );
  const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })), timeoutMs);
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    const isStale = outgoing.reusedSocket && !hasAnswer && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    reject(isStale ? new StaleConnection(error) : error);
  });
  outgoing.on('close', () => clearTimeout(timer));
  outgoing.end(body);
  return promise;
}

const decoders: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  br: promisify<Buffer, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, Buffer>(zstdDecompress),
};

async function decode(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  const decoder = decoders[encoding];
  if (decoder === undefined)
    throw new LoadFailure(`answered with the encoding ${JSON.stringify(encoding)}, which nobody asked for`);
  return decoder(bytes);
}
