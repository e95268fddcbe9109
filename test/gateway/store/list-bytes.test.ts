/** How many bytes lists, exports and batches read, by what they ask of a store with large rows. */
import { describe, expect, it, onTestFinished } from 'vitest';

import { createGateway } from '../../../src/gateway/app.ts';
import type { EntityKind } from '../../../src/gateway/entities/entity.ts';
import { mostListBytes, mostPageBytes } from '../../../src/gateway/store/list-bytes.ts';
import { openStore } from '../../../src/gateway/store/open-store.ts';
import type { EntityPage, PageRequest, Store } from '../../../src/gateway/store/store.ts';
import { plainResponses } from '../start-gateway.ts';

interface Asked {
  readonly kind: EntityKind;
  readonly mostBytes: number | undefined;
  readonly bytes: number;
}

/** A gateway over a real store, whose lists are written down; @param rows tools and the characters of each. */
async function startWith(rows: {
  readonly count: number;
  readonly size: number;
}): Promise<{ app: Awaited<ReturnType<typeof createGateway>>; asked: Asked[] }> {
  const store = await openStore({ url: ':memory:' });
  const description = 'x'.repeat(rows.size);
  const asked: Asked[] = [];
  const watched: Store = {
    ...store,
    async list(kind: EntityKind, page?: PageRequest): Promise<EntityPage> {
      const found = await store.list(kind, page);
      asked.push({ kind, mostBytes: page?.mostBytes, bytes: found.bytes });
      return found;
    },
  };
  const settings = {
    responses: plainResponses,
    auth: undefined,
    bodyLimitBytes: 1_000_000,
    pageSize: 50,
    mostPageItems: 1_000,
    drainMs: 1_000,
  };
  const app = await createGateway({ store: watched, settings });
  onTestFinished(async () => {
    await app.close();
    await store.close();
  });
  const payloads: [url: string, payload: object][] = Array.from({ length: rows.count }, (_, index) => [
    '/tools',
    { name: `t${index}`, originalName: `t${index}`, description, inputSchema: { type: 'object' }, tags: [] },
  ]);
  payloads.push(['/resources', { name: 'r', uri: 'x://r', description, mimeType: 'text/plain', tags: [] }]);
  for (const [url, payload] of payloads)
    expect((await app.inject({ method: 'POST', url, payload })).statusCode).toBe(201);
  return { app, asked };
}

describe('lists of large rows', () => {
  it('ask the store for no more than a page or a list may have, whatever is asked of them', async () => {
    const { app, asked } = await startWith({ count: 80, size: 900_000 });
    const statuses: number[] = [];
    for (const url of [
      '/tools',
      '/tools?limit=79',
      '/tools?limit=3',
      '/tools?include_pagination=true&limit=1000',
      '/export',
      '/tags',
      '/servers',
      '/gateways',
    ]) {
      statuses.push((await app.inject(url)).statusCode);
    }
    expect(statuses).toEqual([422, 422, 200, 200, 422, 200, 200, 200]);
    const list = await app.inject({
      method: 'POST',
      url: '/rpc',
      payload: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { limit: 1_000 } },
    });
    expect(list.body.length).toBeLessThan(mostPageBytes * 1.1);
    expect(asked.length).toBeGreaterThan(10);
    for (const { mostBytes = Number.POSITIVE_INFINITY, bytes } of asked) {
      expect(mostBytes).toBeLessThanOrEqual(mostListBytes);
      expect(bytes).toBeLessThanOrEqual(mostBytes);
    }
    expect(await app.inject('/tools').then((answer) => answer.json<{ message: string }>().message)).toContain(
      'include_pagination=true&limit=50',
    );
  });

  it('are read by pages without a gap', async () => {
    const { app } = await startWith({ count: 20, size: 900_000 });
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { tools: { name: string }[]; nextCursor: string | null } = (
        await app.inject(`/tools?include_pagination=true&limit=15${cursor}`)
      ).json();
      expect(page.tools.length).toBeGreaterThan(0);
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor === null ? null : `&cursor=${page.nextCursor}`;
    }
    expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `t${index}`));
  });
});

describe('a batch', () => {
  it.each([
    ['lists', { method: 'tools/list', params: { limit: 5 } }],
    ['reads', { method: 'resources/read', params: { uri: 'x://r' } }],
  ])(
    'of %s is answered as far as a page of bytes goes, and says so of each message beyond it',
    async (_name, message) => {
      const { app, asked } = await startWith({ count: 6, size: 900_000 });
      const headers = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-03-26' };
      const params = { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
      const opened = await app.inject({
        method: 'POST',
        url: '/mcp',
        headers,
        payload: { jsonrpc: '2.0', id: 0, method: 'initialize', params },
      });
      const session = { ...headers, 'mcp-session-id': String(opened.headers['mcp-session-id']) };
      const payload = Array.from({ length: 50 }, (_, id) => ({ jsonrpc: '2.0', id, ...message }));
      const answer = await app.inject({ method: 'POST', url: '/mcp', headers: session, payload });
      expect(answer.body.length).toBeLessThan(mostPageBytes * 1.1);
      const answers = answer.json<{ id: number; result?: object; error?: { message: string } }[]>();
      expect(answers.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(payload.map(({ id }) => id));
      const refused = answers.filter(({ error }) => error !== undefined);
      expect(refused.length).toBeGreaterThan(40);
      expect(refused.length).toBeLessThan(50);
      for (const { error } of refused) expect(error?.message).toContain('send this message by itself');
      // What is refused is not read either, but for the one that was found to be too much.
      expect(asked.length).toBeLessThanOrEqual(50 - refused.length + 1);
    },
  );
});
