/**
 * GET /gateways: a bare array of federated peers with their health.
 * Deliberately absent: credentials; the gateway masks them before it answers.
 */
import type { Payload } from '../../src/model/payload.ts';

export default {
  title: 'GET /gateways',
  where: 'admin pages and federation: every peer with its health',
  role: 'response',
  tier: 'thorough',
  schema: 'gateways',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text', 'native'],
  list: '',
  generate(generator, items) {
    return Array.from({ length: items }, () => generator.gateway());
  },
} satisfies Payload;
