/**
 * The gateway's own cost: the same handlers answering over node:http alone, through the gateway, and with tokens.
 *
 * Deliberately absent: other serializers; how much of a request is the gateway's bounds what any of them can gain.
 */
import type { HttpSuite } from '../../src/model/http.ts';

const serializer = 'json-stringify';

export default {
  title: "The gateway's own overhead",
  question: 'What do the layers between a socket and a handler cost: router, validation, hooks, and verifying a token?',
  order: 30,
  tier: 'standard',
  reference: 'handlers',
  contenders: [
    { id: 'handlers', title: 'handlers alone over node:http', settings: { serializer, bare: true } },
    { id: 'gateway', title: 'through the gateway', settings: { serializer } },
    {
      id: 'gateway-with-tokens',
      title: 'through the gateway, with tokens',
      settings: { serializer, authentication: true },
    },
  ],
  scenarios: ['tools-100', 'rpc-tool-call'],
} satisfies HttpSuite;
