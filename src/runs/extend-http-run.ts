/**
 * Turns a finished session over HTTP back into the journal of a longer one, so that rounds can be added to it.
 *
 * The same session goes on: same suites, servers, scenarios, rates, code and machine, rounds numbered on. A cell that
 * did not come out well is not measured again and stays as it is.
 */
import { nameCell } from '../compare/cells.ts';
import type { HttpCell, HttpOutcome, HttpResults } from '../model/http.ts';
import type { Run } from '../model/run.ts';
import type { AskedRounds } from '../model/run-plan.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';
import { UserError } from '../user-error.ts';

/**
 * The header of the longer session.
 * @param request.file names the run in messages. @param request.more how many rounds each scenario gets.
 * @throws {UserError} where the run does not say how it was planned, or nothing in it has a round.
 */
export function extendHttpHeader({ run, file, more }: { run: Run; file: string; more: number }): HttpJournalHeader {
  const { http, startedAt, profile, seed, environment } = run;
  const cannot = `cannot add rounds to ${file}`;
  const instead = 'start a new session in another --out';
  const had = http === undefined ? undefined : countRounds(http);
  if (http === undefined || had === undefined)
    throw new UserError(`${cannot}: nothing was measured over HTTP in it`, { hint: instead });
  const { plan } = http;
  if (plan === undefined)
    throw new UserError(`${cannot}: the version of wirebench that measured it did not record how`, { hint: instead });
  const { suites, requestsPerSec, site, code, options } = plan;
  return {
    journalVersion: 1,
    startedAt,
    profile,
    seed,
    suites: http.suites.flatMap((suite) => {
      const own = suites.find(({ id }) => id === suite.id);
      return own === undefined ? [] : [{ ...suite, ...own }];
    }),
    scenarios: http.scenarios,
    rounds: { fewest: had.fewest + more, most: had.most + more },
    ...(requestsPerSec === undefined ? {} : { requestsPerSec }),
    ...(site === undefined ? {} : { site }),
    environment,
    code,
    options,
    addition: { from: had.most },
  };
}

/** Of scenarios: the headline has more of them. @returns `undefined` where no cell has any. */
function countRounds({ cells }: HttpResults): AskedRounds | undefined {
  const byScenario = new Map<string, number>();
  for (const { id, rounds } of cells) {
    const key = JSON.stringify([id.suite, id.scenario]);
    const last = Math.max(0, ...rounds.map(({ round }) => round + 1));
    byScenario.set(key, Math.max(last, byScenario.get(key) ?? 0));
  }
  const counts = [...byScenario.values()].filter((count) => count > 0);
  return counts.length === 0 ? undefined : { fewest: Math.min(...counts), most: Math.max(...counts) };
}

/** What was measured, round by round, twins included. */
export function outcomesOfHttp({ cells, noise }: HttpResults): HttpOutcome[] {
  const outcomes = cells.flatMap(outcomesBehind);
  const twins = (noise?.twins ?? []).flatMap(({ cell, rounds }) =>
    rounds.flatMap(({ round, ratio }): HttpOutcome[] => {
      const original = outcomes.find((one) => one.round === round && nameCell(one) === nameCell(cell));
      const requestsPerSec = original?.metrics?.['requestsPerSec'];
      if (original?.metrics === undefined || requestsPerSec === undefined) return [];
      // A run keeps of its twins what their requests took beside those of their originals.
      return [{ ...original, isTwin: true, metrics: { ...original.metrics, requestsPerSec: requestsPerSec / ratio } }];
    }),
  );
  return [...outcomes, ...twins].toSorted((a, b) => a.round - b.round);
}

function outcomesBehind({ id, status, reason, metrics, rounds, failures }: HttpCell): HttpOutcome[] {
  const named = Object.entries(metrics);
  if (status !== 'ok') {
    const absent = Object.fromEntries(
      named.flatMap(([name, { absent: why }]) => (why === undefined ? [] : [[name, why]])),
    );
    return [{ ...id, round: 0, status, reason: reason ?? 'no reason was given', failures, absent, warnings: [] }];
  }
  return rounds.map(({ round, requests = 0, shares = {}, warnings = [] }, index): HttpOutcome => {
    const values: Record<string, number> = {};
    const absent: Record<string, string> = {};
    for (const [name, metric] of named) {
      const own = metric.values.find((one) => one.round === round);
      if (own !== undefined) values[name] = own.value;
      else if (metric.absent !== undefined) absent[name] = metric.absent;
    }
    const failed = index === 0 ? failures : {};
    return { ...id, round, status, metrics: values, requests, ...shares, failures: failed, absent, warnings };
  });
}
