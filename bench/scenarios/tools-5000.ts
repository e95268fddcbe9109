/**
 * The list of all tools where it is as long as lists get.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listTools } from './requests/gateway-requests.ts';

export default {
  order: 40,
  title: '5,000 tools',
  where: 'the list of all tools',
  items: 5000,
  // The server is busy with them; more would only wait.
  connections: 2,
  requests: [listTools],
  tier: 'standard',
  headline: true,
} satisfies ScenarioModule;
