/**
 * What a session over HTTP measures, as data: suites with their servers and scenarios, and how long that will take.
 */
import type { HttpLoad, HttpScenario } from '../model/http.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import { unknownName, UserError } from '../user-error.ts';
import { closedLoadsOf, fewestWindows, type HttpProfile, openLoopConnections } from './profiles.ts';
import type { HttpTarget } from './servers/target.ts';

/** Servers and scenarios whose measurements are held against each other. */
export interface PlannedHttpSuite {
  readonly id: string;
  /** Id of the target that the others are held against. */
  readonly reference: string;
  readonly targets: readonly HttpTarget[];
  readonly scenarios: readonly HttpScenario[];
  /** Whether swept scenarios are measured under further loads, too. */
  readonly sweeps: boolean;
  /** Ids of the scenarios that have further rounds when all have had the fewest. */
  readonly headline: readonly string[];
  /** Id of the scenario in which a second server of the reference stands beside it; none without it. */
  readonly twinIn?: string;
}

export interface HttpPlan {
  readonly suites: readonly PlannedHttpSuite[];
  readonly profile: HttpProfile;
  /** What is read from each load. */
  readonly metrics: readonly KnownMetric[];
  /** Of the order. */
  readonly seed: number;
  /** Of open loops; without it a share of what the reference answers. */
  readonly requestsPerSec?: number;
  /** Whether scenarios that write may go to a server that the user runs. */
  readonly writeToSites?: boolean;
}

/** @throws {UserError} for a reference that is no target, and a target that is neither started nor runs. */
export function checkPlan({ suites }: HttpPlan): void {
  for (const { targets, reference } of suites) {
    const choices = targets.map(({ id }) => id);
    if (!choices.includes(reference)) throw unknownName({ what: 'reference', name: reference, choices });
    const idle = targets.find(({ command, site }) => (command === undefined) === (site === undefined));
    if (idle !== undefined)
      throw new UserError(`cannot measure '${idle.id}': a contender is either started or runs already`);
  }
}

/**
 * The loads of a scenario in a suite, closed loops first.
 * @param requestsPerSec of an open loop; without it there is none.
 */
export function loadsOf(request: {
  suite: Pick<PlannedHttpSuite, 'sweeps'>;
  scenario: HttpScenario;
  profile: HttpProfile;
  requestsPerSec: number | undefined;
}): HttpLoad[] {
  const { suite, scenario, profile, requestsPerSec } = request;
  const sweeps = suite.sweeps && scenario.sweep;
  const closed = closedLoadsOf(scenario, {
    connections: profile.connections,
    sweepConnections: sweeps ? profile.sweepConnections : [],
  });
  const rated = (scenario.rates ?? []).map((perSec): HttpLoad => ({ ...openLoad(perSec), isNamed: true }));
  if (requestsPerSec === undefined || !hasOpenLoop(request)) return [...closed, ...rated];
  return [...closed, ...rated, openLoad(requestsPerSec)];
}

function openLoad(requestsPerSec: number): HttpLoad & { readonly kind: 'open' } {
  return { kind: 'open', connections: openLoopConnections, requestsPerSec };
}

/** Whether the profile asks for a fixed rate there; a sequence has none. */
export function hasOpenLoop(request: {
  suite: Pick<PlannedHttpSuite, 'sweeps'>;
  scenario: HttpScenario;
  profile: HttpProfile;
}): boolean {
  const { suite, scenario, profile } = request;
  return profile.openLoop && suite.sweeps && scenario.sweep && scenario.client === 'load';
}

/** A server with its first answers and warming up beyond the least, on an ordinary machine; for estimates alone. */
const startMs = 1500;
/** What a window takes beyond its own time: lead-in, requests that are under way at its end, probes. */
const betweenWindowsMs = 80;

/** Long windows end with the time of a server, but not before there are the fewest. */
function longWindowsMs(windowMs: number, { serverMs }: HttpProfile): number {
  return Math.max(serverMs + windowMs, fewestWindows * (windowMs + betweenWindowsMs));
}

/** About how long the plan takes, in milliseconds; the budget decides about rounds beyond the fewest. */
export function estimateHttpPlanMs({ suites, profile }: HttpPlan): number {
  const { warmupMs, measureMs } = profile.load;
  const loadMs = profile.windows * (measureMs + betweenWindowsMs);
  const steps = suites.flatMap((suite) =>
    suite.scenarios.map((scenario) => {
      const loads = loadsOf({ suite, scenario, profile, requestsPerSec: 1 });
      const ownMs = scenario.rateWindowMs === undefined ? loadMs : longWindowsMs(scenario.rateWindowMs, profile);
      const loadsMs = loads.reduce((sum, { kind }) => sum + (kind === 'open' ? ownMs : loadMs), 0);
      return {
        ms: suite.targets.length * (startMs + warmupMs + loadsMs),
        rounds: suite.headline.includes(scenario.id) ? profile.maxRounds : profile.minRounds,
      };
    }),
  );
  const preparationMs = new Set(suites.flatMap(({ scenarios }) => scenarios.map(({ id }) => id))).size * startMs;
  const roundsMs = (roundsOf: (step: (typeof steps)[number]) => number): number =>
    steps.reduce((sum, step) => sum + step.ms * roundsOf(step), preparationMs);
  return Math.max(
    roundsMs(() => profile.minRounds),
    Math.min(
      roundsMs(({ rounds }) => rounds),
      profile.budgetMs ?? Infinity,
    ),
  );
}
