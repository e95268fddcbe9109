/**
 * The list of all tools as MCP clients ask for it.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listByRpc } from './requests/gateway-requests.ts';

export default {
  order: 70,
  title: 'tools/list over JSON-RPC',
  where: "every MCP client's first call",
  items: 1000,
  // The server is busy with them; more would only wait.
  connections: 4,
  requests: [listByRpc],
  tier: 'standard',
} satisfies ScenarioModule;
