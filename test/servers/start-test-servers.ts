/**
 * Servers of a kind with settings that a test does not care for filled in, and the official client to ask them.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';

import type { ServerKind } from '../../src/model/mcp-server.ts';
import { importModules } from '../../src/own-files.ts';
import { benchRoot } from '../../src/registry/registry.ts';
import type { ListeningServer } from '../../src/servers/http-server.ts';
import type { ServerSettings } from '../../src/servers/settings.ts';
import { type StartOptions, startServers } from '../../src/servers/start-servers.ts';

export async function settingsOf(kind: string, changed: Partial<ServerSettings> = {}): Promise<ServerSettings> {
  const [module] = await importModules<ServerKind>(new URL('servers/', benchRoot), kind);
  if (module === undefined) throw new Error(`there is no kind ${kind}`);
  return {
    kind,
    definition: module.content,
    counts: { tools: 5, resources: 4, prompts: 3 },
    sizes: { tool: 100, resource: 200, prompt: 300 },
    seed: 1,
    pageSize: 100,
    ...changed,
  };
}

/** Stopped when the test is over. */
export async function startTestServers(
  kind: string,
  options: Partial<Omit<StartOptions, 'settings'>> & { settings?: Partial<ServerSettings> } = {},
): Promise<[ListeningServer, ...ListeningServer[]]> {
  const { settings, ...rest } = options;
  const servers = await startServers({
    settings: await settingsOf(kind, settings),
    count: 1,
    host: '127.0.0.1',
    startPort: 0,
    allowedHosts: [],
    token: undefined,
    ...rest,
  });
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop(0)));
  });
  return servers as [ListeningServer, ...ListeningServer[]];
}

export async function connectClient(
  url: string,
  options: { capabilities?: Record<string, object>; headers?: Record<string, string> } = {},
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: options.capabilities ?? {} });
  const requestInit = { headers: options.headers ?? {} };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  onTestFinished(() => client.close());
  return client;
}
