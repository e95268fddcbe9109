/**
 * The answer to one `tools/call`: a short text block, and the same data once more as `structuredContent`.
 * Deliberately absent: the native variant; a tool's result passes through the gateway as text.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'tools/call response',
  where: 'more than a thousand small responses a second',
  role: 'response',
  tier: 'thorough',
  schema: 'rpc-tool-result',
  sizes: [1],
  fixedSizes: true,
  variants: ['text'],
  list: null,
  generate(generator) {
    const structuredContent = {
      status: generator.pick(['open', 'closed', 'waiting']),
      count: generator.integer(0, 500),
      ratio: generator.integer(0, 1_000) / 1_000,
      summary: generator.prose(generator.integer(60, 160)),
      owner: generator.chance(0.7) ? 'amara@example.com' : null,
      updated_at: generator.datetime(),
    };
    return {
      jsonrpc: '2.0',
      result: {
        content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
        structuredContent,
        isError: false,
      },
      id: generator.integer(1, 9_999),
    };
  },
} satisfies Payload;
