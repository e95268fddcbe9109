import { describe, expect, it } from 'vitest';

import { type SerializerName, serializerNames } from '../../../../src/gateway/settings.ts';
import { type McpFixture, startMcp, toolInput } from '../start-mcp.ts';

describe('every serializer', () => {
  it('sends the same answers', async () => {
    const answers = await Promise.all(
      serializerNames.map(async (serializer) => collectAnswers(await startMcp({ items: 60, serializer }), serializer)),
    );
    const [first] = answers;
    expect(first).toBeDefined();
    for (const answer of answers) expect(answer).toEqual(first);
  });
});

async function collectAnswers({ url, store }: McpFixture, serializer: SerializerName): Promise<unknown> {
  await store.create('tools', toolInput('look_up'));
  const calls: [method: string, params: object][] = [
    ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }],
    ['tools/list', {}],
    ['resources/list', {}],
    ['prompts/list', {}],
    ['ping', {}],
    ['no/such', {}],
    ['tools/call', { name: 'look_up', arguments: { query: 'x' } }],
    ['tools/call', { name: 'look_up', arguments: {} }],
  ];
  const answers = [];
  for (const [method, params] of calls) {
    const response = await fetch(`${url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'one', method, params }),
    });
    expect({ serializer, method, type: response.headers.get('content-type') }).toEqual({
      serializer,
      method,
      type: 'application/json; charset=utf-8',
    });
    answers.push(await response.json());
  }
  return answers;
}
