/**
 * Endpoints of MCP servers that somebody else runs, by the official SDK's own transport: with sessions and without, with
 * answers as events and as JSON. Each is measured, in one session, and sees no id of a request twice.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expect, it } from 'vitest';

import type { HttpPlan } from '../../../src/load/plan.ts';
import { openSite } from '../../../src/load/servers/user-site.ts';
import { runHttpPlan } from '../../../src/load/session.ts';
import type { HttpOutcome } from '../../../src/model/http.ts';
import { builtInMetrics } from '../../records.ts';
import { scenariosById } from '../scenarios.ts';
import { quickProfile } from './quick-profile.ts';

const profile = quickProfile(1);

interface Site {
  readonly url: string;
  /** Ids of requests by session, in their order. */
  readonly ids: ReadonlyMap<string, readonly unknown[]>;
  /** Sessions that the client has not ended. */
  readonly open: ReadonlyMap<string, unknown>;
  close(): void;
}

async function startSite({ hasSessions, asJson }: { hasSessions: boolean; asJson: boolean }): Promise<Site> {
  const open = new Map<string, StreamableHTTPServerTransport>();
  const ids = new Map<string, unknown[]>();
  const connect = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: hasSessions ? randomUUID : undefined,
      enableJsonResponse: asJson,
      onsessioninitialized: (id) => void open.set(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    } as ConstructorParameters<typeof StreamableHTTPServerTransport>[0]);
    const mcp = new McpServer({ name: 'other', version: '1' });
    mcp.registerTool('say', { description: 'Says something' }, () => ({ content: [{ type: 'text', text: 'said' }] }));
    await mcp.connect(transport);
    return transport;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = String(request.headers['mcp-session-id'] ?? '');
    const body = request.method === 'POST' ? ((await json(request)) as { id?: unknown }) : undefined;
    if (body?.id !== undefined) ids.set(id, [...(ids.get(id) ?? []), body.id]);
    const transport = open.get(id) ?? (await connect());
    await transport.handleRequest(request, response, body);
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A path that no gateway of ours has.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where`,
    ids,
    open,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function measure(url: string): Promise<HttpOutcome[]> {
  const plan: HttpPlan = {
    suites: [
      {
        id: 'site',
        reference: 'other',
        targets: [{ id: 'other', site: openSite({ url, mcp: true, env: {} }) }],
        scenarios: scenariosById(['rpc-tool-call', 'rpc-tools-list']),
        sweeps: false,
        headline: [],
      },
    ],
    profile,
    metrics: builtInMetrics,
    seed: 1,
    writeToSites: true,
  };
  const outcomes: HttpOutcome[] = [];
  const { signal } = new AbortController();
  for await (const event of runHttpPlan(plan, { signal, now: () => performance.now() }))
    if (event.type === 'outcome') outcomes.push(event.outcome);
  return outcomes;
}

it.each([
  ['with sessions, answering with events', { hasSessions: true, asJson: false }],
  ['without sessions, answering with JSON', { hasSessions: false, asJson: true }],
])('an MCP server %s is measured', async (_name, options) => {
  const site = await startSite(options);
  try {
    const outcomes = await measure(site.url);
    expect(outcomes.map(({ scenario, status, reason }) => `${scenario} ${reason ?? status}`).toSorted()).toEqual([
      'rpc-tool-call ok',
      'rpc-tools-list ok',
    ]);
    expect(outcomes.every(({ failures }) => Object.keys(failures).length === 0)).toBe(true);
    expect(outcomes.every(({ warnings }) => warnings.join().includes('one session of MCP'))).toBe(true);
    // Each server of a round and each look at one has a session, and ends it.
    expect([...site.ids.keys()].filter((id) => id !== '').length).toBe(options.hasSessions ? 4 : 0);
    expect(site.open.size).toBe(0);
    for (const [session, ids] of site.ids)
      if (session !== '' && ids.length !== new Set(ids).size) throw new Error(`${session} saw an id twice`);
  } finally {
    site.close();
  }
});

it('an address that is no endpoint of MCP fails with what may be wrong', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const outcomes = await measure(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(new Set(outcomes.map(({ status, reason }) => `${status}: ${reason}`))).toEqual(
      new Set(['failed: answered HTTP 404 to initialize: is the address that of its MCP endpoint?']),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
