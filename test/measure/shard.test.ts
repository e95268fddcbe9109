import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Plan, planRun } from '../../src/measure/plan.ts';
import { estimateGroupMs, takeShard } from '../../src/measure/shard.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

const registry = await loadRegistry();
const suites = registry.suites.map(({ id }) => id);

function planOf(request: Partial<Parameters<typeof planRun>[0]> = {}): Plan {
  return planRun({ registry, profile: 'quick', selection: {}, seed: 1, ...request });
}

/** Plans of any profile and some suites, each with a number of shards that it has groups for. */
const divided = fc
  .record({
    profile: fc.constantFrom('quick' as const, 'standard' as const, 'thorough' as const),
    suites: fc.subarray(suites, { minLength: 1 }),
    items: fc.option(fc.subarray([10, 100, 5000], { minLength: 1 })),
  })
  .map(({ profile, suites: chosen, items }) =>
    planOf({ profile, selection: { suites: chosen, ...(items === null ? {} : { items }) } }),
  )
  .chain((plan) => fc.record({ plan: fc.constant(plan), of: fc.integer({ min: 1, max: groupsOf(plan).size }) }));

function groupsOf({ cells }: Plan): Map<string, Plan['cells'][number][]> {
  return Map.groupBy(cells, ({ group }) => group);
}

const divide = (plan: Plan, of: number): Plan[] =>
  Array.from({ length: of }, (_, index) => takeShard(plan, { index: index + 1, of }));

describe('shards of a plan', () => {
  it('have every group whole and once, and all say which groups there are', () => {
    fc.assert(
      fc.property(divided, ({ plan, of }) => {
        const shards = divide(plan, of);
        const groups = groupsOf(plan);
        const own = shards.map(groupsOf);
        expect(own.flatMap((one) => [...one.keys()]).toSorted()).toEqual([...groups.keys()].toSorted());
        for (const shard of own) {
          expect(shard.size).toBeGreaterThan(0);
          for (const [group, cells] of shard) expect(cells).toEqual(groups.get(group));
        }
        for (const { shard } of shards) expect(shard?.groups).toEqual([...groups.keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it('take times no further apart than the longest group', () => {
    fc.assert(
      fc.property(divided, ({ plan, of }) => {
        const timesOf = (one: Plan): number[] =>
          [...groupsOf(one).values()].map((cells) => estimateGroupMs(cells, plan));
        const totals = divide(plan, of).map((shard) => timesOf(shard).reduce((sum, ms) => sum + ms, 0));
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(Math.max(...timesOf(plan)) + 1e-6);
      }),
      { numRuns: 30 },
    );
  });

  it('are the same however many rounds are measured, and whatever a machine cannot do', () => {
    const plan = planOf({ profile: 'standard' });
    const keysOf = (one: Plan): string[][] => divide(one, 4).map(({ cells }) => cells.map(({ key }) => key));
    const crippled = {
      ...plan,
      twins: new Set<string>(),
      cells: plan.cells.map((cell, index) => (index % 3 === 0 ? { ...cell, unsupported: 'not here' } : cell)),
    };
    expect(keysOf(planOf({ profile: 'standard', forks: 40 }))).toEqual(keysOf(plan));
    expect(keysOf(crippled)).toEqual(keysOf(plan));
  });

  it('are the whole plan where there is one', () => {
    const plan = planOf();
    expect(takeShard(plan, { index: 1, of: 1 }).cells).toEqual(plan.cells);
  });

  it('are refused where there are more of them than groups', () => {
    const plan = planOf({ selection: { suites: ['serialize'], payloads: ['tools'], variants: ['text'] } });
    const most = groupsOf(plan).size;
    expect(() => takeShard(plan, { index: 1, of: most + 1 })).toThrow(
      expect.objectContaining({
        code: 2,
        message: `nothing to measure in shard 1/${most + 1}: the plan has ${most} groups, and a shard has whole ones`,
        hint: `choose at most ${most} shards: --shard 1/${most} to ${most}/${most}`,
      }),
    );
  });
});
