/**
 * How late the server's event loop came to its timers, in all but 1% of the cases.
 */
import { loopDelayResolutionMs } from '../../src/compare/loop-delay-resolution.ts';
import type { MetricDefinition } from '../../src/model/metric-definition.ts';

const nanosecondsPerMillisecond = 1e6;

export default {
  source: 'load',
  title: 'loop delay p99',
  unit: 'nanoseconds',
  better: 'lower',
  order: 7,
  meaning: "how late the server's event loop came to its timers, in all but 1% of the cases",
  ratio: 'value/reference',
  // A time below its clock's resolution is mostly the clock's: between two of them a ratio ran from 0.007x to 297x.
  resolution: loopDelayResolutionMs * nanosecondsPerMillisecond,
  read({ server }) {
    if (server === undefined) return 'the server is no process of this program';
    return server.eventLoopDelayP99Ns ?? 'the event loop came round too seldom';
  },
} satisfies MetricDefinition;
