/**
 * Counts what users of one process do, slice by slice: requests by kind, failures by name, times as histograms.
 */
import type { SliceRequest, WorkerSlice } from '../../model/users.ts';
import { Latencies } from '../requests/latencies.ts';
import type { StepOutcome } from '../requests/task.ts';

interface Counted {
  readonly userClass: string;
  readonly task: string;
  readonly step: number;
  readonly latency: Latencies;
  readonly serviceTime: Latencies;
  failures: Record<string, number>;
  requests: number;
  wireBytes: number;
}

export class SliceRecorder {
  readonly #counted = new Map<string, Counted>();
  readonly #lateness = new Latencies();
  #begun = new Map<string, { userClass: string; task: string; count: number }>();

  /** @param latenessMs how late its first request left; absent where the answer before it held it up. */
  begin(task: { userClass: string; task: string }, latenessMs: number | undefined): void {
    const key = `${task.userClass}\t${task.task}`;
    const known = this.#begun.get(key) ?? { ...task, count: 0 };
    known.count += 1;
    this.#begun.set(key, known);
    if (latenessMs !== undefined) this.#lateness.record(latenessMs);
  }

  count({ userClass, task }: { userClass: string; task: string }, outcome: StepOutcome): void {
    const { step, failure, dueMs, sentMs, endMs, wireBytes } = outcome;
    const key = `${userClass}\t${task}\t${step}`;
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      counted = {
        userClass,
        task,
        step,
        latency: new Latencies(),
        serviceTime: new Latencies(),
        failures: {},
        requests: 0,
        wireBytes: 0,
      };
      this.#counted.set(key, counted);
    }
    counted.requests += 1;
    counted.wireBytes += wireBytes;
    if (failure !== undefined) {
      counted.failures[failure] = (counted.failures[failure] ?? 0) + 1;
      return;
    }
    counted.latency.record(endMs - dueMs);
    counted.serviceTime.record(endMs - sentMs);
  }

  /** What has come since the last time, and begins anew. */
  take(): Pick<WorkerSlice, 'begun' | 'requests' | 'lateness'> {
    const requests: SliceRequest[] = [];
    for (const counted of this.#counted.values()) {
      if (counted.requests === 0) continue;
      const { userClass, task, step, failures, wireBytes, latency, serviceTime } = counted;
      const times = latency.count === 0 ? {} : { latency: latency.recorded(), serviceTime: serviceTime.recorded() };
      requests.push({ userClass, task, step, requests: counted.requests, failures, wireBytes, ...times });
      counted.failures = {};
      counted.requests = 0;
      counted.wireBytes = 0;
      latency.reset();
      serviceTime.reset();
    }
    const begun = [...this.#begun.values()];
    const lateness = this.#lateness.count === 0 ? {} : { lateness: this.#lateness.recorded() };
    this.#begun = new Map();
    this.#lateness.reset();
    return { begun, requests, ...lateness };
  }
}
