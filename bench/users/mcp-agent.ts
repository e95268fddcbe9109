/**
 * An agent over MCP's own transport: opens a session, lists the tools, calls two of them.
 */
import type { UserClass } from '../../src/model/users.ts';
import { inSession, rpcStep } from './requests/steps.ts';

const path = '/mcp';
const call = rpcStep('tools/call', { params: '{callableTools.call}', path });

export default {
  name: 'MCPAgentUser',
  title: 'an agent in sessions of MCP',
  order: 10,
  weights: {},
  wait: { kind: 'between', minSeconds: 0.5, maxSeconds: 2 },
  tasks: [{ name: 'list, then call', weight: 1, steps: inSession([rpcStep('tools/list', { path }), call, call]) }],
} satisfies UserClass;
