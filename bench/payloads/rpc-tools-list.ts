/**
 * The answer to `tools/list`, the first call of every MCP client: nulls are left out, so shapes differ item by item.
 * Deliberately absent: Dates and UUIDs, hence the native variant; MCP's own fields have neither.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'tools/list response',
  where: "every MCP client's first call",
  role: 'response',
  tier: 'thorough',
  schema: 'rpc-tools-list',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text'],
  list: '/result/tools',
  generate(generator, items) {
    const tools = Array.from({ length: items }, () => generator.mcpTool());
    const hasMore = generator.chance(0.2);
    return {
      jsonrpc: '2.0',
      result: hasMore ? { tools, nextCursor: generator.uuid().replaceAll('-', '') } : { tools },
      id: generator.integer(1, 9_999),
    };
  },
} satisfies Payload;
