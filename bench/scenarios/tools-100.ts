/**
 * The list of all tools of an ordinary gateway, also at other numbers of connections.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listTools } from './requests/gateway-requests.ts';

export default {
  order: 20,
  title: '100 tools',
  where: 'the list of all tools',
  items: 100,
  sweep: true,
  requests: [listTools],
  tier: 'quick',
  headline: true,
} satisfies ScenarioModule;
