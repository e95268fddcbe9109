/**
 * GET /tools: a bare array of tools, the largest list that an admin page or a federating peer asks for.
 * Deliberately absent: paging (see tools-page.ts).
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'GET /tools',
  where: 'list endpoints: admin pages and federation load all tools at once',
  role: 'response',
  tier: 'quick',
  schema: 'tools',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text', 'native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, () => generator.tool());
  },
} satisfies Payload;
