/**
 * Puts a run file's content together from what a session over HTTP was asked for and what its servers gave.
 */
import { measureHttpNoise } from '../compare/measure-noise.ts';
import { describeMetrics } from '../compare/metrics.ts';
import { assembleHttpCells } from '../compare/assemble-loads.ts';
import { keepWholeRoundsOf } from './whole-load-rounds.ts';
import type { HttpOutcome } from '../model/http.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import type { Run } from '../model/run.ts';
import type { HttpRunPlan } from '../model/run-plan.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';

/** @param request.elapsedMs measuring time, earlier sessions included. */
export function assembleHttpRun(request: {
  header: HttpJournalHeader;
  outcomes: readonly HttpOutcome[];
  metrics: readonly KnownMetric[];
  elapsedMs: number;
  interrupted: boolean;
}): Run {
  const { header, outcomes, metrics, elapsedMs, interrupted } = request;
  const whole = keepWholeRoundsOf(header, outcomes);
  const noise = measureHttpNoise(whole);
  const { startedAt, seed, profile, environment, scenarios } = header;
  const suites = header.suites.map(({ id, title, question, reference, contenders }) => ({
    id,
    title,
    question,
    reference,
    contenders,
  }));
  return {
    startedAt,
    durationMs: Math.round(elapsedMs),
    seed,
    profile,
    ...(interrupted ? { interrupted } : {}),
    environment,
    metrics: describeMetrics(metrics, 'load'),
    cells: [],
    http: {
      suites,
      scenarios,
      cells: assembleHttpCells({ outcomes: whole, scenarios, suites, metrics }),
      ...planOf(header),
      ...(noise === undefined ? {} : { noise }),
    },
  };
}

/** Empty for journals of versions that did not record the code. */
function planOf(header: HttpJournalHeader): { plan?: HttpRunPlan } {
  const { suites, rounds, requestsPerSec, site, code, options = {} } = header;
  if (code === undefined) return {};
  return {
    plan: {
      suites: suites.map(({ id, scenarios, sweeps }) => ({ id, scenarios, ...(sweeps === true ? { sweeps } : {}) })),
      ...(rounds === undefined ? {} : { rounds }),
      ...(requestsPerSec === undefined ? {} : { requestsPerSec }),
      ...(site === undefined ? {} : { site }),
      code,
      options,
    },
  };
}
