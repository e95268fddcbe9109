/**
 * A program that reads the REST API: lists, single entities, and what belongs to a virtual server.
 */
import type { UserClass } from '../../src/model/users.ts';
import { lists, reads } from './requests/steps.ts';

export default {
  name: 'ReadOnlyAPIUser',
  title: 'a program that reads the API',
  order: 2,
  weights: { page: 30, contextforge: 5 },
  wait: { kind: 'between', minSeconds: 0.3, maxSeconds: 1.5 },
  tasks: [
    lists('/tools', 10),
    lists('/servers', 8),
    lists('/gateways', 6),
    lists('/resources', 5),
    lists('/prompts', 5),
    lists('/tags', 3),
    reads('/tools/{tools.id}', 3),
    reads('/servers/{servers.id}', 3),
    reads('/metrics', 2, 'any'),
    lists('/roots', 2),
    reads('/gateways/{gateways.id}', 2),
    reads('/resources/{resources.id}', 2),
    reads('/prompts/{prompts.id}', 2),
    lists('/servers/{servers.id}/tools', 2),
    lists('/servers/{servers.id}/resources', 2),
    reads('/robots.txt', 1, 'any'),
    reads('/.well-known/security.txt', 1, 'any'),
  ],
} satisfies UserClass;
