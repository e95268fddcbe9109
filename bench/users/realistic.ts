/**
 * What a gateway sees on a working day: a bit of everything.
 */
import type { UserClass } from '../../src/model/users.ts';
import { asks, lists, reads } from './requests/steps.ts';

export default {
  name: 'RealisticUser',
  title: 'a bit of everything',
  order: 8,
  weights: { page: 10, contextforge: 10 },
  wait: { kind: 'between', minSeconds: 0.5, maxSeconds: 2 },
  tasks: [
    lists('/tools', 20),
    reads('/health', 15),
    lists('/servers', 15),
    lists('/gateways', 10),
    lists('/resources', 10),
    asks('tools/list', 10),
    reads('/admin/', 8, 'html'),
    reads('/tools/{tools.id}', 5),
    reads('/servers/{servers.id}', 5),
    reads('/admin/tools', 2, 'html'),
  ],
} satisfies UserClass;
