/**
 * Puts a run file's content together from what a session over HTTP was asked for and what its servers gave.
 */
import { assembleHttpCells } from '../load/assemble.ts';
import { keepWholeRoundsOf } from '../load/plan-session.ts';
import type { HttpOutcome } from '../model/http.ts';
import type { Run } from '../model/run.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';

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
