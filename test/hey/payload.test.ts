/**
 * Payloads that are made up of what a server offers, and what becomes of a server that offers nothing.
 */
import type { ServerResponse } from 'node:http';

import { describe, expect, it } from 'vitest';

import { isSameTool, makePayloads } from '../../src/hey/payload.ts';
import type { Target } from '../../src/hey/settings.ts';
import { answerMcp, type SeenRequest, sendJson, startServer } from './start-servers.ts';

const { signal } = new AbortController();

function targetOf(url: string): Target {
  return {
    url: new URL(`${url}/rpc`),
    method: 'POST',
    headers: [{ name: 'Accept', value: 'application/json, text/event-stream' }],
    payload: { kind: 'made up' },
  };
}

async function titleFor(answer: (request: SeenRequest, response: ServerResponse) => void): Promise<string | undefined> {
  const { url } = await startServer(answer);
  const [payload] = await makePayloads([targetOf(url)], signal);
  return payload?.title;
}

function errorTo(method: string): (request: SeenRequest, response: ServerResponse) => void {
  return (request, response) =>
    request.body.includes(`"${method}"`)
      ? sendJson(response, { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no' } })
      : answerMcp(request, response);
}

describe('makePayloads', () => {
  it('calls the first tool that answers', async () => {
    const { url, seen } = await startServer((request, response) => answerMcp(request, response));
    const [payload] = await makePayloads([targetOf(url)], signal);
    expect(payload?.title).toBe('tools/call of first-tool');
    expect(JSON.parse(payload?.bytes.toString() ?? '')).toMatchObject({
      method: 'tools/call',
      params: { name: 'first-tool' },
    });
    expect(seen).toHaveLength(2);
  });

  it('reads answers that come as events', async () => {
    const title = await titleFor((request, response) => {
      const { id, method } = JSON.parse(request.body) as { id: unknown; method: string };
      const result = method === 'tools/list' ? { tools: [{ name: 'only', inputSchema: { type: 'object' } }] } : {};
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
    });
    expect(title).toBe('tools/call of only');
  });

  it('falls back to the list where no tool can be called, and to ping where there is no list', async () => {
    expect(await titleFor(errorTo('tools/call'))).toBe('tools/list, since no tool can be called');
    const withPing = (request: SeenRequest, response: ServerResponse): void =>
      request.body.includes('"ping"')
        ? sendJson(response, { jsonrpc: '2.0', id: 1, result: {} })
        : errorTo('tools/list')(request, response);
    expect(await titleFor(withPing)).toBe('ping, since it lists no tools');
  });

  it.each([
    [
      'refuses',
      (_: SeenRequest, response: ServerResponse) => sendJson(response, { detail: 'no token' }, 401),
      'HTTP 401 to tools/list',
    ],
    [
      'is no MCP server',
      (_: SeenRequest, response: ServerResponse) => void response.end('<html>'),
      'something else than JSON-RPC',
    ],
    ['knows neither', errorTo('jsonrpc'), 'answers tools/list and ping with errors'],
  ])('says why of a server that %s', async (_what, answer, reason) => {
    const { url } = await startServer(answer);
    await expect(makePayloads([targetOf(url)], signal)).rejects.toThrow(reason);
  });

  it('calls the same tool at a gateway and at the server behind it', async () => {
    const names = ['other_server-first', 'my-server-second-tool'];
    const gateway = await startServer((request, response) => answerMcp(request, response, names));
    const server = await startServer((request, response) => answerMcp(request, response, ['lonely', 'second_tool']));
    const payloads = await makePayloads([targetOf(gateway.url), targetOf(server.url)], signal);
    expect(payloads.map(({ title }) => title)).toEqual([
      'tools/call of my-server-second-tool',
      'tools/call of second_tool',
    ]);
  });

  it('asks both for their lists where they have no tool in common', async () => {
    const gateway = await startServer((request, response) => answerMcp(request, response, ['a']));
    const server = await startServer((request, response) => answerMcp(request, response, ['b']));
    const payloads = await makePayloads([targetOf(gateway.url), targetOf(server.url)], signal);
    expect(payloads.map(({ title }) => title.split(',')[0])).toEqual(['tools/list', 'tools/list']);
  });
});

it('knows a tool by its name behind a prefix', () => {
  expect(isSameTool({ before: 'server-1-benchmark-tool-1', behind: 'benchmark_tool_1' })).toBe(true);
  expect(isSameTool({ before: 'benchmark_tool_1', behind: 'benchmark_tool_1' })).toBe(true);
  expect(isSameTool({ before: 'server-benchmark-tool-11', behind: 'benchmark_tool_1' })).toBe(false);
  expect(isSameTool({ before: 'server-mytool', behind: 'tool' })).toBe(false);
});
