/**
 * GET /tools with paging: one page of tools and the cursor of the next.
 * Deliberately absent: other page sizes; 50 is the size of a page there.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'GET /tools, one page',
  where: 'paged lists: the admin page scrolls through the catalog',
  role: 'response',
  tier: 'thorough',
  schema: 'tools-page',
  sizes: [50],
  variants: ['text', 'native'],
  list: '/tools',
  generate(generator, items) {
    return {
      tools: Array.from({ length: items }, () => generator.tool()),
      nextCursor: generator.chance(0.9) ? generator.uuid().replaceAll('-', '') : null,
    };
  },
} satisfies Payload;
