/**
 * What a gateway sees on a working day: a bit of everything.
 */
import type { UserClass } from '../../src/model/users.ts';
import { realisticTasks } from './requests/realistic-tasks.ts';

export default {
  name: 'RealisticUser',
  title: 'a bit of everything',
  order: 8,
  weights: { page: 10, contextforge: 10 },
  wait: { kind: 'between', minSeconds: 0.5, maxSeconds: 2 },
  tasks: realisticTasks,
} satisfies UserClass;
