/**
 * What a worker counts for Locust's own page, CSV and HTML: requests by name and method, failures among them, times
 * rounded to milliseconds as Locust keeps them. Our report has its own, which are not rounded.
 *
 * Source: StatsEntry and StatsError of Locust 2.12.1.
 */
import { createHash } from 'node:crypto';

interface Entry {
  readonly name: string;
  readonly method: string;
  num_requests: number;
  num_failures: number;
  total_response_time: number;
  max_response_time: number;
  min_response_time: number | null;
  total_content_length: number;
  start_time: number;
  last_request_timestamp: number | null;
  /** By rounded milliseconds. */
  response_times: Map<number, number>;
  /** By second of the clock. */
  num_reqs_per_sec: Map<number, number>;
  num_fail_per_sec: Map<number, number>;
}

/** One request, as Locust counts it. */
export interface LoggedRequest {
  readonly name: string;
  readonly method: string;
  /** From when it was due. */
  readonly latencyMs: number;
  readonly bytes: number;
  readonly failure: string | undefined;
}

export class LocustStats {
  #entries = new Map<string, Entry>();
  #total = newEntry('Aggregated', '');
  readonly #errors = new Map<string, { method: string; name: string; error: string; occurrences: number }>();

  log(request: LoggedRequest): void {
    const { name, method, failure } = request;
    const key = `${method} ${name}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, (entry = newEntry(name, method)));
    for (const counted of [entry, this.#total]) add(counted, request);
    if (failure === undefined) return;
    const id = createHash('sha256').update(`${method}.${name}.${failure}`).digest('hex');
    const known = this.#errors.get(id) ?? { method, name, error: failure, occurrences: 0 };
    known.occurrences += 1;
    this.#errors.set(id, known);
  }

  /** What has come since the last time, as the data of a `stats` message. */
  take(): { stats: object[]; stats_total: object; errors: object } {
    const taken = {
      stats: [...this.#entries.values()].map(serialize),
      stats_total: serialize(this.#total),
      errors: Object.fromEntries([...this.#errors].map(([id, error]) => [id, { ...error }])),
    };
    this.#entries = new Map();
    this.#total = newEntry('Aggregated', '');
    this.#errors.clear();
    return taken;
  }
}

function newEntry(name: string, method: string): Entry {
  return {
    name,
    method,
    num_requests: 0,
    num_failures: 0,
    total_response_time: 0,
    total_content_length: 0,
    max_response_time: 0,
    min_response_time: null,
    start_time: Date.now() / 1000,
    last_request_timestamp: null,
    response_times: new Map(),
    num_reqs_per_sec: new Map(),
    num_fail_per_sec: new Map(),
  };
}

function add(entry: Entry, { latencyMs, bytes, failure }: LoggedRequest): void {
  const now = Date.now() / 1000;
  const second = Math.floor(now);
  entry.num_requests += 1;
  entry.total_response_time += latencyMs;
  entry.max_response_time = Math.max(entry.max_response_time, latencyMs);
  entry.min_response_time = Math.min(entry.min_response_time ?? Infinity, latencyMs);
  entry.total_content_length += bytes;
  entry.last_request_timestamp = now;
  increase(entry.response_times, roundAsLocustDoes(latencyMs));
  increase(entry.num_reqs_per_sec, second);
  if (failure === undefined) return;
  entry.num_failures += 1;
  increase(entry.num_fail_per_sec, second);
}

function increase(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Two digits from 100 ms on. */
export function roundAsLocustDoes(ms: number): number {
  const step = ms < 100 ? 1 : ms < 1000 ? 10 : ms < 10_000 ? 100 : 1000;
  return Math.round(ms / step) * step;
}

function serialize(entry: Entry): object {
  return { ...entry, num_none_requests: 0 };
}
