/**
 * What RealisticUser does, for the class itself and for the scenario that measures serializers with it.
 */
import type { UserTask } from '../../../src/model/users.ts';
import { asks, lists, reads } from './steps.ts';

export const realisticTasks: readonly UserTask[] = [
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
];
