/**
 * What a recording of evidence is made of, and that it can be stopped anywhere without favouring a cell.
 */
import { describe, expect, it } from 'vitest';

import type { GateGridCell } from '../../../src/gate/session/grid.ts';
import { planGrid } from '../../../src/gate/session/grid.ts';
import type { DuetTask, PowerTask, SessionTask } from '../../../src/gate/power/plan.ts';
import { describeInjected, planPower } from '../../../src/gate/power/plan.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';

const harness = await loadRegistry(new URL('../../fixtures/bench/', import.meta.url));
const { cells } = planGrid({
  registries: { harness, baseline: harness.contenders, candidate: harness.contenders },
  selections: [{ suites: ['plain'], contenders: ['honest', 'liar', 'thrower'], items: [3, 30] }],
  seed: 1,
});
const small = cells.slice(0, 3);
const mutants = ['slow', 'slower'];
const tasks = planPower({ cells, small, mutants });

function isDuet(task: PowerTask): task is DuetTask {
  return task.kind === 'duet';
}

function isSession(task: PowerTask): task is SessionTask {
  return task.kind === 'session';
}

function countBy<T>(values: readonly T[], keyOf: (value: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[keyOf(value)] = (counts[keyOf(value)] ?? 0) + 1;
  return counts;
}

const unchanged = tasks.filter(isDuet).filter(({ load, injected }) => load === 'quiet' && injected.kind === 'none');

describe('the plan of a recording', () => {
  it('is the same each time, with a key for each task, so that a stopped one can go on', () => {
    const keys = tasks.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(planPower({ cells, small, mutants }).map(({ key }) => key)).toEqual(keys);
  });

  it('begins with duets of every cell without a change, as many of each', () => {
    expect(tasks.slice(0, unchanged.length)).toEqual(unchanged);
    const counts = countBy(unchanged, ({ cell, stage }) => `${stage} ${cell.key}`);
    expect(Object.keys(counts)).toHaveLength(cells.length * 2);
    for (const stage of ['screen', 'confirm']) {
      const ofStage = cells.map(({ key }) => counts[`${stage} ${key}`]);
      expect(new Set(ofStage).size).toBe(1);
    }
  });

  it('has as much of every cell wherever it is stopped', () => {
    for (let stop = 1; stop <= unchanged.length; stop += 1) {
      const counts = countBy(unchanged.slice(0, stop), ({ cell }) => cell.key);
      const each = cells.map(({ key }) => counts[key] ?? 0);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(2);
    }
  });

  it('makes both sides slower in turn, by the same share', () => {
    const sides = tasks.flatMap(({ injected }) =>
      injected.kind === 'repeat' && injected.share === 0.1 ? [injected.side] : [],
    );
    expect(new Set(sides)).toEqual(new Set(['baseline', 'candidate']));
  });

  it('has every mutant, in duets that confirm', () => {
    const found = tasks.filter(isDuet).filter(({ injected }) => injected.kind === 'mutant');
    expect(new Set(found.map(({ injected }) => describeInjected(injected)))).toEqual(
      new Set(['mutant slow', 'mutant slower']),
    );
    expect(new Set(found.map(({ stage }) => stage))).toEqual(new Set(['confirm']));
  });

  it('has sixty live sessions or more without a change, each with a seed of its own', () => {
    const live = tasks.filter(isSession).filter(({ load, injected }) => load === 'quiet' && injected.kind === 'none');
    expect(live.length).toBeGreaterThanOrEqual(60);
    expect(new Set(live.map(({ seed }) => seed)).size).toBe(live.length);
    expect(live.every(({ changed }) => changed === undefined)).toBe(true);
  });

  it('slows every cell of the small grid down in turn', () => {
    const live = tasks.filter(isSession).filter(({ injected }) => injected.kind === 'repeat');
    const counts = Object.values(
      countBy(live, ({ injected, changed }) => `${describeInjected(injected)} ${changed?.key ?? 'none'}`),
    );
    expect(counts).toHaveLength(2 * small.length);
    expect(new Set(live.map(({ changed }) => changed?.key))).toEqual(new Set(small.map(({ key }) => key)));
  });

  it('puts load on the small grid only', () => {
    const busy = tasks.filter(({ load }) => load === 'busy');
    expect(new Set(busy.filter(isDuet).map(({ cell }) => cell.key))).toEqual(new Set(small.map(({ key }) => key)));
    expect(busy.some(isSession)).toBe(true);
    expect(busy.filter(isSession).every((task) => task.cells === small)).toBe(true);
  });

  it('goes on with all kinds of sessions at the same pace', () => {
    const live = tasks.filter(isSession);
    const kindOf = ({ load, injected }: SessionTask): string => `${load} ${describeInjected(injected)}`;
    const whole = countBy(live, kindOf);
    const half = countBy(live.slice(0, live.length / 2), kindOf);
    for (const [kind, count] of Object.entries(whole))
      expect(Math.abs((half[kind] ?? 0) - count / 2)).toBeLessThanOrEqual(1);
  });

  it('gives each task a key of its own where a grid has a single small cell', () => {
    const keys = planPower({ cells, small: cells.slice(0, 1), mutants }).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has no sessions and no injected changes where no cell is small', () => {
    const none: readonly GateGridCell[] = [];
    expect(planPower({ cells, small: none, mutants })).toEqual(unchanged);
  });
});

describe('the words for a change', () => {
  it('tell all changes apart', () => {
    expect(describeInjected({ kind: 'none' })).toBe('none');
    expect(describeInjected({ kind: 'repeat', share: 0.05, side: 'candidate' })).toBe('repeat 0.05 candidate');
    expect(describeInjected({ kind: 'repeat', share: 0.05, side: 'baseline' })).toBe('repeat 0.05 baseline');
    expect(describeInjected({ kind: 'mutant', mutant: 'slow' })).toBe('mutant slow');
  });
});
