/**
 * One call of a tool, whose answer is small: what a gateway does most.
 */
import type { ScenarioModule } from '../../src/model/http.ts';
import { callTool } from './requests/gateway-requests.ts';

export default {
  order: 60,
  title: 'one small call of a tool',
  where: 'more than a thousand small responses a second',
  requests: [callTool],
  writes: true,
  sweep: true,
  tier: 'standard',
} satisfies ScenarioModule;
