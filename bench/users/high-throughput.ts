/**
 * A program that reads lists at a constant rate; takes part where it is named.
 */
import type { UserClass } from '../../src/model/users.ts';
import { lists, reads } from './requests/steps.ts';

export default {
  name: 'HighThroughputUser',
  title: 'reads at a constant rate',
  order: 9,
  weights: {},
  wait: { kind: 'constant-throughput', tasksPerSec: 2 },
  tasks: [
    reads('/health', 30),
    lists('/tools', 25),
    lists('/servers', 20),
    lists('/gateways', 15),
    lists('/resources', 10),
    lists('/prompts', 10),
    lists('/tags', 5),
    reads('/openapi.json', 5),
  ],
} satisfies UserClass;
