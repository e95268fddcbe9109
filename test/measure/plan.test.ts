import { describe, expect, it } from 'vitest';

import { nameCell } from '../../src/compare/cells.ts';
import { planRun } from '../../src/measure/plan.ts';
import { orderRound } from '../../src/measure/schedule.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));
const plan = (selection: Parameters<typeof planRun>[0]['selection'], profile: 'quick' | 'thorough' = 'quick') =>
  planRun({ registry, profile, selection, seed: 1, forks: 30 });

describe('planRun', () => {
  it('plans every contender on every payload, size and variant of a suite', () => {
    const keys = plan({ suites: ['plain'] }).cells.map(({ key }) => key);
    expect(keys).toContain('plain/honest/notes/3/text/bytes');
    expect(keys).toContain('plain/liar/notes/3/native/bytes');
    expect(keys).toHaveLength(registry.contenders.length * 2);
  });

  it('adds the reference to the contenders that were asked for', () => {
    const { cells } = plan({ suites: ['plain'], contenders: ['liar'] });
    expect(new Set(cells.map(({ id }) => id.contender))).toEqual(new Set(['honest', 'liar']));
  });

  it('keeps a cell that a contender cannot do, with its reason', () => {
    const { cells } = plan({ suites: ['plain'], contenders: ['unwilling'] });
    const reasons = cells
      .filter(({ id }) => id.contender === 'unwilling')
      .map(({ id, unsupported }) => [id.variant, unsupported]);
    expect(reasons).toEqual([
      ['text', undefined],
      ['native', 'knows no Dates'],
    ]);
  });

  it('measures the headline sink in a quick run and every sink in a thorough one', () => {
    const sinks = (profile: 'quick' | 'thorough') =>
      new Set(plan({ suites: ['plain'] }, profile).cells.map(({ id }) => id.sink));
    expect(sinks('quick')).toEqual(new Set(['bytes']));
    expect(sinks('thorough')).toEqual(new Set(['bytes', 'string']));
  });

  it('takes the item counts that were asked for', () => {
    expect(new Set(plan({ suites: ['plain'], items: [7, 9] }).cells.map(({ id }) => id.items))).toEqual(
      new Set([7, 9]),
    );
  });

  it('answers an unknown name with the nearest one', () => {
    expect(() => plan({ contenders: ['honset'] })).toThrow("unknown contender 'honset'");
    expect(() => plan({ contenders: ['honset'] })).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining("did you mean 'honest'") }),
    );
    expect(() => plan({ payloads: ['note'] })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("did you mean 'notes'") }),
    );
    expect(() => plan({ suites: ['qqqqqqqqqq'] })).toThrow(
      expect.objectContaining({ hint: expect.not.stringContaining('did you mean') }),
    );
  });

  it('says why nothing is left to measure', () => {
    expect(() => plan({ suites: ['looks'], contenders: [] })).toThrow('nothing to measure');
  });
});

describe('orderRound', () => {
  const cells = plan({ suites: ['plain'], items: [1, 2, 3, 4] });

  it('holds every cell once', () => {
    const runnable = cells.cells.filter(({ unsupported }) => unsupported === undefined).map(({ key }) => key);
    expect(
      orderRound(cells, 0)
        .flat()
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(runnable.toSorted());
  });

  it('keeps the contenders of a group together', () => {
    const names = orderRound(cells, 0).map((group) => [...new Set(group.map(({ group: name }) => name))]);
    expect(names.every(({ length }) => length === 1)).toBe(true);
    expect(new Set(names.flat()).size).toBe(names.length);
  });

  it('shuffles groups and contenders anew in every round, and repeats itself for the same seed', () => {
    const keys = (round: number) =>
      orderRound(cells, round)
        .flat()
        .map(({ id }) => nameCell(id));
    expect(keys(1)).not.toEqual(keys(0));
    expect(keys(0)).toEqual(keys(0));
    const firsts = new Set(Array.from({ length: 30 }, (_, round) => orderRound(cells, round)[0]?.[0]?.id.contender));
    expect(firsts.size).toBeGreaterThan(4);
  });
});
