/**
 * Processor time of the server's process a request, with all of its threads.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'CPU a request',
  unit: 'nanoseconds',
  better: 'lower',
  order: 6,
  meaning: "processor time of the server's process with all of its threads",
  ratio: 'value/reference',
  isCompared: true,
  slug: 'cpu',
  read({ requests, elapsedNs, server }) {
    if (server?.cpuNs === undefined) return 'the server is no process of this program';
    // Rates, because the server's window begins and ends a turn of its event loop later than the client's.
    const cpuShare = server.cpuNs / Math.max(1, server.elapsedNs ?? 0);
    return (cpuShare * elapsedNs) / requests;
  },
} satisfies MetricDefinition;
