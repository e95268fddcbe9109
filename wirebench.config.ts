/**
 * What this project's own gate watches: the serializers that a gateway chooses between, on what it sends most.
 *
 * Sizes below and above the one where behaviour changes (chunks, garbage), both variants. Deliberately absent: parsers
 * and binary formats, which no change of this project makes slower, and 5,000 items, which cost as much as the rest.
 */
import { defineConfig } from './src/config.ts';

export default defineConfig({
  gate: {
    cells: [
      {
        suites: ['serialize'],
        contenders: ['json-stringify', 'fast-json-stringify', 'gateway-serializer'],
        payloads: ['tools'],
        items: [10, 100, 1000],
        sinks: ['bytes'],
      },
      {
        suites: ['serialize'],
        contenders: ['json-stringify', 'fast-json-stringify', 'gateway-serializer'],
        payloads: ['rpc-tool-result', 'rpc-tools-list', 'servers'],
        items: [100],
        sinks: ['bytes'],
      },
    ],
  },
});
