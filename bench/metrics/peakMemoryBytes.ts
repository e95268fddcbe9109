/**
 * Largest resident memory of the server's process while the load ran.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'memory',
  unit: 'bytes',
  better: 'lower',
  order: 9,
  meaning: "largest resident memory of the server's process",
  ratio: 'value/reference',
  slug: 'memory',
  read({ server }) {
    if (server === undefined) return 'the server is no process of this program';
    return server.peakMemoryBytes ?? 'this system has no /proc';
  },
} satisfies MetricDefinition;
