/**
 * The list of 100 virtual servers, which is dense in datetimes and UUIDs: each names the ids of what it serves.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listServers } from './requests/gateway-requests.ts';

export default {
  order: 44,
  title: '100 servers',
  where: 'the list of all virtual servers, with the ids of their tools',
  items: 100,
  requests: [listServers],
  tier: 'thorough',
} satisfies ScenarioModule;
