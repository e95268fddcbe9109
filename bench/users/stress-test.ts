/**
 * A user that never waits for anybody: two tasks a second, whatever becomes of them.
 */
import type { UserClass } from '../../src/model/users.ts';
import { asks, lists, reads } from './requests/steps.ts';

export default {
  name: 'StressTestUser',
  title: 'a user at a constant rate',
  order: 6,
  weights: { page: 1, contextforge: 1 },
  wait: { kind: 'constant-throughput', tasksPerSec: 2 },
  tasks: [reads('/health', 10), lists('/tools', 8), asks('ping', 5)],
} satisfies UserClass;
