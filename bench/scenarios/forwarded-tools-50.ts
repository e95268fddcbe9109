/**
 * Tools/list with 50 tools, of a server that a gateway may stand in front of.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { askByRpc } from './requests/gateway-requests.ts';

export default {
  order: 71,
  title: 'tools/list with 50 tools',
  where: "a client's first call, through a gateway",
  items: 50,
  requests: [askByRpc({ method: 'tools/list', params: { limit: 50 } })],
  isNamed: true,
  sweep: true,
  tier: 'standard',
} satisfies ScenarioModule;
