/**
 * How often the gate is wrong, on simulated sessions whose truth is known.
 *
 * Thirty cells a session, with the forks, the tolerance and the false-alarm rate of src/gate/settings.ts unless a test
 * is about another tolerance. The machines are those that shared runners are: forks that differ by chance, code that
 * the compiler sometimes leaves slower, drift, a stolen core. Seeded, so the counts never change; bounds leave room for
 * the sampling error of the simulation.
 */
import { describe, expect, it } from 'vitest';

import { decide } from '../../../src/gate/decision/decide.ts';
import { defaultTolerance, gateSettings } from '../../../src/gate/settings.ts';
import {
  cellId,
  defaultPlan,
  type Machine,
  normal,
  normalMachine,
  seeded,
  type SessionPlan,
  simulateSession,
  tolerate,
  verdictOf,
} from '../synthetic-session.ts';

const nominal = gateSettings.falseAlarmRate;
const shipped = defaultTolerance.time;

function countSessions(
  plan: SessionPlan,
  options: { sessions: number; seed: number },
  holds: (cells: ReturnType<typeof simulateSession>) => boolean,
): number {
  const random = seeded(options.seed);
  let count = 0;
  for (let session = 0; session < options.sessions; session++) count += holds(simulateSession(plan, random)) ? 1 : 0;
  return count / options.sessions;
}

const bimodal: Machine = (random) => {
  const slow = () => (random() < 0.3 ? Math.log(1.06) : 0);
  return slow() - slow() + 0.015 * normal(random);
};
/** What both sides share cancels; a trend of half a percent over the stage is left. */
const drifting: Machine = (random, progress) => 0.005 * progress + 0.02 * normal(random);
const stolenCore: Machine = (random) => {
  const hit = random() < 0.1 ? (random() < 0.5 ? -0.15 : 0.15) : 0;
  return hit + 0.02 * normal(random);
};

describe('a session in which nothing changed', () => {
  const machines: { name: string; machine: Machine }[] = [
    { name: 'a fork spread of 1.5%', machine: normalMachine(0.015) },
    { name: 'a fork spread of 3%', machine: normalMachine(0.03) },
    { name: 'a fork spread of 5%', machine: normalMachine(0.05) },
    { name: 'code that is slow in three of ten forks', machine: bimodal },
    { name: 'drift', machine: drifting },
    { name: 'a stolen core', machine: stolenCore },
  ];

  it.each(machines.flatMap((entry) => [shipped, 0.03].map((tolerance) => ({ ...entry, tolerance }))))(
    'fails in at most 1% with $name and a tolerance of $tolerance',
    ({ machine, tolerance }) => {
      const failures = countSessions({ ...defaultPlan, machine, tolerance }, { sessions: 500, seed: 21 }, (cells) =>
        cells.some(({ verdict }) => verdict === 'regression' || verdict === 'failed'),
      );
      expect(failures).toBeLessThanOrEqual(nominal);
    },
  );

  it('is inconclusive in few sessions where forks spread as usual', () => {
    const inconclusive = countSessions(defaultPlan, { sessions: 800, seed: 22 }, (cells) =>
      cells.some(({ verdict }) => verdict === 'inconclusive'),
    );
    // Judging each null arm by itself leaves more than twice as many inconclusive as this.
    expect(inconclusive).toBeLessThan(0.05);
  });
});

describe('a session in which every cell is slower by exactly the tolerance', () => {
  it.each([0.015, 0.03])('keeps the false-alarm rate over all cells with a spread of %d', (spread) => {
    const plan = {
      ...defaultPlan,
      machine: normalMachine(spread),
      effects: Array.from({ length: 30 }, () => Math.log1p(shipped)),
    };
    const sessions = 1500;
    const failures = countSessions(plan, { sessions, seed: 23 }, (cells) =>
      cells.some(({ verdict }) => verdict === 'regression'),
    );
    expect(failures).toBeLessThanOrEqual(nominal + 3 * Math.sqrt((nominal * (1 - nominal)) / sessions));
    // A test that never fails would pass the line above.
    expect(failures).toBeGreaterThan(0);
  });
});

describe('a slowdown in one cell of thirty', () => {
  it.each([
    { effect: 0.05, tolerance: shipped, spread: 0.015, atLeast: 0.95 },
    { effect: 0.05, tolerance: shipped, spread: 0.02, atLeast: 0.8 },
    { effect: 0.05, tolerance: 0.03, spread: 0.015, atLeast: 0.75 },
    { effect: 0.05, tolerance: 0.03, spread: 0.02, atLeast: 0.3 },
    { effect: 0.1, tolerance: shipped, spread: 0.03, atLeast: 0.99 },
    { effect: 0.1, tolerance: 0.03, spread: 0.02, atLeast: 0.99 },
    { effect: 0.1, tolerance: 0.03, spread: 0.03, atLeast: 0.97 },
  ])(
    'of $effect is caught at a tolerance of $tolerance and a spread of $spread in $atLeast of sessions, and nothing else is',
    (request) => {
      const { effect, tolerance, spread, atLeast } = request;
      const plan = { ...defaultPlan, machine: normalMachine(spread), tolerance, effects: [Math.log1p(effect)] };
      let others = 0;
      const sessions = 300;
      const caught = countSessions(plan, { sessions, seed: 24 }, (cells) => {
        const hit = verdictOf(cells, 0) === 'regression';
        others += cells.filter(({ verdict }) => verdict === 'regression').length - (hit ? 1 : 0);
        return hit;
      });
      expect(caught).toBeGreaterThanOrEqual(atLeast);
      expect(others / (sessions * 29)).toBeLessThanOrEqual(0.01);
    },
  );

  it('of twice the tolerance and more is no silent pass where forks spread too far to prove it', () => {
    const plan = { ...defaultPlan, machine: normalMachine(0.05), effects: [Math.log1p(0.1)] };
    const passed = countSessions(plan, { sessions: 300, seed: 25 }, (cells) => verdictOf(cells, 0) === 'pass');
    expect(passed).toBeLessThan(0.03);
  });
});

describe('swapping the sides', () => {
  it('turns a slowdown into an improvement found as often', () => {
    const found = (effect: number, verdict: string): number =>
      countSessions(
        { ...defaultPlan, effects: [effect] },
        { sessions: 300, seed: 26 },
        (cells) => verdictOf(cells, 0) === verdict,
      );
    const effect = Math.log(1.07);
    expect(Math.abs(found(effect, 'regression') - found(-effect, 'improvement'))).toBeLessThan(0.1);
  });
});

describe('the interval of a change', () => {
  it.each([gateSettings.screenForks, ...gateSettings.looks])('holds the truth at its level with %d forks', (forks) => {
    const random = seeded(27);
    const truth = 0.04;
    const sessions = 1000;
    let held = 0;
    for (let session = 0; session < sessions; session++) {
      const duets = Array.from({ length: forks }, (_, fork) => ({
        cell: cellId(0),
        stage: 'confirm' as const,
        fork,
        baseline: { status: 'ok' as const },
        candidate: { status: 'ok' as const },
        logRatio: Math.log1p(truth) + 0.03 * normal(random),
        warnings: [],
      }));
      const time = decide({
        cells: [{ cell: cellId(0), tolerance: tolerate(0.03), duets }],
        falseAlarmRate: nominal,
      })[0]?.time;
      if ((time?.lo ?? Number.NaN) <= truth && truth <= (time?.hi ?? Number.NaN)) held++;
    }
    expect(Math.abs(held / sessions - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / sessions));
  });
});
