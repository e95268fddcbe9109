/**
 * The list of 1,000 virtual servers, which is dense in datetimes and UUIDs: each names the ids of what it serves.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listServers } from './requests/gateway-requests.ts';

export default {
  order: 46,
  title: '1,000 servers',
  where: 'the list of all virtual servers, with the ids of their tools',
  items: 1000,
  // The server is busy with them; more would only wait.
  connections: 4,
  requests: [listServers],
  tier: 'thorough',
} satisfies ScenarioModule;
