/**
 * Bytes written a second: the size of the output by the time that stands beside it in every table.
 */
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

const nanosecondsPerSecond = 1e9;

export default {
  source: 'fork',
  title: 'MB/s',
  unit: 'bytesPerSec',
  better: 'higher',
  order: 2,
  hasBounds: false,
  derive: (medianOf) => (medianOf('outputBytes') * nanosecondsPerSecond) / medianOf('latencyNs'),
} satisfies MetricDefinition;
