/**
 * How long measuring over HTTP takes and what that buys: the numbers of the procedure, each with its reason.
 */
import type { Profile } from '../model/bench-module.ts';
import type { HttpLoad, HttpScenario } from '../model/http.ts';

/** What one job of a load does, in numbers; travels to the process that makes the load. */
export interface LoadSettings {
  /**
   * Requests are sent for at least so long before anything counts: code gets optimised, connections open, caches fill.
   */
  readonly warmupMs: number;
  /** The warm-up goes on until so many were answered and their rate has settled. */
  readonly fewestWarmups: number;
  /** It ends here at the latest. */
  readonly longestWarmupMs: number;
  /** The window that counts lasts at least this long. */
  readonly measureMs: number;
  /** It goes on until so many requests were answered: fewer have no percentiles. */
  readonly fewestRequests: number;
  /** It ends here at the latest, however few there were. */
  readonly longestMs: number;
  /** A request without an answer after this time has failed; whole seconds, which is all that autocannon knows. */
  readonly requestTimeoutMs: number;
}

export interface HttpProfile {
  readonly summary: string;
  /** Rounds that every scenario has: three are the fewest that give an interval. */
  readonly minRounds: number;
  /** The headline has further rounds up to this number while they fit into the budget; results never decide. */
  readonly maxRounds: number;
  readonly budgetMs: number | undefined;
  /** Connections of a closed loop in every scenario that does not say otherwise. */
  readonly connections: number;
  /** Further numbers of connections where a scenario is swept. */
  readonly sweepConnections: readonly number[];
  /** Whether swept scenarios are measured at a fixed rate too. */
  readonly openLoop: boolean;
  /** Windows of a load on a server in a round that are to find the processor at its best. */
  readonly windows: number;
  /** A load gets no further windows after this time for each of its servers, where all have the fewest. */
  readonly serverMs: number;
  readonly load: LoadSettings;
}

/**
 * Of what the reference answers in a closed loop, the share that is asked for in an open one. Arbitrary: at half of the
 * capacity queues come and go; near all of it the tail would be the queue's alone.
 */
export const openLoopShare = 0.5;

/**
 * The highest rate that is asked for, in requests per second: beyond it a client of node:http that shares a small
 * machine with the server sends late, and would measure itself.
 */
export const fastestOpenLoop = 1000;

/** Connections of an open loop: so many requests may be under way at once before they queue in the client. */
export const openLoopConnections = 64;

/**
 * What a window begins with and does not count: connections open, and the processor's caches fill with the server's
 * code after another one had its turn.
 */
export const leadInMs = 30;

/** How long the reference is asked for the rate that open loops take a share of. */
export const rateMs = 1000;

/** What every server has however slow it is. Arbitrary: fewer windows would hardly alternate. */
export const fewestWindows = 3;

/** Windows beyond those that are wanted, as a share, where some find the processor above its floor. */
export const extraWindows = 0.5;

const load: LoadSettings = {
  warmupMs: 700,
  fewestWarmups: 20,
  longestWarmupMs: 4000,
  measureMs: 150,
  fewestRequests: 20,
  longestMs: 6000,
  requestTimeoutMs: 10_000,
};

export const httpProfiles: { readonly [name in Profile]: HttpProfile } = {
  quick: {
    summary: 'a first look at lists of 100 and 1,000 tools, within two minutes',
    minRounds: 3,
    maxRounds: 5,
    budgetMs: 110_000,
    connections: 10,
    sweepConnections: [],
    openLoop: false,
    // With as many windows as fit beside a third round, which is worth more.
    windows: 5,
    serverMs: 4000,
    load: { ...load, warmupMs: 500 },
  },
  standard: {
    summary:
      'every scenario, swept ones at several numbers of connections and at a fixed rate, in less than twenty minutes',
    minRounds: 3,
    maxRounds: 10,
    budgetMs: 1_080_000,
    connections: 10,
    sweepConnections: [1, 100],
    openLoop: true,
    windows: 5,
    serverMs: 4000,
    // Small calls run optimised code after two seconds or three.
    load: { ...load, warmupMs: 400, longestWarmupMs: 5000 },
  },
  thorough: {
    summary: 'the same with ten rounds and longer windows, for hours',
    minRounds: 10,
    maxRounds: 10,
    budgetMs: undefined,
    connections: 10,
    sweepConnections: [1, 100, 200],
    openLoop: true,
    windows: 20,
    serverMs: 60_000,
    load: { ...load, warmupMs: 2000, longestWarmupMs: 8000, measureMs: 400, longestMs: 20_000 },
  },
};

/**
 * The closed loops that a scenario is measured with: those of every scenario first, since the first load warms the
 * server up, and does it best with many requests.
 * @returns for a sequence one connection, since it sends one request at a time.
 */
export function closedLoadsOf(
  scenario: HttpScenario,
  profile: Pick<HttpProfile, 'connections' | 'sweepConnections'>,
): HttpLoad[] {
  if (scenario.client !== 'load') return [{ kind: 'closed', connections: 1 }];
  const counts = new Set([
    scenario.connections ?? profile.connections,
    ...(scenario.sweep ? profile.sweepConnections : []),
  ]);
  return [...counts].map((connections) => ({ kind: 'closed', connections }));
}
