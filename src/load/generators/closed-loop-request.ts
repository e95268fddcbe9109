/**
 * What every closed loop gets: a job, and who counts its answers and says when the window is over.
 */
import type { JsonValue } from '../../model/values.ts';
import type { LoadJob } from './messages.ts';
import type { Recorder } from './recorder.ts';

export interface ClosedLoopRequest extends LoadJob {
  readonly recorder: Recorder;
}

/** Sends until the recorder's window is over. @returns of events the data of the first one. */
export type ClosedLoop = (request: ClosedLoopRequest) => Promise<JsonValue | void>;
