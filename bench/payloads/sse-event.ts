/**
 * One event of the gateway's event stream, in the `data:` line that a client of server-sent events reads.
 * Deliberately absent: `event:` and `id:` lines, which hold no JSON.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'Server-sent event',
  where: 'streaming: one small message for every change of a tool',
  role: 'response',
  tier: 'thorough',
  schema: 'sse-event',
  sizes: [1],
  fixedSizes: true,
  variants: ['text', 'native'],
  list: null,
  frame: { prefix: 'data: ', suffix: '\n\n' },
  generate(generator) {
    const tool = generator.tool();
    return {
      type: 'tool_updated',
      data: {
        id: tool['id'] ?? null,
        name: tool['name'] ?? null,
        url: tool['url'] ?? null,
        description: tool['description'] ?? null,
        enabled: tool['enabled'] ?? null,
      },
      timestamp: generator.datetime(),
    };
  },
} satisfies Payload;
