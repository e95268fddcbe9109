/**
 * A finished session over HTTP as the journal of a longer one: nothing is lost on the way there and back.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeMetrics } from '../../src/compare/metrics.ts';
import { loadsOf } from '../../src/load/plan.ts';
import { planHttpSession } from '../../src/load/plan-session.ts';
import { httpProfiles } from '../../src/load/profiles.ts';
import type { HttpOutcome } from '../../src/model/http.ts';
import type { Run } from '../../src/model/run.ts';
import { loadMetrics } from '../../src/registry/registry.ts';
import { fromRecord } from '../../src/run-file/read.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import { toRecord } from '../../src/run-file/write.ts';
import { assembleHttpRun } from '../../src/runs/assemble-http-run.ts';
import { extendHttpHeader, outcomesOfHttp } from '../../src/runs/extend-http-run.ts';
import { keepWholeRoundsOf } from '../../src/runs/whole-load-rounds.ts';
import type { HttpJournalHeader } from '../../src/store/http-journal.ts';
import { imaginaryEnvironment } from '../imaginary-environment.ts';
import { scenariosById } from '../load/scenarios.ts';

const metrics = await loadMetrics();
const scenarios = scenariosById(['tools-10', 'tools-100']);
const contenders = ['json-stringify', 'gateway-serializer'];

const header: HttpJournalHeader = {
  journalVersion: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  profile: 'standard',
  seed: 1,
  suites: [
    {
      id: 'serializers',
      title: 'Serializers',
      question: 'Which?',
      reference: 'json-stringify',
      contenders: contenders.map((id) => ({ id, title: id, settings: { serializer: id } })),
      scenarios: scenarios.map(({ id }) => id),
      sweeps: true,
    },
  ],
  scenarios,
  requestsPerSec: 50,
  environment: imaginaryEnvironment,
  code: { program: 'p', bench: 'b' },
  options: { seed: 1 },
};

type Fate = 'failed' | 'incorrect';

/** Three rounds; `fates` say what becomes of a contender in a round, after which it is not measured again. */
function outcomesOf(fates: Readonly<Record<string, Fate>>): HttpOutcome[] {
  const ended = new Set<string>();
  return [0, 1, 2].flatMap((round) =>
    scenarios.flatMap((scenario) =>
      contenders.flatMap((contender, index) =>
        loadsOf({ suite: { sweeps: true }, scenario, profile: httpProfiles.standard, requestsPerSec: 50 }).flatMap(
          (load, at): HttpOutcome[] => {
            const id = { suite: 'serializers', scenario: scenario.id, contender, load };
            const key = JSON.stringify(id);
            if (ended.has(key)) return [];
            const status = fates[`${contender} ${round}`];
            if (status !== undefined) {
              ended.add(key);
              return [
                {
                  ...id,
                  round,
                  status,
                  reason: `${status} at last`,
                  failures: { timeout: 2 },
                  absent: {},
                  warnings: [],
                },
              ];
            }
            const good: HttpOutcome = {
              ...id,
              round,
              status: 'ok',
              metrics: { requestsPerSec: 100 + 8 * index + at + round, p50Ns: 5e6 + round, wireBytesPerRequest: 900 },
              requests: 300 + round,
              cleanShare: 1 - round / 10,
              othersShare: round / 100,
              failures: {},
              absent: { p999Ns: 'too few requests' },
              warnings: round === 1 ? ['made up'] : [],
            };
            const hasTwin = index === 0 && at === 0 && scenario.id === 'tools-10';
            // A power of two, so that what is put together again is the same to the last digit.
            const twin = { ...good, isTwin: true as const, metrics: { ...good.metrics, requestsPerSec: 50 } };
            return hasTwin ? [good, twin] : [good];
          },
        ),
      ),
    ),
  );
}

const assemble = (outcomes: readonly HttpOutcome[]): Run =>
  assembleHttpRun({ header, outcomes, metrics, elapsedMs: 5, interrupted: false });
/** As the file has it, and as a program of another day reads it. */
const stored = (run: Run): Run =>
  fromRecord(JSON.parse(JSON.stringify(toRecord(run))) as RunRecord, describeMetrics(metrics, 'load'));

const outcomesBehind = (run: Run): HttpOutcome[] => (run.http === undefined ? [] : outcomesOfHttp(run.http));

const fates = fc.dictionary(
  fc.tuple(fc.constantFrom(...contenders), fc.integer({ min: 0, max: 2 })).map((pair) => pair.join(' ')),
  fc.constantFrom<Fate>('failed', 'incorrect'),
  { maxKeys: 2 },
);

describe('the outcomes of a stored session over HTTP', () => {
  it('make the same session again', () => {
    const run = assemble(outcomesOf({}));
    const again = assemble(outcomesBehind(stored(run)));
    expect(again.http?.noise?.twins).toHaveLength(1);
    expect(toRecord(again)).toEqual(toRecord(run));
  });

  it('keep what a cell came to that did not come out well, and are whole rounds', () => {
    fc.assert(
      fc.property(fates, (own) => {
        const run = assemble(outcomesOf(own));
        const outcomes = outcomesBehind(stored(run));
        const again = assemble(outcomes);
        const tell = ({ http }: Run): unknown =>
          http?.cells.map(({ id, status, reason, metrics: figures, failures, rounds }) => [
            id,
            status,
            reason,
            failures,
            rounds,
            Object.entries(figures),
          ]);
        expect(tell(again)).toEqual(tell(run));
        expect(keepWholeRoundsOf(header, outcomes)).toEqual(outcomes);
      }),
    );
  });
});

describe('extendHttpHeader', () => {
  it('plans the same session with so many rounds more, whatever its time was', () => {
    const run = stored(assemble(outcomesOf({})));
    const longer = extendHttpHeader({ run, file: 'run.json', more: 4 });
    expect(longer).toEqual({ ...header, rounds: { fewest: 7, most: 7 }, addition: { from: 3 } });
    const plan = planHttpSession(longer, { env: {}, metrics });
    expect(plan.profile).toMatchObject({ minRounds: 7, maxRounds: 7, budgetMs: undefined });
    expect(
      plan.suites.map(({ targets, scenarios: own, sweeps }) => [targets.map(({ id }) => id), own, sweeps]),
    ).toEqual([[contenders, scenarios, true]]);
  });

  it('refuses what was not recorded, and what nothing can be added to', () => {
    const run = assemble(outcomesOf({}));
    const { http, ...other } = run;
    const extend = (broken: Run) => () => extendHttpHeader({ run: broken, file: 'run.json', more: 1 });
    expect(extend(other)).toThrow('nothing was measured over HTTP');
    expect(extend(assemble(outcomesOf({ 'json-stringify 0': 'failed', 'gateway-serializer 0': 'failed' })))).toThrow(
      'nothing was measured over HTTP',
    );
    const { plan: _plan, ...unplanned } = http as NonNullable<Run['http']>;
    expect(extend({ ...run, http: unplanned })).toThrow('did not record how');
  });
});
