/**
 * Which comparisons a value gets, and what is made of their times.
 */
import { describe, expect, it } from 'vitest';

import {
  chooseRounds,
  nameArm,
  orderArms,
  planArms,
  summarizeCost,
  summarizeTimes,
} from '../../../src/choose/fast-path/arms.ts';

const runtime = { canSwitchOff: true, runtimeHasFastPath: true };

function namesOf(request: Parameters<typeof planArms>[0]): string[] {
  return planArms(request).map(nameArm);
}

describe('the plan of comparisons', () => {
  it('of a value without offences compares it with the fast path switched off', () => {
    expect(namesOf({ ...runtime, kinds: [] })).toEqual(['as it is', 'switched off']);
  });

  it('puts every kind back by itself', () => {
    const kinds = [
      { kind: 'date', count: 1 },
      { kind: 'proxy', count: 2 },
    ] as const;
    expect(namesOf({ ...runtime, kinds })).toEqual([
      'as it is',
      'switched off',
      'cleaned',
      'cleaned but for proxy',
      'cleaned but for date',
    ]);
  });

  it('leaves the rarest kinds out where there are many', () => {
    const names = ['date', 'proxy', 'function', 'accessor', 'built-in', 'raw-json', 'to-json', 'no-prototype'] as const;
    const planned = namesOf({ ...runtime, kinds: names.map((kind, index) => ({ kind, count: index + 1 })) });
    expect(planned).toHaveLength(3 + 6);
    expect(planned).not.toContain('cleaned but for date');
    expect(planned).toContain('cleaned but for no-prototype');
  });

  it('is empty on a runtime without a fast path and does without the flag where it is missing', () => {
    expect(namesOf({ canSwitchOff: true, runtimeHasFastPath: false, kinds: [{ kind: 'date', count: 1 }] })).toEqual([]);
    expect(namesOf({ canSwitchOff: false, runtimeHasFastPath: true, kinds: [] })).toEqual(['as it is']);
  });

  it('gives fewer rounds to more comparisons, and three at least', () => {
    const arms = planArms({ ...runtime, kinds: [] });
    const many = Array.from({ length: 9 }, () => arms).flat();
    expect(chooseRounds(arms)).toBe(5);
    expect(chooseRounds(many)).toBe(3);
  });

  it('puts each round into an order of its own, and the same one again for the same seed', () => {
    const arms = planArms({
      ...runtime,
      kinds: [
        { kind: 'date', count: 1 },
        { kind: 'proxy', count: 2 },
      ],
    });
    const orders = [0, 1, 2, 3].map((round) => orderArms({ arms, seed: 1, round }).map(nameArm).join());
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(orderArms({ arms, seed: 1, round: 0 }).map(nameArm).join()).toBe(orders[0]);
  });
});

describe('the summary of times', () => {
  const rounds = [
    new Map([
      ['as it is', 400],
      ['switched off', 400],
      ['cleaned', 200],
      ['cleaned but for date', 300],
    ]),
    new Map([
      ['as it is', 800],
      ['switched off', 800],
      ['cleaned', 400],
      ['cleaned but for date', 600],
    ]),
    new Map([
      ['as it is', 600],
      ['switched off', 600],
      ['cleaned', 300],
      ['cleaned but for date', 450],
    ]),
    // A round that was interrupted.
    new Map([['as it is', 1000]]),
  ];

  it('forms ratios inside rounds, so that a machine that slows down changes none', () => {
    const times = summarizeTimes(rounds);
    expect(times?.switchedOff).toMatchObject({ ratio: 1, lo: 1, hi: 1 });
    expect(times?.cleaned?.slowdown.ratio).toBeCloseTo(2);
    expect(times?.asItIsNs).toBe(700);
  });

  it('says what one kind costs in both forms', () => {
    const cost = summarizeCost(rounds, 'date');
    expect(cost?.slowdown.ratio).toBeCloseTo(1.5);
    expect(cost?.extraNs).toBe(150);
  });

  it('has nothing to say where nothing was measured', () => {
    expect(summarizeTimes([])).toBeUndefined();
    expect(summarizeCost(rounds, 'proxy')).toBeUndefined();
  });
});
