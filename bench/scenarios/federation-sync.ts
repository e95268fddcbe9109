/**
 * Another gateway takes the list over: it asks for it and parses it.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listTools } from './requests/gateway-requests.ts';

export default {
  order: 100,
  title: 'a list taken over by another gateway',
  where: 'federation: one gateway writes the list, another one parses it',
  items: 1000,
  requests: [listTools],
  client: 'sync',
  tier: 'thorough',
} satisfies ScenarioModule;
