/**
 * One page of the list of tools.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { listPage } from './requests/gateway-requests.ts';

export default {
  order: 50,
  title: 'a page of 50 tools',
  where: 'paged lists of an admin page',
  items: 1000,
  requests: [listPage],
  tier: 'standard',
} satisfies ScenarioModule;
