/**
 * Which outcomes of a session over HTTP that was cut count: those of whole rounds of a scenario in a suite.
 *
 * The same as for micro-benchmarks (src/measure/whole-rounds.ts), and for the same reason. Pure functions.
 */
import type { HttpOutcome } from '../model/http.ts';
import type { HttpProfile } from './profiles.ts';
import { loadKey } from './outcome.ts';
import { loadsOf, type PlannedHttpSuite } from './plan.ts';

/** What of a plan says which outcomes a whole round has. */
export interface PlannedRounds {
  readonly profile: HttpProfile;
  readonly suites: readonly (Pick<PlannedHttpSuite, 'id' | 'scenarios' | 'sweeps'> & {
    readonly targets: readonly { readonly id: string }[];
  })[];
}

/**
 * @param outcomes of one session, or of several of which each began with what this function had left of those before;
 *   of two of one load and round the later one counts.
 * @returns those of whole rounds, in their order.
 */
export function keepWholeHttpRounds(plan: PlannedRounds, outcomes: readonly HttpOutcome[]): HttpOutcome[] {
  const latest = new Map(outcomes.map((outcome) => [keyOf(outcome, outcome.round), outcome]));
  const failedIn = new Map<string, number>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    if (outcome.status !== 'ok') failedIn.set(key, Math.min(outcome.round, failedIn.get(key) ?? outcome.round));
  }
  // The rate of a scenario's open loop is found once; without it nothing was sent at one.
  const rates = new Map(
    outcomes.flatMap(({ suite, scenario, load }) =>
      load.kind === 'open' ? [[JSON.stringify([suite, scenario]), load.requestsPerSec]] : [],
    ),
  );
  const isWhole = (suite: PlannedRounds['suites'][number], { scenario: id, round }: HttpOutcome): boolean => {
    const scenario = suite.scenarios.find((one) => one.id === id);
    if (scenario === undefined) return true;
    const requestsPerSec = rates.get(JSON.stringify([suite.id, id]));
    const loads = loadsOf({ suite, scenario, profile: plan.profile, requestsPerSec });
    return suite.targets.every((target) =>
      loads.every((load) => {
        const cell = { suite: suite.id, scenario: id, contender: target.id, load };
        return (failedIn.get(keyOf(cell)) ?? round) < round || latest.has(keyOf(cell, round));
      }),
    );
  };
  return [...latest.values()].filter((outcome) => {
    const suite = plan.suites.find(({ id }) => id === outcome.suite);
    return suite === undefined || isWhole(suite, outcome);
  });
}

function keyOf(
  { suite, scenario, contender, load }: Pick<HttpOutcome, 'suite' | 'scenario' | 'contender' | 'load'>,
  round?: number,
): string {
  return JSON.stringify([suite, scenario, contender, loadKey(load), round]);
}
