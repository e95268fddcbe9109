/**
 * The fixture server of the conformance suite, and the gateway in front of it, in this process.
 */
import everything from '../../servers/everything.ts';
import { createGateway } from '../../../src/gateway/app.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import { readAllowed } from '../../../src/gateway/upstreams/addresses.ts';
import { createCredentialKeeper } from '../../../src/gateway/upstreams/credentials.ts';
import { startServers } from '../../../src/servers/start-servers.ts';

export interface Stack {
  /** Addresses of the MCP endpoints. */
  readonly direct: string;
  readonly gateway: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const timeoutMs = 10_000;

export async function startStack(): Promise<Stack> {
  const nothing = { tools: 0, resources: 0, prompts: 0 };
  const [server] = await startServers({
    settings: {
      kind: 'everything',
      definition: everything,
      counts: nothing,
      sizes: { tool: 0, resource: 0, prompt: 0 },
      seed: 1,
      pageSize: 100,
    },
    count: 1,
    host,
    startPort: 0,
    allowedHosts: [],
    token: undefined,
  });
  if (server === undefined) throw new Error('no server was started');
  const store = await openStore({ url: ':memory:', requestTimeoutMs: timeoutMs, signal: new AbortController().signal });
  const app = await createGateway({
    store,
    settings: {
      responses: {
        serializer: 'gateway-serializer',
        compression: 'none',
        compressionMinimumBytes: 500,
        cache: false,
        keepAlive: true,
      },
      auth: undefined,
      bodyLimitBytes: 1024 * 1024,
      pageSize: 50,
      mostPageItems: 100,
      drainMs: 1_000,
    },
    upstreams: {
      allowed: readAllowed([host]),
      // The suite asks for things by their own names.
      naming: { separator: undefined },
      credentials: createCredentialKeeper('nothing is kept here', {}),
      timeoutMs,
      healthEveryMs: 60_000,
      limits: { connections: 8, answerBytes: 1024 * 1024, connectMs: 1_000 },
    },
  });
  const gateway = await app.listen({ host, port: 0 });
  const registered = await fetch(`${gateway}/gateways`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'everything', url: `${server.url}/mcp` }),
  });
  if (!registered.ok) throw new Error(`the fixture server was not registered: ${await registered.text()}`);
  return {
    direct: `${server.url}/mcp`,
    gateway: `${gateway}/mcp`,
    async stop() {
      await app.close();
      await store.close();
      await server.stop(1_000);
    },
  };
}
