/**
 * Tools/list with 500 tools, of a server that a gateway may stand in front of.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { askByRpc } from './requests/gateway-requests.ts';

export default {
  order: 72,
  title: 'tools/list with 500 tools',
  where: "a client's first call, through a gateway",
  items: 500,
  requests: [askByRpc({ method: 'tools/list', params: { limit: 500 } })],
  isNamed: true,
  sweep: true,
  tier: 'standard',
} satisfies ScenarioModule;
