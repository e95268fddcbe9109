/**
 * Resources/read of 1 MB, of a server that a gateway may stand in front of.
 *
 * Not swept: with 100 MB under way at once, requests run into their time limit, directly and through the gateway.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { askByRpc } from './requests/gateway-requests.ts';

export default {
  order: 74,
  title: 'resources/read of 1 MB',
  where: 'documents that an agent reads through a gateway',
  items: 1,
  requests: [askByRpc({ method: 'resources/read', params: { uri: 'sized://1MB' } })],
  isNamed: true,
  tier: 'standard',
} satisfies ScenarioModule;
