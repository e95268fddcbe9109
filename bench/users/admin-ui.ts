/**
 * A person in front of the admin page.
 */
import type { UserClass } from '../../src/model/users.ts';
import { reads } from './requests/steps.ts';

export default {
  name: 'AdminUIUser',
  title: 'a person in front of the admin page',
  order: 3,
  weights: { page: 10, contextforge: 3 },
  wait: { kind: 'between', minSeconds: 1, maxSeconds: 3 },
  tasks: [
    reads('/admin/', 10, 'html'),
    reads('/admin/tools', 8, 'html'),
    reads('/admin/servers', 7, 'html'),
    reads('/admin/gateways', 6, 'html'),
    reads('/admin/resources', 5, 'html'),
    reads('/admin/prompts', 5, 'html'),
  ],
} satisfies UserClass;
