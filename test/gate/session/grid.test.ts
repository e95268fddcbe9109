/**
 * Which cells a gate takes, from which side their modules come, and what it leaves out where time is short.
 */
import { describe, expect, it } from 'vitest';

import type { GateRegistries } from '../../../src/gate/sides/description.ts';
import { estimateDuetMs, estimateGridMs, fitGrid, planGrid } from '../../../src/gate/session/grid.ts';
import { fewestScreenForks, gateSettings } from '../../../src/gate/settings.ts';
import type { Registered } from '../../../src/model/bench-module.ts';
import type { CellSelection } from '../../../src/model/cell.ts';
import type { Contender } from '../../../src/model/contender.ts';
import { loadRegistry } from '../../../src/registry/registry.ts';
import { UserError } from '../../../src/user-error.ts';

const harness = await loadRegistry(new URL('../../fixtures/bench/', import.meta.url));

/** The contenders as one side has them, each in a file of its own. */
function contendersOf(side: string, ids: readonly string[]): Registered<Contender>[] {
  return harness.contenders
    .filter(({ id }) => ids.includes(id))
    .map((contender) => ({ ...contender, url: `test:${side}/${contender.id}` }));
}

function registries({
  baseline,
  candidate,
}: {
  baseline: readonly string[];
  candidate: readonly string[];
}): GateRegistries {
  return { harness, baseline: contendersOf('baseline', baseline), candidate: contendersOf('candidate', candidate) };
}

const everywhere = ['honest', 'liar', 'unwilling'];

function plan(
  selections: readonly CellSelection[],
  sides = { baseline: everywhere, candidate: everywhere },
): ReturnType<typeof planGrid> {
  return planGrid({ registries: registries(sides), selections, seed: 1 });
}

function keysOf({ cells }: Pick<ReturnType<typeof planGrid>, 'cells'>): string[] {
  return cells.map(({ key }) => key);
}

describe('the grid', () => {
  it('takes each contender from the side that is measured', () => {
    const { cells } = plan([{ suites: ['plain'], contenders: ['honest'], variants: ['text'] }]);
    expect(cells).toMatchObject([
      {
        key: 'plain/honest/notes/3/text/bytes',
        urls: { baseline: 'test:baseline/honest', candidate: 'test:candidate/honest' },
      },
    ]);
  });

  it('keeps a contender that only one side has, so that its coming or going is told', () => {
    const { cells } = plan([{ suites: ['plain'], variants: ['text'] }], {
      baseline: ['honest', 'liar'],
      candidate: ['honest', 'thrower'],
    });
    const urls = Object.fromEntries(cells.map(({ planned, urls: own }) => [planned.id.contender, own]));
    expect(urls).toEqual({
      honest: { baseline: 'test:baseline/honest', candidate: 'test:candidate/honest' },
      liar: { baseline: 'test:baseline/liar', candidate: undefined },
      thrower: { baseline: undefined, candidate: 'test:candidate/thrower' },
    });
  });

  it('does not add the reference of a suite, which no verdict here needs', () => {
    expect(keysOf(plan([{ suites: ['plain'], contenders: ['liar'], variants: ['text'] }]))).toEqual([
      'plain/liar/notes/3/text/bytes',
    ]);
  });

  it('adds selections up and takes no cell twice', () => {
    const both = plan([
      { suites: ['plain'], contenders: ['liar'] },
      { suites: ['plain'], contenders: ['liar', 'honest'], variants: ['text'] },
    ]);
    expect(keysOf(both)).toEqual([
      'plain/liar/notes/3/text/bytes',
      'plain/liar/notes/3/native/bytes',
      'plain/honest/notes/3/text/bytes',
    ]);
  });

  it('leaves out what a contender says it cannot do, with the reason', () => {
    const { cells, leftOut } = plan([{ suites: ['plain'], contenders: ['unwilling'] }]);
    expect(cells.map(({ planned }) => planned.id.variant)).toEqual(['text']);
    expect(leftOut).toMatchObject([{ cell: { contender: 'unwilling', variant: 'native' }, reason: 'knows no Dates' }]);
  });

  it('refuses a selection in which nothing can be timed', () => {
    expect(() => plan([{ suites: ['looks'] }])).toThrow(UserError);
    expect(() => plan([{ suites: ['looks'] }])).toThrow(/no cell whose time can be taken/);
  });

  it('refuses an unknown name with the nearest one', () => {
    expect(() => plan([{ suites: ['plain'], contenders: ['honset'] }])).toThrow(
      expect.objectContaining({ code: 2, hint: expect.stringContaining("did you mean 'honest'?") }),
    );
  });
});

describe('the estimate of a duet', () => {
  const base = estimateDuetMs(10, { arms: 2, turns: 8, settings: gateSettings });

  it('grows with items, arms and turns', () => {
    expect(estimateDuetMs(1000, { arms: 2, turns: 8, settings: gateSettings })).toBeGreaterThan(base);
    expect(estimateDuetMs(10, { arms: 3, turns: 8, settings: gateSettings })).toBeGreaterThan(base);
    expect(estimateDuetMs(10, { arms: 2, turns: 12, settings: gateSettings })).toBeGreaterThan(base);
  });

  it('is at least the time that is spent in blocks and warm-ups', () => {
    const {
      sampler: { blockNs, warmupNs },
    } = gateSettings;
    expect(base).toBeGreaterThan((2 * (8 * blockNs + warmupNs)) / 1e6);
  });
});

describe('a grid in a budget', () => {
  const { cells } = plan([{ suites: ['plain'], contenders: ['honest', 'liar'], items: [3, 30, 300, 3000] }]);
  const estimate = (count: number, forks: number): number => estimateGridMs(cells.slice(0, count), forks, gateSettings);

  it('stays whole where there is time for it', () => {
    const budgetMs = estimate(cells.length, gateSettings.screenForks);
    expect(fitGrid({ cells, settings: gateSettings, budgetMs })).toEqual({
      cells,
      leftOut: [],
      screenForks: gateSettings.screenForks,
    });
  });

  it('gives up a fork of the first look before any cell', () => {
    const budgetMs = estimate(cells.length, gateSettings.screenForks) - 1;
    expect(fitGrid({ cells, settings: gateSettings, budgetMs })).toEqual({
      cells,
      leftOut: [],
      screenForks: fewestScreenForks,
    });
  });

  it('then leaves out the last cells, no more than it must, and names them', () => {
    const kept = cells.length - 3;
    const grid = fitGrid({ cells, settings: gateSettings, budgetMs: estimate(kept, fewestScreenForks) });
    expect(keysOf(grid)).toEqual(keysOf({ cells: cells.slice(0, kept) }));
    expect(grid.leftOut).toEqual(
      cells.slice(kept).map(({ planned }) => ({ cell: planned.id, reason: 'does not fit into the time budget' })),
    );
    expect(grid.screenForks).toBe(fewestScreenForks);
  });

  it('refuses a budget in which not even one cell fits', () => {
    const budgetMs = estimate(1, fewestScreenForks) - 1;
    expect(() => fitGrid({ cells, settings: gateSettings, budgetMs })).toThrow(
      expect.objectContaining({ code: 2, hint: expect.any(String) }),
    );
  });
});
