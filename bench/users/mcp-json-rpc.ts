/**
 * An agent that asks by JSON-RPC: lists, calls, reads, prompts.
 */
import type { UserClass } from '../../src/model/users.ts';
import { asks, introduction } from './requests/steps.ts';

export default {
  name: 'MCPJsonRpcUser',
  title: 'an agent over JSON-RPC',
  order: 4,
  weights: { page: 15, contextforge: 4 },
  wait: { kind: 'between', minSeconds: 0.2, maxSeconds: 1 },
  tasks: [
    asks('tools/list', 10),
    asks('resources/list', 8),
    asks('prompts/list', 8),
    asks('tools/call', 5, { params: '{callableTools.call}' }),
    asks('resources/read', 4, { params: { uri: '{listedResources.uri}' } }),
    asks('prompts/get', 4, { params: '{listedPrompts.get}' }),
    asks('initialize', 3, { params: introduction }),
    asks('resources/templates/list', 3),
    asks('ping', 2),
  ],
} satisfies UserClass;
