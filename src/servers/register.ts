/**
 * Registers servers at a gateway, all at once and each as often as one likes: what is there already stays.
 */
import { setTimeout as wait } from 'node:timers/promises';

import { isObject } from '../json.ts';

export interface Registrable {
  readonly name: string;
  readonly url: string;
}

export interface Registration {
  readonly server: Registrable;
  readonly outcome: 'registered' | 'already registered' | 'failed';
  /** Why it failed. */
  readonly reason?: string;
}

export interface RegisterOptions {
  /** The gateway's own address. */
  readonly gateway: string;
  /** Its bearer token; none where absent. */
  readonly token: string | undefined;
  /** What the servers themselves ask for; the gateway is told. */
  readonly serverToken: string | undefined;
  readonly signal: AbortSignal;
}

/** Milliseconds for one request; a gateway asks the server for all that it has meanwhile. */
const requestLimitMs = 30_000;
/** Milliseconds in which a server has to answer /health, and between two tries. */
const readyLimitMs = 10_000;
const retryMs = 50;

/** In the order of the servers; a failure of one is none of the others. */
export function registerServers(servers: readonly Registrable[], options: RegisterOptions): Promise<Registration[]> {
  return Promise.all(
    servers.map(async (server): Promise<Registration> => {
      try {
        await waitUntilHealthy(server, options.signal);
        return { server, outcome: await register(server, options) };
      } catch (error) {
        return { server, outcome: 'failed', reason: describe(error) };
      }
    }),
  );
}

async function waitUntilHealthy({ url }: Registrable, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + readyLimitMs;
  for (;;) {
    try {
      const response = await fetch(`${url}/health`, { signal: limited(signal) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch (error) {
      if (signal.aborted || performance.now() > endMs) throw error;
    }
    if (performance.now() > endMs) throw new Error(`${url}/health does not say that it is healthy`);
    await wait(retryMs, undefined, { signal });
  }
}

async function register(
  { name, url }: Registrable,
  { gateway, token, serverToken, signal }: RegisterOptions,
): Promise<'registered' | 'already registered'> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const endpoint = new URL('gateways', gateway.endsWith('/') ? gateway : `${gateway}/`).href;
  const body = JSON.stringify({
    name,
    url: `${url}/mcp`,
    transport: 'STREAMABLEHTTP',
    ...(serverToken === undefined ? {} : { authType: 'bearer', authValue: serverToken }),
  });
  const response = await fetch(endpoint, { method: 'POST', headers, body, signal: limited(signal) });
  const text = await response.text();
  if (response.ok) return 'registered';
  if (response.status === 409) {
    const known = await findGateway(name, { endpoint, headers, signal });
    if (known === `${url}/mcp`) return 'already registered';
    throw new Error(
      known === undefined
        ? `the gateway refuses it: ${explain(response.status, text)}`
        : `the gateway knows another server of that name, at ${known}`,
    );
  }
  throw new Error(explain(response.status, text));
}

/** @returns its URL as the gateway has it. */
async function findGateway(
  name: string,
  { endpoint, headers, signal }: { endpoint: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<string | undefined> {
  const response = await fetch(endpoint, { headers, signal: limited(signal) });
  const list: unknown = await response.json();
  if (!Array.isArray(list)) return undefined;
  const found = list.find((one) => isObject(one) && one['name'] === name) as { url?: unknown } | undefined;
  return typeof found?.url === 'string' ? found.url : undefined;
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]);
}

/** Longest piece of an answer in a message. */
const longestAnswer = 200;

function explain(status: number, text: string): string {
  const message = messageOf(text);
  const hint = status === 401 || status === 403 ? '; name a variable with a token by --token-env' : '';
  return `the gateway answered ${status}${message === '' ? '' : `: ${message.slice(0, longestAnswer)}`}${hint}`;
}

function messageOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const said = isObject(body) ? (body['message'] ?? body['detail'] ?? body['error']) : undefined;
    return typeof said === 'string' ? said : '';
  } catch {
    return text;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only that it failed, and has the reason behind it.
  const { cause } = error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
