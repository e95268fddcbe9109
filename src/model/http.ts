/**
 * The vocabulary of measurements over HTTP: suites, scenarios, loads, what one round gives, and the cells made of
 * rounds.
 *
 * Everything here is data that crosses a folder, a process or a disk.
 */
import type { Profile } from './bench-module.ts';
import type { Cell, CellId, CellStatus, NoiseShares, RequestFailures } from './cell.ts';
import type { RunNoise } from './noise.ts';
import type { HttpRunPlan } from './run-plan.ts';
import type { Bytes, JsonValue, Nanoseconds } from './values.ts';

/** How a gateway is started, and what its clients ask it for. */
export interface ServerSettings {
  /** As the gateway's own option names it. */
  readonly serializer: string;
  /** Offered by the gateway, and accepted by every client. */
  readonly compression?: 'gzip' | 'br' | 'zstd';
  /** Whole responses are kept until something of their kind changes. */
  readonly cache?: true;
  /** Each connection is closed after its answer. */
  readonly closesConnections?: true;
  /** Each request carries a token, and the gateway verifies it. */
  readonly authentication?: true;
  /** The handlers alone answer: no router, no validation, no hooks. */
  readonly bare?: true;
  /** What there is comes from an MCP server: asked directly, or behind the gateway, which passes requests on. */
  readonly forwarding?: 'server' | 'gateway';
}

/** One way to answer that takes part in a suite. */
export interface HttpContender {
  readonly id: string;
  readonly title: string;
  /** Absent for a server that somebody else runs. */
  readonly settings?: ServerSettings;
}

/** Which servers and scenarios make one table: a file of bench/http, the file's name is the id. */
export interface HttpSuite {
  readonly title: string;
  /** The question that the suite's tables answer. */
  readonly question: string;
  /** Position in reports, ascending. */
  readonly order: number;
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
  /** Id of the contender that ratios are quoted against. */
  readonly reference: string;
  readonly contenders: readonly HttpContender[];
  /** Ids of the only scenarios it has; without it those of the profile. */
  readonly scenarios?: readonly string[];
  /** True where swept scenarios are measured under further loads, too. */
  readonly sweeps?: true;
}

/** One request of a scenario. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, beginning with a slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: JsonValue;
  /**
   * True where the body is a JSON-RPC `tools/call` of a tool that the gateway lists; it is made once a server is up.
   */
  readonly callsTool?: true;
  /** Of which kind an entity's id stands for `{id}` in the path: that of the first one that the server lists. */
  readonly entity?: 'tools' | 'servers';
  /** True for a page that people look at: it is no JSON, and pages are not compared. */
  readonly isPage?: true;
  /** Share of the scenario's requests relative to the others, a positive integer. */
  readonly weight: number;
}

/** What clients of a gateway do. */
export interface HttpScenario {
  readonly id: string;
  readonly title: string;
  /** Where a gateway sees it and where it hurts. */
  readonly where: string;
  /** Entities of each kind in the gateway's database. */
  readonly items: number;
  /**
   * `load`: requests over several connections. `sync`: another gateway's process lists and parses, one request at a
   * time. `events`: a tool is written and the latency ends when its event has reached a subscriber.
   */
  readonly client: 'load' | 'sync' | 'events';
  /** At least one; of `events` none is sent as it is. */
  readonly requests: readonly HttpRequest[];
  /** True where it changes what the gateway holds, or might: a called tool does what it likes. */
  readonly writes: boolean;
  /** JSON Pointers into bodies whose values differ from answer to answer, e.g. a time of writing. */
  readonly volatile: readonly string[];
  /** Of its closed loop; without it as many as the profile has. */
  readonly connections?: number;
  /** True where it is also measured at other numbers of connections and at a fixed rate. */
  readonly sweep: boolean;
  /** Arrivals a second that it is measured at, ascending, beside its closed loop; in every suite that has it. */
  readonly rates?: readonly number[];
  /** How long a window at a fixed rate lasts where queues need time to show. */
  readonly rateWindowMs?: number;
  /** The smallest profile that includes it; larger ones do too. */
  readonly tier: Profile;
  /** Whether it has further rounds when all have had the fewest. */
  readonly headline?: true;
  /** True for one that only suites have which name it: others have no server that could answer. */
  readonly isNamed?: true;
}

