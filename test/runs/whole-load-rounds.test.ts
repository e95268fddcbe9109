import { describe, expect, it } from 'vitest';

import { httpProfiles } from '../../src/load/profiles.ts';
import { scenariosById } from '../load/scenarios.ts';
import { loadsOf } from '../../src/load/plan.ts';
import { keepWholeHttpRounds, type PlannedRounds } from '../../src/runs/whole-load-rounds.ts';
import type { HttpOutcome } from '../../src/model/http.ts';

const scenarios = scenariosById(['tools-10', 'tools-100']);
const plan: PlannedRounds = {
  profile: { ...httpProfiles.quick, openLoop: true, sweepConnections: [7] },
  suites: ['first', 'second'].map((id) => ({ id, scenarios, sweeps: true, targets: [{ id: 'a' }, { id: 'b' }] })),
};

/**
 * Every outcome of so many rounds in an order that a session could have; `failing` stops being measured after its first
 * round.
 */
function outcomesOf(rounds: number, failing?: string): HttpOutcome[] {
  return Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    plan.suites.flatMap((suite) =>
      scenarios.flatMap((scenario) =>
        suite.targets
          .filter(({ id }) => round === 0 || id !== failing)
          .flatMap(({ id }) =>
            loadsOf({ suite, scenario, profile: plan.profile, requestsPerSec: 50 }).map(
              (load) =>
                ({
                  suite: suite.id,
                  scenario: scenario.id,
                  contender: id,
                  load,
                  round,
                  status: id === failing ? 'failed' : 'ok',
                  absent: {},
                  failures: {},
                  warnings: [],
                }) as unknown as HttpOutcome,
            ),
          ),
      ),
    ),
  );
}

const placeOf = ({ suite, scenario, round }: HttpOutcome): string => `${suite} ${scenario} ${round}`;

describe('keepWholeHttpRounds', () => {
  it('drops the round of a scenario that was cut between loads or servers, and nothing else', () => {
    for (const failing of [undefined, 'b']) {
      const whole = outcomesOf(2, failing);
      expect(keepWholeHttpRounds(plan, whole)).toEqual(whole);
      for (let length = 0; length < whole.length; length += 1) {
        const cut = whole.slice(0, length);
        const last = cut.at(-1);
        const isCut = last !== undefined && placeOf(whole[length] as HttpOutcome) === placeOf(last);
        expect(keepWholeHttpRounds(plan, cut)).toEqual(
          isCut ? cut.filter((outcome) => placeOf(outcome) !== placeOf(last)) : cut,
        );
      }
    }
  });

  it('keeps what was not planned', () => {
    const stranger = { ...(outcomesOf(1)[0] as HttpOutcome), suite: 'another' };
    expect(keepWholeHttpRounds(plan, [stranger])).toEqual([stranger]);
  });
});
