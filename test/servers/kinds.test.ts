/**
 * What each kind of server offers, asked by the official client.
 */
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';

import { connectClient, startTestServers } from './start-test-servers.ts';

type Text = { text: string }[];

async function callOne(kind: string, name: string, given: Record<string, unknown> = {}) {
  const [{ url }] = await startTestServers(kind);
  const client = await connectClient(url);
  const { content, isError } = await client.callTool({ name, arguments: given });
  return { text: (content as Text).map(({ text }) => text).join(), isError: isError === true };
}

describe('benchmark servers', () => {
  it('have as many things as were asked for, with answers of that length', async () => {
    const [{ url, name, port }] = await startTestServers('benchmark');
    expect(name).toBe(`benchmark-server-${port}`);
    const client = await connectClient(url);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([1, 2, 3, 4, 5].map((number) => `benchmark_tool_${number}`));
    const called = await client.callTool({ name: 'benchmark_tool_5', arguments: { message: 'hello' } });
    expect((called.content as Text)[0]?.text).toHaveLength(100);
    const { resources } = await client.listResources();
    expect(resources).toHaveLength(4);
    const read = await client.readResource({ uri: resources[3]?.uri ?? '' });
    expect((read.contents as Text)[0]?.text).toHaveLength(200);
    expect(read.contents[0]?.uri).toBe(resources[3]?.uri);
    const { prompts } = await client.listPrompts();
    expect(prompts.map((prompt) => prompt.name)).toEqual([1, 2, 3].map((number) => `benchmark_prompt_${number}`));
    const prompt = await client.getPrompt({ name: 'benchmark_prompt_1' });
    expect(prompt.messages).toMatchObject([{ content: { text: expect.stringMatching(/^.{300}$/) as string } }]);
  });

  it('have URIs and texts of their own, and the same ones again for the same seed', async () => {
    const servers = await startTestServers('benchmark', { count: 2 });
    const contents = await Promise.all(
      servers.map(async ({ url }) => {
        const client = await connectClient(url);
        const { resources } = await client.listResources();
        const { contents: read } = await client.readResource({ uri: resources[0]?.uri ?? '' });
        return { uri: resources[0]?.uri, text: (read as Text)[0]?.text };
      }),
    );
    expect(new Set(contents.map(({ uri }) => uri)).size).toBe(2);
    expect(new Set(contents.map(({ text }) => text)).size).toBe(2);
    const tools = await Promise.all([
      callOne('benchmark', 'benchmark_tool_1'),
      callOne('benchmark', 'benchmark_tool_1'),
    ]);
    expect(tools[0]).toEqual(tools[1]);
  });

  it('give lists in pages, each item once, and refuse what no page gave', async () => {
    const [{ url }] = await startTestServers('benchmark', { settings: { pageSize: 2 } });
    const client = await connectClient(url);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      expect(page.tools.length).toBeLessThanOrEqual(2);
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(names).toEqual([1, 2, 3, 4, 5].map((number) => `benchmark_tool_${number}`));
    for (const wrong of ['', 'page-0', 'page-4', '2'])
      await expect(client.listTools({ cursor: wrong })).rejects.toThrow('no page gave the cursor');
  });

  it('say what is not there', async () => {
    const [{ url }] = await startTestServers('benchmark');
    const client = await connectClient(url);
    await expect(client.callTool({ name: 'other' })).rejects.toThrow('Unknown tool: "other"');
    await expect(client.readResource({ uri: 'benchmark://other' })).rejects.toThrow('Resource not found');
    await expect(client.getPrompt({ name: 'other' })).rejects.toThrow('Unknown prompt');
  });

  it('may have nothing', async () => {
    const [{ url }] = await startTestServers('benchmark', {
      settings: { counts: { tools: 0, resources: 0, prompts: 0 } },
    });
    const client = await connectClient(url);
    expect(await client.listTools()).toMatchObject({ tools: [] });
    expect(client.getServerCapabilities()).not.toHaveProperty('resources');
  });
});

