/**
 * How long a write takes to reach a subscriber as an event.
 */
import type { ScenarioModule } from '../../src/model/http.ts';

export default {
  order: 90,
  title: 'from a write to its event',
  where: 'server-sent events on changes',
  requests: [],
  client: 'events',
  writes: true,
  volatile: ['/timestamp'],
  tier: 'standard',
} satisfies ScenarioModule;
