/**
 * A client that opens sessions and closes them again, as short-lived agents do.
 */
import type { UserClass } from '../../src/model/users.ts';
import { inSession, rpcStep } from './requests/steps.ts';

export default {
  name: 'MCPSessionChurnUser',
  title: 'opens and closes sessions',
  order: 13,
  weights: {},
  wait: { kind: 'between', minSeconds: 0.2, maxSeconds: 1 },
  tasks: [{ name: 'open and close', weight: 1, steps: inSession([rpcStep('ping', { path: '/mcp' })]) }],
} satisfies UserClass;