describe('fast-time servers', () => {
  it('tell the time in any zone', async () => {
    const utc = await callOne('fast-time', 'get-system-time');
    expect(utc.text).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    expect(Math.abs(Date.parse(utc.text) - Date.now())).toBeLessThan(60_000);
    const kolkata = await callOne('fast-time', 'get-system-time', { timezone: 'Asia/Kolkata' });
    expect(kolkata.text).toMatch(/\+05:30$/);
    expect(Math.abs(Date.parse(kolkata.text) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['2025-06-21T16:00:00', 'Europe/Dublin', 'America/New_York', '2025-06-21T11:00:00-04:00'],
    ['2025-01-10 09:30', 'UTC', 'Asia/Tokyo', '2025-01-10T18:30:00+09:00'],
    ['2025-06-21T16:00:00+02:00', 'UTC', 'UTC', '2025-06-21T14:00:00Z'],
    // An hour before and after clocks go back; 01:30 comes twice, and the first one counts.
    ['2025-10-26T00:30:00', 'Europe/Dublin', 'UTC', '2025-10-25T23:30:00Z'],
    ['2025-10-26T02:30:00', 'Europe/Dublin', 'UTC', '2025-10-26T02:30:00Z'],
    // 01:30 is left out when clocks go forward.
    ['2025-03-30T02:30:00', 'Europe/Dublin', 'UTC', '2025-03-30T01:30:00Z'],
    ['2025-12-31T23:59:59', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', '2025-12-30T22:59:59-11:00'],
  ])('convert %s of %s into %s', async (time, source, target, expected) => {
    const given = { time, source_timezone: source, target_timezone: target };
    expect(await callOne('fast-time', 'convert-time', given)).toEqual({ text: expected, isError: false });
  });

  it.each([
    ['get-system-time', { timezone: 'Mars/Olympus' }, 'no time zone'],
    ['get-system-time', { timezone: 5 }, 'must be a time zone'],
    ['convert-time', { time: 'noon', source_timezone: 'UTC', target_timezone: 'UTC' }, 'must be a date and a time'],
    ['convert-time', { time: '2025-13-45T10:00', source_timezone: 'UTC', target_timezone: 'UTC' }, 'no such time'],
    ['convert-time', { source_timezone: 'UTC', target_timezone: 'UTC' }, 'must be a date and a time'],
  ])('%s says to the model what is wrong with %j', async (name, given, expected) => {
    const { text, isError } = await callOne('fast-time', name, given);
    expect(isError).toBe(true);
    expect(text).toContain(expected);
  });
});

describe('everything servers', () => {
  it('tell progress and log while a tool runs', async () => {
    const [{ url }] = await startTestServers('everything');
    const client = await connectClient(url);
    const lines: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void lines.push(params.data));
    await client.setLoggingLevel('debug');
    await client.callTool({ name: 'test_tool_with_logging' });
    expect(lines).toHaveLength(3);
    const progress: number[] = [];
    await client.callTool({ name: 'test_tool_with_progress' }, undefined, {
      onprogress: ({ progress: done }) => void progress.push(done),
    });
    expect(progress).toEqual([0, 50, 100]);
  });

  it('ask the client and its user', async () => {
    const [{ url }] = await startTestServers('everything');
    const client = await connectClient(url, { capabilities: { sampling: {}, elicitation: {} } });
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
      model: 'm',
      role: 'assistant' as const,
      content: { type: 'text' as const, text: `heard ${JSON.stringify(params.messages[0]?.content)}` },
    }));
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' as const }));
    const sampled = await client.callTool({ name: 'test_sampling', arguments: { prompt: 'why' } });
    expect((sampled.content as Text)[0]?.text).toContain('heard {"type":"text","text":"why"}');
    const elicited = await client.callTool({ name: 'test_elicitation', arguments: { message: 'who' } });
    expect((elicited.content as Text)[0]?.text).toContain('action=decline');
  });

  it('fail for the model where the client cannot be asked, and complete what is begun', async () => {
    const [{ url }] = await startTestServers('everything');
    const client = await connectClient(url);
    expect(await client.callTool({ name: 'test_sampling', arguments: { prompt: 'why' } })).toMatchObject({
      isError: true,
    });
    expect(await client.callTool({ name: 'test_error_handling' })).toMatchObject({ isError: true });
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
      argument: { name: 'arg1', value: 'par' },
    });
    expect(completion.values).toContain('paris');
  });

  it('read resources by template, and take subscriptions', async () => {
    const [{ url }] = await startTestServers('everything');
    const client = await connectClient(url);
    const { contents } = await client.readResource({ uri: 'test://template/123/data' });
    expect(JSON.parse((contents as Text)[0]?.text ?? '')).toMatchObject({ id: '123' });
    await expect(client.subscribeResource({ uri: 'test://watched-resource' })).resolves.toEqual({});
    await expect(client.unsubscribeResource({ uri: 'test://watched-resource' })).resolves.toEqual({});
  });

  it('need the arguments of a prompt', async () => {
    const [{ url }] = await startTestServers('everything');
    const client = await connectClient(url);
    await expect(client.getPrompt({ name: 'test_prompt_with_arguments', arguments: { arg1: 'a' } })).rejects.toThrow(
      'needs the argument "arg2"',
    );
  });
});
