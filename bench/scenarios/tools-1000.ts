/**
 * The list of all tools of a large gateway.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listTools } from './requests/gateway-requests.ts';

export default {
  order: 30,
  title: '1,000 tools',
  where: 'the list of all tools',
  items: 1000,
  // The server is busy with them; more would only wait.
  connections: 4,
  requests: [listTools],
  tier: 'quick',
  headline: true,
} satisfies ScenarioModule;
