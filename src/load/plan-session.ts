/**
 * Plans a session over HTTP from its journal's header, so that one that was killed is planned again exactly as it was.
 * What options make of that header is in choose-suites.ts.
 */
import { gatewayTarget, hasSettings } from './servers/gateway-targets.ts';
import type { HttpPlan } from './plan.ts';
import type { HttpTarget } from './servers/target.ts';
import { type HttpProfile, httpProfiles } from './profiles.ts';
import { openSite } from './servers/user-site.ts';
import type { HttpContender, HttpScenario } from '../model/http.ts';
import type { AskedRounds } from '../model/run-plan.ts';
import type { Surroundings } from '../model/surroundings.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';

/** @throws {UserError} for a site that may not be measured, and a token that is not there. */
export function planHttpSession(
  header: Omit<HttpJournalHeader, 'environment' | 'startedAt' | 'journalVersion'>,
  { env, metrics }: Pick<Surroundings, 'env'> & Pick<HttpPlan, 'metrics'>,
): HttpPlan {
  const { suites, scenarios, profile, seed, requestsPerSec, site, rounds } = header;
  const targetOf = (contender: HttpContender): HttpTarget =>
    hasSettings(contender)
      ? gatewayTarget(contender, seed)
      : { id: contender.id, site: openSite({ url: '', ...site, env }) };
  // The first suite is what a session is about. One place is enough to see what a machine does to identical servers.
  const headline = suites[0] === undefined ? [] : headlineOf(suites[0].scenarios, scenarios);
  return {
    suites: suites.map((suite, index) => ({
      id: suite.id,
      reference: suite.reference,
      targets: suite.contenders.map(targetOf),
      scenarios: scenarios.filter(({ id }) => suite.scenarios.includes(id)),
      sweeps: suite.sweeps === true,
      headline: index === 0 ? headline : [],
      ...(index === 0 && site === undefined ? { twinIn: headline[0] ?? '' } : {}),
    })),
    profile: withRounds(httpProfiles[profile], rounds),
    metrics,
    seed,
    ...(requestsPerSec === undefined ? {} : { requestsPerSec }),
    ...(site?.write === true ? { writeToSites: true } : {}),
  };
}

/** Rounds that were asked for by number are measured however long that takes. */
function withRounds(profile: HttpProfile, rounds: AskedRounds | undefined): HttpProfile {
  if (rounds === undefined) return profile;
  return { ...profile, minRounds: rounds.fewest, maxRounds: rounds.most, budgetMs: undefined };
}

/** The scenarios that are meant for it, else all of the suite. */
function headlineOf(ids: readonly string[], scenarios: readonly HttpScenario[]): string[] {
  const own = scenarios.filter(({ id }) => ids.includes(id));
  const meant = own.filter(({ headline }) => headline === true);
  return (meant.length === 0 ? own : meant).map(({ id }) => id);
}
