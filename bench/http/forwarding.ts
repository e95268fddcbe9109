/**
 * What a gateway costs between an agent and a tool: the same MCP server asked directly, and behind the gateway.
 *
 * All that serves is on one processor, so that what the gateway takes is taken from the server. Deliberately absent:
 * sessions, which cost once and not each call.
 */
import type { HttpSuite } from '../../src/model/http.ts';

export default {
  title: 'What a gateway adds',
  question:
    'What does it cost that a gateway stands between a client and an MCP server, and what is a serializer worth there?',
  order: 40,
  tier: 'thorough',
  reference: 'directly',
  contenders: [
    {
      id: 'directly',
      title: 'the server, asked directly',
      settings: { serializer: 'gateway-serializer', forwarding: 'server' },
    },
    {
      id: 'behind-gateway',
      title: 'behind the gateway',
      settings: { serializer: 'gateway-serializer', forwarding: 'gateway' },
    },
    {
      id: 'behind-gateway-json-stringify',
      title: 'behind the gateway, by JSON.stringify',
      settings: { serializer: 'json-stringify', forwarding: 'gateway' },
    },
  ],
  scenarios: [
    'rpc-tool-call',
    'forwarded-tools-50',
    'forwarded-tools-500',
    'forwarded-resource-1kb',
    'forwarded-resource-1mb',
  ],
  sweeps: true,
} satisfies HttpSuite;
