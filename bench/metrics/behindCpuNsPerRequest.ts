/**
 * Processor time of the server that stands behind the one that is asked, a request.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

export default {
  source: 'load',
  title: 'CPU behind',
  unit: 'nanoseconds',
  better: 'lower',
  order: 7,
  meaning: 'processor time a request of the server that stands behind the one that is asked',
  ratio: 'value/reference',
  slug: 'cpu-behind',
  read({ requests, elapsedNs, server }) {
    if (server?.behindCpuNs === undefined) return 'there is no server behind it';
    const cpuShare = server.behindCpuNs / Math.max(1, server.elapsedNs ?? 0);
    return (cpuShare * elapsedNs) / requests;
  },
} satisfies MetricDefinition;
