/**
 * Ablation: serializer, compression, cache and keep-alive, each alone and all together, against a gateway without any.
 *
 * Deliberately absent: pairs of them, which would take a day to measure.
 */
import type { HttpSuite, ServerSettings } from '../../src/model/http.ts';

/** What is left when every part is taken away. */
const plain: ServerSettings = { serializer: 'json-stringify', closesConnections: true };

/** The level is the one that the gateway takes by itself. */
const compression = 'br';

export default {
  title: 'What each part adds',
  question:
    'What do a faster serializer, compression, a cache of responses and connections that stay open each add, and what all of them?',
  order: 20,
  tier: 'standard',
  reference: 'plain',
  contenders: [
    { id: 'plain', title: 'JSON.stringify, a connection a request', settings: plain },
    { id: 'serializer', title: 'serializer alone', settings: { ...plain, serializer: 'gateway-serializer' } },
    { id: 'compression', title: 'compression alone', settings: { ...plain, compression } },
    { id: 'cache', title: 'cache alone', settings: { ...plain, cache: true } },
    { id: 'keep-alive', title: 'keep-alive alone', settings: { serializer: 'json-stringify' } },
    { id: 'together', title: 'all together', settings: { serializer: 'gateway-serializer', compression, cache: true } },
  ],
  scenarios: ['tools-100', 'rpc-tool-call'],
} satisfies HttpSuite;
