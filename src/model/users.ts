/**
 * The vocabulary of loads that users make: what kinds of users there are, what each of them does and how long it waits,
 * and what a load of them gave.
 *
 * Everything here is data that crosses a folder, a process or a disk.
 */
import type { RequestFailures } from './cell.ts';
import type { JsonValue, Nanoseconds } from './values.ts';

/**
 * What comes between two tasks of a user. `between`: a pause of random length after the answer. `constant-throughput`:
 * tasks fall due at a fixed rate whatever became of earlier ones; a user that is behind goes on at once until it has
 * caught up.
 */
export type UserWait =
  | { readonly kind: 'between'; readonly minSeconds: number; readonly maxSeconds: number }
  | { readonly kind: 'constant-throughput'; readonly tasksPerSec: number };

/**
 * What an answer has to be beside having a status of 2xx: any at all, JSON, a list, an HTML page, or the result of a
 * JSON-RPC request, a list or not, which may come framed as an event. A list that had something in it when the load
 * began must not be empty.
 */
export type AnswerCheck = 'any' | 'json' | 'list' | 'html' | 'rpc' | 'rpc-list';

/**
 * One request. Texts in the path, the headers and the body may have placeholders: `{tools.id}` is drawn from a pool,
 * anew in each task; `{new}` is a name that nobody else uses; `{kept.id}` is what an earlier step of the task has kept.
 */
export interface UserStep {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, beginning with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: JsonValue;
  readonly check: AnswerCheck;
  /** What later steps need of the answer: JSON Pointers into the body, or `header:` and the name of a header. */
  readonly keeps?: Readonly<Record<string, string>>;
}

/** What a user does at once; the time of each of its requests counts. */
export interface UserTask {
  /** As reports call it; unique in its class. */
  readonly name: string;
  /** Share of the class's tasks relative to the others, a positive integer. */
  readonly weight: number;
  /** At least one. */
  readonly steps: readonly UserStep[];
}

/** Whose weights: those that the reference page prints, or those that its project's code has. */
export type WeightTable = 'page' | 'contextforge';

/** A kind of user: a file of bench/users, whose name is the id. */
export interface UserClass {
  /** As the reference page and Locust call it, e.g. `HealthCheckUser`; unique. */
  readonly name: string;
  /** Who that is, in a few words. */
  readonly title: string;
  /** Position in reports, ascending. */
  readonly order: number;
  /** Share of the users, in each table; a class without one takes part only where it is named. */
  readonly weights: Readonly<Partial<Record<WeightTable, number>>>;
  readonly wait: UserWait;
  readonly tasks: readonly UserTask[];
}

/** How many users there are of each class, by name. */
export type UserCounts = Readonly<Record<string, number>>;

/** Times of many requests as they travel and are kept. */
export interface RecordedLatencies {
  /** In the compressed form of HdrHistogram, of microseconds. */
  readonly histogram: string;
  readonly maxNs: Nanoseconds;
  readonly sumNs: Nanoseconds;
}

/** Requests of one kind in a slice of time. */
export interface SliceRequest {
  readonly userClass: string;
  readonly task: string;
  /** Position in the task. */
  readonly step: number;
  /** Failed ones included. */
  readonly requests: number;
  readonly failures: RequestFailures;
  readonly wireBytes: number;
  /** Of those that did not fail; absent of none. */
  readonly latency?: RecordedLatencies;
  readonly serviceTime?: RecordedLatencies;
}

/** What a worker has done in a slice of time. */
export interface WorkerSlice {
  /** Since the load began, at the slice's end, by the worker's clock. */
  readonly elapsedMs: number;
  readonly sliceMs: number;
  readonly users: UserCounts;
  readonly begun: readonly { readonly userClass: string; readonly task: string; readonly count: number }[];
  readonly requests: readonly SliceRequest[];
  /** Processor time of the worker per time that passed. */
  readonly cpuShare: number;
  /** How late requests left that no earlier answer held up; absent of none. */
  readonly lateness?: RecordedLatencies;
}

/** What is heard of workers while a load is made; a line of the journal. */
export type WorkerEvent =
  | { readonly type: 'slice'; readonly worker: string; readonly slice: WorkerSlice }
  | { readonly type: 'lost'; readonly worker: string; readonly reason: string }
  /** Its last slice was before it. */
  | { readonly type: 'finished'; readonly worker: string; readonly unanswered: number };

