/**
 * Everything that the gateway holds in one response.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { exportAll, exportTime } from './requests/gateway-requests.ts';

export default {
  order: 80,
  title: 'export of everything',
  where: 'backups and moves',
  items: 1000,
  // The server is busy with them; more would only wait.
  connections: 4,
  requests: [exportAll],
  volatile: [exportTime],
  tier: 'thorough',
} satisfies ScenarioModule;