/** A file of bench/scenarios; the file's name is the id, and what it may leave out is that of an ordinary list. */
export interface ScenarioModule
  extends
    Pick<HttpScenario, 'title' | 'where' | 'requests' | 'tier'>,
    Partial<
      Pick<
        HttpScenario,
        | 'items'
        | 'client'
        | 'connections'
        | 'writes'
        | 'volatile'
        | 'sweep'
        | 'rates'
        | 'rateWindowMs'
        | 'headline'
        | 'isNamed'
      >
    > {
  /** Position in reports, ascending. */
  readonly order: number;
}

/**
 * How requests arrive. `closed`: each connection sends its next request when it has its answer. `open`: requests fall
 * due at a fixed rate whatever became of earlier ones, and a latency begins when its request was due.
 */
export type HttpLoad =
  | { readonly kind: 'closed'; readonly connections: number }
  | {
      readonly kind: 'open';
      readonly connections: number;
      readonly requestsPerSec: number;
      /** True for a rate that the scenario names; others are a share of what the run's reference answers. */
      readonly isNamed?: true;
    };

/** What a load on one server told in all windows of a round that count together, for metrics to read. */
export interface LoadReading {
  /** Answered and counted, at least one. */
  readonly requests: number;
  readonly elapsedNs: Nanoseconds;
  /** Headers and bodies as they came out of the socket. */
  readonly wireBytes: Bytes;
  /** Of all requests. @param percent in (0, 100). @returns `undefined` where it lies beyond the evidence. */
  readonly latencyNs: (percent: number) => Nanoseconds | undefined;
  /** The server's process in the same windows; absent for a server that is not ours. */
  readonly server?: {
    readonly elapsedNs?: Nanoseconds;
    /** User and system time of all threads. */
    readonly cpuNs?: Nanoseconds;
    /** The same of the server that stands behind it, which makes its answers; absent where there is none. */
    readonly behindCpuNs?: Nanoseconds;
    /** How late the event loop came to its timers, in the median window. */
    readonly eventLoopDelayP99Ns?: Nanoseconds;
    /** Largest resident memory while the load ran. */
    readonly peakMemoryBytes?: Bytes;
  };
}

export interface HttpCellId extends CellId {
  readonly scenario: string;
  readonly load: HttpLoad;
}

export type HttpCell = Cell<HttpCellId>;

/** What became of one contender under one load in one round; a line of the journal. */
export interface HttpOutcome extends HttpCellId, NoiseShares {
  readonly round: number;
  /** A second server of the contender beside it, which shows what identical servers read. */
  readonly isTwin?: true;
  readonly status: CellStatus;
  /** Present unless `status` is `ok`. */
  readonly reason?: string;
  /** By name; present where `status` is `ok`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Requests that were answered and counted; present where `metrics` is. */
  readonly requests?: number;
  readonly failures: RequestFailures;
  /** Why a metric could not be had. */
  readonly absent: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** A suite as it was measured; a run outlives the file that declared it. */
export interface MeasuredHttpSuite extends Pick<HttpSuite, 'title' | 'question' | 'reference' | 'contenders'> {
  readonly id: string;
}

/** What a run file holds of a gateway that was measured over HTTP. */
export interface HttpResults {
  /** In the order of reports. */
  readonly suites: readonly MeasuredHttpSuite[];
  /** Those that any suite was measured with, in the order of reports. */
  readonly scenarios: readonly HttpScenario[];
  readonly cells: readonly HttpCell[];
  /** Absent in files of versions that did not record it. */
  readonly plan?: HttpRunPlan;
  /** Absent in files of version 0.1. */
  readonly noise?: RunNoise<HttpCellId>;
}
