/**
 * The sum of what workers told over all slices of time. Times come as histograms, so that nothing is lost by the way they
 * are put together.
 */
import type { SliceRequest, TimelineSlice, UserCounts, WorkerSlice } from '../model/users.ts';
import { type DecodedLatencies, decodeLatencies, Latencies } from './requests/latencies.ts';
import { addCounts, sumCounts } from './spawn-order.ts';

/** One kind of request over all slices. */
export class RequestSum {
  readonly userClass: string;
  readonly task: string;
  readonly step: number;
  readonly latency: Latencies = new Latencies();
  readonly serviceTime: Latencies = new Latencies();
  readonly failures: Record<string, number> = {};
  requests = 0;
  wireBytes = 0;

  constructor({ userClass, task, step }: Pick<SliceRequest, 'userClass' | 'task' | 'step'>) {
    this.userClass = userClass;
    this.task = task;
    this.step = step;
  }

  /** @param latency of the request, decoded. */
  add({ requests, failures, wireBytes, serviceTime }: SliceRequest, latency: DecodedLatencies | undefined): void {
    this.requests += requests;
    this.wireBytes += wireBytes;
    addCounts(this.failures, failures);
    if (latency !== undefined) this.latency.add(latency);
    if (serviceTime !== undefined) this.serviceTime.add(decodeLatencies(serviceTime));
  }
}

/** One worker over all slices. */
export interface WorkerSum {
  readonly id: string;
  users: number;
  requests: number;
  cpuShare: number;
  readonly lateness: Latencies;
}

/** A second of the load over all workers, until nobody tells of it any more. */
interface OpenSecond {
  readonly users: Map<string, number>;
  readonly latency: Latencies;
  requests: number;
  failures: number;
  readonly failuresByKind: Record<string, number>;
}

/** Seconds that a worker may be behind the others. */
const openSeconds = 15;
const secondMs = 1000;

export class LoadSum {
  readonly #requests = new Map<string, RequestSum>();
  readonly #workers = new Map<string, WorkerSum>();
  readonly #begun = new Map<string, { userClass: string; task: string; count: number }>();
  readonly #seconds = new Map<number, OpenSecond>();
  readonly #timeline: TimelineSlice[] = [];
  readonly #latestUsers = new Map<string, UserCounts>();
  readonly #mostUsers: Record<string, number> = {};
  #peakUsers = 0;
  #elapsedMs = 0;

  /** @throws {Error} where a histogram is none. */
  add(worker: string, slice: WorkerSlice): void {
    const sum = this.#worker(worker);
    const second = this.#second(slice.elapsedMs);
    for (const request of slice.requests) {
      const latency = request.latency === undefined ? undefined : decodeLatencies(request.latency);
      this.#request(request).add(request, latency);
      sum.requests += request.requests;
      second.requests += request.requests;
      second.failures += sumCounts(request.failures);
      addCounts(second.failuresByKind, request.failures);
      if (latency !== undefined) second.latency.add(latency);
    }
    for (const { userClass, task, count: times } of slice.begun) {
      const key = `${userClass}\t${task}`;
      const known = this.#begun.get(key) ?? { userClass, task, count: 0 };
      known.count += times;
      this.#begun.set(key, known);
    }
    const users = sumCounts(slice.users);
    sum.users = Math.max(sum.users, users);
    sum.cpuShare = Math.max(sum.cpuShare, slice.cpuShare);
    if (slice.lateness !== undefined) sum.lateness.add(decodeLatencies(slice.lateness));
    second.users.set(worker, users);
    this.#elapsedMs = Math.max(this.#elapsedMs, slice.elapsedMs);
    this.#noteUsers(worker, slice.users);
    this.#closeSeconds(openSeconds);
  }

  /** A worker that is gone has no users any more. */
  forget(worker: string): void {
    this.#latestUsers.delete(worker);
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  get requests(): readonly RequestSum[] {
    return [...this.#requests.values()];
  }

  get workers(): readonly WorkerSum[] {
    return [...this.#workers.values()];
  }

  get begun(): readonly { readonly userClass: string; readonly task: string; readonly count: number }[] {
    return [...this.#begun.values()];
  }

  /** Users of each class, at most at one time. */
  get mostUsers(): UserCounts {
    return this.#mostUsers;
  }

  /** Of the newest second that all workers may have told of. */
  get latest(): { readonly requests: number; readonly failures: number } {
    const newest = Math.max(-1, ...this.#seconds.keys());
    return this.#seconds.get(newest - 1) ?? this.#seconds.get(newest) ?? { requests: 0, failures: 0 };
  }

  /** At most at one time. */
  get peakUsers(): number {
    return this.#peakUsers;
  }

  /** Now. */
  get users(): number {
    return [...this.#latestUsers.values()].reduce((all, users) => all + sumCounts(users), 0);
  }

  /** Second by second. */
  timeline(): readonly TimelineSlice[] {
    this.#closeSeconds(0);
    return this.#timeline;
  }

  #noteUsers(worker: string, users: UserCounts): void {
    this.#latestUsers.set(worker, users);
    this.#peakUsers = Math.max(this.#peakUsers, this.users);
    const totals: Record<string, number> = {};
    for (const counted of this.#latestUsers.values()) {
      for (const [name, some] of Object.entries(counted)) totals[name] = (totals[name] ?? 0) + some;
    }
    for (const [name, some] of Object.entries(totals))
      this.#mostUsers[name] = Math.max(this.#mostUsers[name] ?? 0, some);
  }

  #request(request: SliceRequest): RequestSum {
    const key = `${request.userClass}\t${request.task}\t${request.step}`;
    const known = this.#requests.get(key) ?? new RequestSum(request);
    this.#requests.set(key, known);
    return known;
  }

  #worker(id: string): WorkerSum {
    const known = this.#workers.get(id) ?? { id, users: 0, requests: 0, cpuShare: 0, lateness: new Latencies() };
    this.#workers.set(id, known);
    return known;
  }

  #second(elapsedMs: number): OpenSecond {
    // A slice ends about when its second does, a little earlier or later.
    const index = Math.max(0, Math.round(elapsedMs / secondMs) - 1);
    const known = this.#seconds.get(index) ?? {
      users: new Map(),
      latency: new Latencies(),
      requests: 0,
      failures: 0,
      failuresByKind: {},
    };
    this.#seconds.set(index, known);
    return known;
  }

  /** @param keep the newest seconds that stay open. */
  #closeSeconds(keep: number): void {
    const newest = Math.max(-1, ...this.#seconds.keys());
    for (const [index, { users, latency, requests, failures, failuresByKind }] of [...this.#seconds].toSorted(
      ([a], [b]) => a - b,
    )) {
      if (index > newest - keep) break;
      const summary = latency.summary();
      this.#seconds.delete(index);
      this.#timeline.push({
        elapsedMs: (index + 1) * secondMs,
        sliceMs: secondMs,
        users: [...users.values()].reduce((all, some) => all + some, 0),
        requests,
        failures,
        ...(failures === 0 ? {} : { failuresByKind }),
        ...(summary === undefined ? {} : { p50Ns: summary.p50Ns, p95Ns: summary.p95Ns, p99Ns: summary.p99Ns }),
      });
    }
  }
}
