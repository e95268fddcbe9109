/**
 * What a watched server is asked about itself, and what it answers.
 */
import { createMessageCheck } from '../../process/messages.ts';

/** To forget what was, and to say what has been since. */
export type WatchCommand = { readonly type: 'wirebench-reset' } | { readonly type: 'wirebench-read' };

export interface WatchReading {
  readonly type: 'wirebench-reading';
  readonly elapsedNs: number;
  /** User and system time of all threads. */
  readonly cpuNs: number;
  /** How late timers were, the 99th percentile; 0 where none was late, absent where none came at all. */
  readonly eventLoopDelayP99Ns?: number;
}

const number = { type: 'number' };

export const isWatchReading = createMessageCheck<WatchReading>({
  'wirebench-reading': { elapsedNs: number, cpuNs: number, 'eventLoopDelayP99Ns?': number },
});
