/**
 * What a whole round of a scenario in a suite over HTTP has: every server under every load.
 */
import { keepWholeRounds } from '../compare/whole-rounds.ts';
import type { HttpOutcome } from '../model/http.ts';
import { type HttpProfile, httpProfiles } from '../load/profiles.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';
import { loadKey } from '../load/outcome.ts';
import { loadsOf, type PlannedHttpSuite } from '../load/plan.ts';

/**
 * The outcomes of a session that count, whether it is gone on with or reported; a round that was cut in its middle does
 * not.
 */
export function keepWholeRoundsOf(
  { suites, scenarios, profile }: Pick<HttpJournalHeader, 'suites' | 'scenarios' | 'profile'>,
  outcomes: readonly HttpOutcome[],
): HttpOutcome[] {
  const planned = suites.map((suite) => ({
    id: suite.id,
    targets: suite.contenders,
    scenarios: scenarios.filter(({ id }) => suite.scenarios.includes(id)),
    sweeps: suite.sweeps === true,
  }));
  return keepWholeHttpRounds({ suites: planned, profile: httpProfiles[profile] }, outcomes);
}

/** What of a plan says which outcomes a whole round has. */
export interface PlannedRounds {
  readonly profile: HttpProfile;
  readonly suites: readonly (Pick<PlannedHttpSuite, 'id' | 'scenarios' | 'sweeps'> & {
    readonly targets: readonly { readonly id: string }[];
  })[];
}

/** Outcomes of whole rounds in their order; what was not planned is kept. */
export function keepWholeHttpRounds(plan: PlannedRounds, outcomes: readonly HttpOutcome[]): HttpOutcome[] {
  // The rate of a scenario's open loop is found once; without it nothing was sent at one.
  const rates = new Map(
    outcomes.flatMap(({ suite, scenario, load }) =>
      load.kind === 'open' && load.isNamed !== true ? [[JSON.stringify([suite, scenario]), load.requestsPerSec]] : [],
    ),
  );
  return keepWholeRounds<HttpOutcome>(outcomes, {
    keyOf,
    plannedBeside: (outcome) => {
      const suite = plan.suites.find(({ id }) => id === outcome.suite);
      const scenario = suite?.scenarios.find(({ id }) => id === outcome.scenario);
      if (suite === undefined || scenario === undefined) return undefined;
      const requestsPerSec = rates.get(JSON.stringify([suite.id, scenario.id]));
      const loads = loadsOf({ suite, scenario, profile: plan.profile, requestsPerSec });
      return suite.targets.flatMap(({ id: contender }) =>
        loads.map((load) => keyOf({ suite: suite.id, scenario: scenario.id, contender, load })),
      );
    },
  });
}

function keyOf({
  suite,
  scenario,
  contender,
  load,
  isTwin,
}: Pick<HttpOutcome, 'suite' | 'scenario' | 'contender' | 'load' | 'isTwin'>): string {
  return JSON.stringify([suite, scenario, contender, loadKey(load), ...(isTwin === true ? ['twin'] : [])]);
}
