/**
 * A working day: calls, pages and lists together.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { callTool, exportAll, exportTime, listByRpc, listPage, listTools } from './requests/gateway-requests.ts';

export default {
  order: 110,
  title: 'calls, pages and lists together',
  where: 'a working day: mostly calls, some lists, now and then an export',
  // Arbitrary weights: another mix is another list here, and nothing else depends on them.
  requests: [
    { ...callTool, weight: 70 },
    { ...listByRpc, weight: 10 },
    { ...listPage, weight: 15 },
    { ...listTools, weight: 4 },
    { ...exportAll, weight: 1 },
  ],
  volatile: [exportTime],
  writes: true,
  tier: 'standard',
} satisfies ScenarioModule;
