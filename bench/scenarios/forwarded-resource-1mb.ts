/**
 * Resources/read of 1 MB, of a server that a gateway may stand in front of; swept, up to 100 MB under way at once.
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
  sweep: true,
  tier: 'standard',
} satisfies ScenarioModule;
