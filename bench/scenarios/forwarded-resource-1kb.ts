/**
 * Resources/read of 1 kB, of a server that a gateway may stand in front of.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { askByRpc } from './requests/gateway-requests.ts';

export default {
  order: 73,
  title: 'resources/read of 1 kB',
  where: 'documents that an agent reads through a gateway',
  items: 1,
  requests: [askByRpc({ method: 'resources/read', params: { uri: 'sized://1kB' } })],
  isNamed: true,
  sweep: true,
  tier: 'standard',
} satisfies ScenarioModule;
