/**
 * A program that calls tools over MCP's own transport and keeps no session.
 */
import type { UserClass } from '../../src/model/users.ts';
import { asks } from './requests/steps.ts';

export default {
  name: 'MCPToolCallerUser',
  title: 'calls tools without a session',
  order: 11,
  weights: {},
  wait: { kind: 'between', minSeconds: 0.1, maxSeconds: 0.5 },
  tasks: [asks('tools/call', 1, { params: '{callableTools.call}', path: '/mcp' })],
} satisfies UserClass;
