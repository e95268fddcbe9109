/**
 * What the gate watches in this project: few cells, since every one of them costs time in every pull request.
 */
import { defineConfig } from 'wirebench';

export default defineConfig({
  gate: {
    cells: [
      {
        suites: ['serialize'],
        contenders: ['json-stringify', 'fast-json-stringify'],
        payloads: ['tools'],
        items: [100, 1000],
        sinks: ['bytes'],
      },
    ],
    tolerance: { time: 0.05 },
  },
});
