/**
 * A client that finds out what there is, over MCP's own transport.
 */
import type { UserClass } from '../../src/model/users.ts';
import { inSession, rpcStep } from './requests/steps.ts';

const path = '/mcp';
const methods = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'];

export default {
  name: 'MCPDiscoveryUser',
  title: 'finds out what there is',
  order: 12,
  weights: {},
  wait: { kind: 'between', minSeconds: 1, maxSeconds: 3 },
  tasks: [{ name: 'all lists', weight: 1, steps: inSession(methods.map((method) => rpcStep(method, { path }))) }],
} satisfies UserClass;
