/**
 * The list of all tools of a small gateway.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listTools } from './requests/gateway-requests.ts';

export default {
  order: 10,
  title: '10 tools',
  where: 'the list of all tools',
  items: 10,
  requests: [listTools],
  tier: 'thorough',
} satisfies ScenarioModule;
