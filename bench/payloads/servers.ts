/**
 * GET /servers: a bare array of virtual servers, each with the names and ids of what it serves.
 * Deliberately absent: the tools themselves, which the list only names.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'GET /servers',
  where: "admin pages: every server with its tools' names and ids",
  role: 'response',
  tier: 'thorough',
  schema: 'servers',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text', 'native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, () => generator.server());
  },
} satisfies Payload;
