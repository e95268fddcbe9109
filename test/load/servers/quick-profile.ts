/**
 * A load of a fraction of a second for a server that runs already; the figures may be poor.
 */
import type { HttpPlan } from '../../../src/load/plan.ts';

export function quickProfile(rounds: number): HttpPlan['profile'] {
  return {
    summary: '',
    minRounds: rounds,
    maxRounds: rounds,
    budgetMs: undefined,
    connections: 3,
    sweepConnections: [],
    openLoop: false,
    windows: 2,
    serverMs: 60_000,
    load: {
      warmupMs: 50,
      fewestWarmups: 25,
      longestWarmupMs: 3000,
      measureMs: 200,
      fewestRequests: 20,
      longestMs: 5000,
      requestTimeoutMs: 5000,
    },
  };
}
