/**
 * What this project adds to the benchmarks: a serializer of its own, and two responses that it really sends.
 */
import { defineConfig } from 'wirebench';

export default defineConfig({
  // A directory: every module in it is a contender, and its file name is the contender's id.
  contenders: ['bench/contenders'],
  // Modules generate values of any size; JSON files are measured as they are.
  payloads: ['bench/payloads'],
  gate: {
    cells: [
      {
        suites: ['serialize'],
        contenders: ['json-stringify', 'catalog-by-hand'],
        payloads: ['catalog'],
        items: [10, 1000],
      },
    ],
    tolerance: { time: 0.05 },
  },
});