/** A class with its share in a load. */
export interface WeightedUserClass extends Omit<UserClass, 'weights' | 'order'> {
  readonly weight: number;
}

/** What a load was asked to be. */
export interface PlannedLoad {
  /** Address of the server, without credentials. */
  readonly target: string;
  /** A preset's name, where one was asked for. */
  readonly preset?: string;
  readonly weights: WeightTable;
  readonly users: number;
  readonly spawnRatePerSec: number;
  /** Absent for a load that goes on until somebody ends it. */
  readonly runTimeMs?: number;
  readonly engine: 'local' | 'locust';
  /** Those that take part, with the tasks that can be done. */
  readonly classes: readonly WeightedUserClass[];
  readonly unavailable: readonly UnavailableTask[];
}

/** Times of requests. Percentiles are nearest ranks, and never above the maximum. */
export interface LatencySummary {
  readonly p50Ns: Nanoseconds;
  readonly p90Ns: Nanoseconds;
  readonly p95Ns: Nanoseconds;
  readonly p99Ns: Nanoseconds;
  readonly p999Ns: Nanoseconds;
  readonly maxNs: Nanoseconds;
  readonly meanNs: Nanoseconds;
}

/** What became of one kind of request. */
export interface UserRequestResult {
  /** Name of the class. */
  readonly userClass: string;
  /** Name of the task. */
  readonly task: string;
  /** As reports call it, e.g. `GET /tools/{tools.id}`. */
  readonly request: string;
  readonly method: string;
  /** Answered as they should be, and failed ones. */
  readonly requests: number;
  /** By name; those are among the requests. */
  readonly failures: RequestFailures;
  /** Bodies and headers of all answers. */
  readonly wireBytes: number;
  /** From the moment at which each request was due; absent where none was answered. */
  readonly latency?: LatencySummary;
  /** From the moment at which it was sent. */
  readonly serviceTime?: LatencySummary;
  /** Both as they were merged, in the compressed form of HdrHistogram, of microseconds. */
  readonly histograms?: { readonly latency: string; readonly serviceTime: string };
}

/** What took no part, and why. */
export interface UnavailableTask {
  readonly userClass: string;
  readonly task: string;
  readonly reason: string;
}

/** A class in a load. */
export interface LoadedClass {
  readonly name: string;
  readonly title: string;
  readonly weight: number;
  /** At most at one time. */
  readonly users: number;
  readonly wait: UserWait;
  /** Tasks that were begun, by name, with their weights. */
  readonly tasks: readonly { readonly name: string; readonly weight: number; readonly begun: number }[];
}

/** One slice of time, for plots. */
export interface TimelineSlice {
  /** Since the load began, at the slice's end. */
  readonly elapsedMs: number;
  readonly sliceMs: number;
  readonly users: number;
  readonly requests: number;
  readonly failures: number;
  /** The same by name; absent where there were none, and in files of versions that did not record it. */
  readonly failuresByKind?: RequestFailures;
  /** Of what was answered in it; absent where nothing was. */
  readonly p50Ns?: Nanoseconds;
  readonly p95Ns?: Nanoseconds;
  readonly p99Ns?: Nanoseconds;
}

/** A process that made requests. */
interface WorkerResult {
  readonly id: string;
  /** `lost`: it was not heard of any more before the load was over. */
  readonly state: 'finished' | 'lost';
  readonly users: number;
  readonly requests: number;
  /** Largest share of a processor that it used in a slice, above 1 with threads. */
  readonly cpuShare: number;
  /** How much later than planned it sent what users did not hold up themselves, the 99th percentile. */
  readonly latenessP99Ns: Nanoseconds;
}

/** What a run file holds of a load that users made. */
export interface UsersResults extends Omit<PlannedLoad, 'classes'> {
  /** From the first user to the end of the load, what was under way included. */
  readonly elapsedMs: number;
  /** How many requests were under way when the time for their answers was up; they are not among the others. */
  readonly unanswered: number;
  readonly classes: readonly LoadedClass[];
  readonly requests: readonly UserRequestResult[];
  readonly total: Omit<UserRequestResult, 'userClass' | 'task' | 'request' | 'method'>;
  readonly timeline: readonly TimelineSlice[];
  readonly workers: readonly WorkerResult[];
  /** Why it is not the load that was asked for, e.g. a worker that was lost; empty for one that is. */
  readonly incomplete: readonly string[];
}
