/**
 * A monitor: is it alive, is it ready, what does it count.
 */
import type { UserClass } from '../../src/model/users.ts';
import { reads } from './requests/steps.ts';

export default {
  name: 'HealthCheckUser',
  title: 'a monitor',
  order: 1,
  weights: { page: 5, contextforge: 1 },
  wait: { kind: 'between', minSeconds: 1, maxSeconds: 3 },
  tasks: [reads('/health', 10), reads('/ready', 5), reads('/metrics', 2, 'any'), reads('/openapi.json', 1)],
} satisfies UserClass;
