/**
 * A session over HTTP from its journal's header, so that one that was killed is planned again exactly as it was; and the
 * run that its outcomes make.
 *
 * Deliberately absent: options (choose-suites.ts), and measuring.
 */
import { assembleHttpCells } from '../../load/assemble.ts';
import { gatewayTarget, hasSettings } from '../../load/servers/gateway-targets.ts';
import type { HttpPlan, HttpTarget } from '../../load/plan.ts';
import { httpProfiles } from '../../load/profiles.ts';
import { openSite } from '../../load/servers/user-site.ts';
import { keepWholeHttpRounds } from '../../load/whole-rounds.ts';
import type { HttpContender, HttpOutcome } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { HttpJournalHeader } from '../../store/http-journal.ts';
import type { Io } from '../command.ts';

/** @throws {UserError} for a site that may not be measured, and a token that is not there. */
export function planHttpSession(
  header: Omit<HttpJournalHeader, 'environment' | 'startedAt' | 'journalVersion'>,
  io: Io,
): HttpPlan {
  const { suites, scenarios, profile, seed, requestsPerSec, site } = header;
  const targetOf = (contender: HttpContender): HttpTarget =>
    hasSettings(contender)
      ? gatewayTarget(contender, seed)
      : { id: contender.id, site: openSite({ url: '', ...site, env: io.env }) };
  return {
    suites: suites.map((suite) => ({
      id: suite.id,
      reference: suite.reference,
      targets: suite.contenders.map(targetOf),
      scenarios: scenarios.filter(({ id }) => suite.scenarios.includes(id)),
      sweeps: suite.sweeps === true,
    })),
    profile: httpProfiles[profile],
    seed,
    ...(requestsPerSec === undefined ? {} : { requestsPerSec }),
    ...(site?.write === true ? { writeToSites: true } : {}),
  };
}

/** The outcomes of a session that count, whether it is gone on with or reported; a round that was cut in its middle does not. */
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

/** @param request.elapsedMs measuring time, earlier sessions included. */
export function assembleHttpRun(request: {
  header: HttpJournalHeader;
  outcomes: readonly HttpOutcome[];
  elapsedMs: number;
  interrupted: boolean;
}): Run {
  const { header, outcomes, elapsedMs, interrupted } = request;
  const { startedAt, seed, profile, environment, scenarios } = header;
  const suites = header.suites.map(({ id, title, question, reference, contenders }) => ({
    id,
    title,
    question,
    reference,
    contenders,
  }));
  return {
    schemaVersion: 1,
    startedAt,
    durationMs: Math.round(elapsedMs),
    seed,
    profile,
    ...(interrupted ? { interrupted } : {}),
    environment,
    cells: [],
    http: {
      suites,
      scenarios,
      cells: assembleHttpCells({ outcomes: keepWholeRoundsOf(header, outcomes), scenarios, suites }),
    },
  };
}
