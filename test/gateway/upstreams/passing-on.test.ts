/**
 * What goes between a client of the gateway and a server behind it beside calls and answers.
 */
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';

import { connectClient, startTestServers } from '../../servers/start-test-servers.ts';
import { post, startFederation, startMisbehaving } from './start-federation.ts';

async function startBehind(naming?: { separator: string | undefined }) {
  const [server] = await startTestServers('everything');
  const federation = await startFederation(naming === undefined ? {} : { naming });
  expect((await federation.register('every', `${server.url}/mcp`)).status).toBe(201);
  return { ...federation, server };
}

const text = (result: unknown): string => JSON.stringify((result as { content: unknown }).content);

describe('a server behind the gateway', () => {
  it('asks the client of the gateway, and its user', async () => {
    const { url } = await startBehind();
    const client = await connectClient(url, { capabilities: { sampling: {}, elicitation: {} } });
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
      model: 'm',
      role: 'assistant' as const,
      content: { type: 'text' as const, text: `heard ${JSON.stringify(params.messages[0]?.content)}` },
    }));
    client.setRequestHandler(ElicitRequestSchema, () => ({
      action: 'accept' as const,
      content: { username: 'amara', email: 'amara@example.com' },
    }));
    expect(text(await client.callTool({ name: 'every-test-sampling', arguments: { prompt: 'why' } }))).toContain(
      'heard',
    );
    expect(text(await client.callTool({ name: 'every-test-elicitation', arguments: { message: 'who' } }))).toContain(
      'amara@example.com',
    );
  });

  it('learns that a client cannot be asked', async () => {
    const { url, rpc } = await startBehind();
    const client = await connectClient(url);
    const call = { name: 'every-test-sampling', arguments: { prompt: 'why' } };
    expect(await client.callTool(call)).toMatchObject({ isError: true });
    expect((await rpc('tools/call', call)).result).toMatchObject({ isError: true });
  });

  it('asks the client whose call it is, and no other', async () => {
    const { url } = await startBehind();
    const names = ['first', 'second', 'third'];
    const clients = await Promise.all(
      names.map(async (name) => {
        const client = await connectClient(url, { capabilities: { sampling: {} } });
        client.setRequestHandler(CreateMessageRequestSchema, () => ({
          model: 'm',
          role: 'assistant' as const,
          content: { type: 'text' as const, text: name },
        }));
        return client;
      }),
    );
    const answers = await Promise.all(
      clients.map((client) => client.callTool({ name: 'every-test-sampling', arguments: { prompt: 'who' } })),
    );
    expect(answers.map(text).map((answer, index) => answer.includes(`LLM response: ${names[index]}`))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('logs to the client that called, as much as it wants', async () => {
    const { url } = await startBehind();
    const listen = async (): Promise<{ client: Awaited<ReturnType<typeof connectClient>>; lines: unknown[] }> => {
      const client = await connectClient(url);
      const lines: unknown[] = [];
      client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void lines.push(params.data));
      return { client, lines };
    };
    const [caller, other] = await Promise.all([listen(), listen()]);
    await caller.client.callTool({ name: 'every-test-tool-with-logging' });
    expect(caller.lines).toHaveLength(3);
    await caller.client.setLoggingLevel('error');
    await caller.client.callTool({ name: 'every-test-tool-with-logging' });
    expect(caller.lines).toHaveLength(3);
    expect(other.lines).toEqual([]);
  });

  it('makes resources by templates, and completes arguments', async () => {
    const { url, rpc } = await startBehind();
    const client = await connectClient(url);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['every+test://template/{id}/data']);
    const { contents } = await client.readResource({ uri: 'every+test://template/123/data' });
    expect(contents).toMatchObject([
      { uri: 'every+test://template/123/data', text: expect.stringContaining('123') as string },
    ]);
    await expect(client.readResource({ uri: 'every+test://other/123' })).rejects.toThrow('Resource not found');
    const argument = { name: 'arg1', value: 'par' };
    const byPrompt = { ref: { type: 'ref/prompt' as const, name: 'every-test_prompt_with_arguments' }, argument };
    expect((await client.complete(byPrompt)).completion.values).toContain('paris');
    const byTemplate = { ref: { type: 'ref/resource' as const, uri: 'every+test://template/{id}/data' }, argument };
    expect((await client.complete(byTemplate)).completion.values).toContain('paris');
    expect(
      (await rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'none' }, argument })).error,
    ).toBeDefined();
  });

  it('gives a virtual server nothing that a template makes and the server does not name', async () => {
    const { url } = await startBehind();
    const created = await post(`${url}/servers`, { name: 'narrow' });
    const { id } = (await created.json()) as { id: string };
    const client = await connectClient(`${url}/servers/${id}`);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    const uri = 'every+test://template/123/data';
    await expect(client.readResource({ uri })).rejects.toThrow('Resource not found');
    const ref = { type: 'ref/resource' as const, uri: 'every+test://template/{id}/data' };
    const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'par' } });
    expect(completion.values).toEqual([]);
  });

  it('tells of changes of a resource to those who watch it', async () => {
    const watched: string[] = [];
    let tell: ((uri: string) => void) | undefined;
    const { url: upstream, server } = await startMisbehaving(({ method, params }) => {
      if (method === 'initialize') {
        return {
          protocolVersion: '2025-11-25',
          capabilities: { resources: { subscribe: true } },
          serverInfo: { name: 'changing', version: '1' },
        };
      }
      if (method === 'resources/list') return { resources: [{ uri: 'test://a', name: 'a' }] };
      if (method.endsWith('scribe')) watched.push(`${method} ${String(params?.['uri'])}`);
      return {};
    });
    // The stream on which it tells; the server of the test knows no other GET.
    server.prependListener('request', (request, response) => {
      if (request.method !== 'GET') return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      tell = (uri) => {
        const message = { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } };
        response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      };
      response.writeHead = () => response;
      response.end = () => response;
    });
    const { url, register } = await startFederation();
    expect((await register('one', upstream)).status).toBe(201);
    const [first, second] = await Promise.all([connectClient(url), connectClient(url)]);
    const heard: string[] = [];
    for (const client of [first, second])
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    await first.subscribeResource({ uri: 'one+test://a' });
    await expect.poll(() => tell !== undefined).toBe(true);
    await expect
      .poll(async () => {
        tell?.('test://a');
        return heard.length;
      })
      .toBeGreaterThan(0);
    expect(new Set(heard)).toEqual(new Set(['one+test://a']));
    expect(watched).toContain('resources/subscribe test://a');
    await first.unsubscribeResource({ uri: 'one+test://a' });
    await expect.poll(() => watched.at(-1)).toBe('resources/unsubscribe test://a');
  });
});
