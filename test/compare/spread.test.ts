/**
 * Intervals that rest on the spread of a whole suite: what takes part, what does not, and that all who read the same
 * rounds say the same.
 */
import { describe, expect, it } from 'vitest';

import { assembleHttpCells } from '../../src/compare/assemble-loads.ts';
import { measureClaimTable } from '../../src/compare/claim-table.ts';
import { findFindings } from '../../src/compare/findings.ts';
import { reassess } from '../../src/compare/reassess.ts';
import { findCertainty } from '../../src/compare/spread.ts';
import { nameGroup, speedupOf } from '../../src/compare/cells.ts';
import type { ForkOutcome, MicroCell } from '../../src/model/cell.ts';
import type { HttpOutcome } from '../../src/model/http.ts';
import type { Ratio } from '../../src/model/metric.ts';
import { fitVariancePrior, moderatedInterval, sampleVariance } from '../../src/stats/moderate.ts';
import { scenariosById } from '../load/scenarios.ts';
import { httpOutcomeOf } from '../http-outcomes.ts';
import { builtInMetrics, infos, toRun } from '../records.ts';
import { syntheticRun } from '../report/run/synthetic-run.ts';
import { assembleOutcomes, cellId, timed } from './outcomes.ts';

const sizes = [1, 10, 100, 1000] as const;
/** Reference times by round, shared by all sizes, and those of two contenders by size; no two spread alike. */
const plain = [100, 102, 99, 101];
const times = {
  quick: [
    [50, 51, 50, 50.2],
    [52, 51, 49.5, 50],
    [50, 53, 49, 50.5],
    [51, 50, 49.8, 50.1],
  ],
  slow: [
    [110, 112, 108, 111.5],
    [108, 113, 110, 109],
    [111, 110, 112, 110],
    [109, 112, 111, 113],
  ],
} as const;

function outcomesOf(suite = 'speed', used: readonly number[] = sizes): ForkOutcome[] {
  return used.flatMap((items) => {
    const index = sizes.findIndex((size) => size === items);
    return [
      ...timed(cellId({ suite, items }), plain),
      ...timed(cellId({ suite, items, contender: 'quick' }), times.quick[index] ?? []),
      ...timed(cellId({ suite, items, contender: 'slow' }), times.slow[index] ?? []),
    ];
  });
}

function assemble(outcomes: readonly ForkOutcome[]): MicroCell[] {
  return assembleOutcomes(outcomes, { speed: 'plain', other: 'plain' });
}

function speedup(cells: readonly MicroCell[], parts: Parameters<typeof cellId>[0]): Ratio {
  const id = cellId(parts);
  const cell = cells.find((one) => JSON.stringify(one.id) === JSON.stringify(id));
  const ratio = cell && speedupOf(cell);
  if (ratio === undefined) throw new Error('there is no such ratio');
  return ratio;
}

const widthOf = ({ lo = Number.NaN, hi = Number.NaN }: Ratio): number => hi / lo;

describe('the interval of a speedup', () => {
  const cells = assemble(outcomesOf());

  it('is drawn from the spread of all groups of the suite', () => {
    const ratiosOf = (own: readonly number[]): number[] => own.map((time, round) => (plain[round] ?? 0) / time);
    const variances = sizes.map((_, index) =>
      [times.quick[index] ?? [], times.slow[index] ?? []].map((own) => sampleVariance(ratiosOf(own).map(Math.log))),
    );
    const prior = fitVariancePrior(variances);
    if (prior === undefined) throw new Error('nothing was learnt');
    const usualSpread = { variance: prior.variance, degreesOfFreedom: prior.degreesOfFreedom, ratios: 8 };
    const { mean, ...bounds } = moderatedInterval(ratiosOf(times.slow[2]), { prior });
    expect(bounds.degreesOfFreedom).toBeGreaterThan(3);
    expect(speedup(cells, { items: 100, contender: 'slow' })).toEqual({
      reference: 'plain',
      ratio: mean,
      ...bounds,
      usualSpread,
    });
  });

  it('is drawn from its own rounds where the suite has one group', () => {
    const alone = speedup(assemble(outcomesOf('speed', [10])), { items: 10, contender: 'quick' });
    expect(alone.degreesOfFreedom).toBe(3);
    expect(alone).toEqual({ reference: 'plain', ratio: alone.ratio, ...boundsOf(times.quick[1]) });
  });

  it('does not change with other suites, nor with ratios that never vary or have too few rounds', () => {
    const exact = timed(
      cellId({ contender: 'exact', items: 10 }),
      plain.map((time) => time / 4),
    );
    const thin = timed(cellId({ contender: 'thin', items: 100 }), [1, 90]);
    const wild = outcomesOf('other').map((outcome, index) =>
      outcome.fork === undefined
        ? outcome
        : { ...outcome, fork: { ...outcome.fork, latencyNs: outcome.fork.latencyNs * (1 + (index % 7)) } },
    );
    const more = assemble([...outcomesOf(), ...exact, ...thin, ...wild]);
    for (const items of sizes)
      for (const contender of ['quick', 'slow'])
        expect(speedup(more, { items, contender })).toEqual(speedup(cells, { items, contender }));
    const same = speedup(more, { contender: 'exact', items: 10 });
    expect(same.degreesOfFreedom).toBe(3);
    expect(widthOf(same)).toBeCloseTo(1, 9);
    expect(speedup(more, { contender: 'thin', items: 100 })).not.toHaveProperty('lo');
    expect(speedup(more, { contender: 'thin', items: 100 })).not.toHaveProperty('degreesOfFreedom');
  });

  it('does not depend on the order in which cells were measured', () => {
    const again = assemble(outcomesOf().toReversed());
    for (const items of sizes) {
      const [first, second] = [cells, again].map((all) => speedup(all, { items, contender: 'quick' }));
      expect(second?.hi).toBeCloseTo(first?.hi ?? 0, 9);
    }
  });

  it('leaves times to their own rounds', () => {
    const alone = assemble(timed(cellId({ items: 10 }), plain));
    const summary = cells.find(({ id }) => id.items === 10 && id.contender === 'plain')?.metrics['latencyNs']?.summary;
    expect(summary).toEqual(alone[0]?.metrics['latencyNs']?.summary);
  });
});

function boundsOf(own: readonly number[]): object {
  const { mean: _, ...bounds } = moderatedInterval(own.map((time, round) => (plain[round] ?? 0) / time));
  return bounds;
}

describe('whoever reads the same rounds', () => {
  const cells = assemble(outcomesOf());
  const run = { ...toRun(syntheticRun()), metrics: infos.fork, cells };

  it('says the same of a run that was stored by a version without such intervals', () => {
    const old = cells.map((cell): MicroCell => {
      const time = cell.metrics['latencyNs'];
      if (time?.ratio?.lo === undefined) return cell;
      const { degreesOfFreedom: _, usualSpread: _usual, ...ratio } = time.ratio;
      return { ...cell, metrics: { ...cell.metrics, latencyNs: { ...time, ratio: { ...ratio, lo: 0.5, hi: 3 } } } };
    });
    expect(reassess({ ...run, cells: old }).cells).toEqual(cells);
  });

  it('says the same of what two machines measured as of each machine alone', () => {
    const busy = outcomesOf('speed').map((outcome, index) => {
      const { fork } = outcome;
      const items = outcome.cell.items + 1;
      const cell = { ...outcome.cell, items };
      return fork === undefined
        ? { ...outcome, cell }
        : { ...outcome, cell, fork: { ...fork, latencyNs: fork.latencyNs * (1 + ((index * 7) % 5) / 10) } };
    });
    const others = assemble(busy);
    const joined = [...cells, ...others];
    const parts = [cells, others].map((own, index) => ({
      index: index + 1,
      startedAt: run.startedAt,
      durationMs: 1,
      environment: run.environment,
      groups: [...new Set(own.map(({ id }) => nameGroup(id)))],
    }));
    expect(reassess({ ...run, cells: joined, shards: { of: 2, parts } }).cells).toEqual(joined);
    // As cells of one machine, they would all say something else.
    expect(reassess({ ...run, cells: joined }).cells).not.toEqual(joined);
  });

  it('finds ties and claims by the intervals that the tables have', () => {
    const claimed = measureClaimTable(cells, {
      title: 'made up',
      source: 'nowhere',
      payload: 'list',
      claims: [],
      table: { suite: 'speed', subject: 'quick', against: 'plain', beside: [], stated: [] },
    });
    const { lo, hi } = speedup(cells, { items: 100, contender: 'quick' });
    expect(claimed.find(({ items }) => items === 100)?.ratio).toMatchObject({ lo, hi });
  });

  it('crowns a contender whose lead over another only the whole suite can show', () => {
    // By itself a lead of 8% over three rounds that vary by some percent is a tie, with t at 4.3.
    const noise = [
      [1, 1.03, 0.98],
      [1.02, 0.985, 1.01],
      [0.97, 1.01, 1],
    ];
    const outcomes = Array.from({ length: 9 }, (_, group) => {
      const vary = (base: number, arm: number): number[] => (noise[(group + arm) % 3] ?? []).map((one) => base * one);
      const items = group + 1;
      return [
        ...timed(cellId({ items }), vary(100, 0)),
        ...timed(cellId({ items, contender: 'quick' }), vary(50, 1)),
        ...timed(cellId({ items, contender: 'near' }), vary(54, 2)),
      ];
    }).flat();
    const context = {
      suites: [{ id: 'speed', method: 'latency' as const, reference: 'plain' }],
      contenders: ['plain', 'quick', 'near'].map((id) => ({ id, kind: 'serialize' as const, capabilities: [] })),
    };
    const tiesIn = (some: readonly MicroCell[]): number => {
      const fastest = findFindings(some, context).flatMap((finding) =>
        finding.kind === 'fastest' ? finding.sizes : [],
      );
      return fastest.filter(({ tiedWith }) => tiedWith.length > 0).length;
    };
    const all = assemble(outcomes);
    expect(tiesIn(assemble(outcomes.filter(({ cell }) => cell.items === 1)))).toBe(1);
    expect(tiesIn(all)).toBe(0);
    // Nor does it take the whole suite to be at hand: a part of its cells says the same.
    expect(tiesIn(all.filter(({ id }) => id.items === 1))).toBe(0);
  });
});

describe('ratios over HTTP', () => {
  const contenders = ['plain', 'other'].map((id) => ({ id, title: id }));
  const suite = { id: 'suite', title: 'Suite', question: 'Which?', reference: 'plain', contenders };
  const loads = [1, 2, 4, 8, 16, 32, 64] as const;

  function outcomes(): HttpOutcome[] {
    return loads.flatMap((connections) =>
      contenders.flatMap(({ id: contender }) =>
        [0, 1, 2].map((round): HttpOutcome => {
          const wobble = 1 + 0.02 * Math.sin(connections * (round + 1) * (contender === 'plain' ? 1 : 2.3));
          // The delay is below what its clock tells apart, and the bytes are the same in every round.
          const metrics = {
            requestsPerSec: 1000 * wobble,
            p50Ns: 1e6 / wobble,
            eventLoopDelayP99Ns: 1000 * wobble,
            wireBytesPerRequest: 100,
          };
          return httpOutcomeOf({ contender, round, load: { kind: 'closed', connections } }, { metrics });
        }),
      ),
    );
  }

  it('are treated alike, metric by metric; differences and exact ratios stay what they are', () => {
    const cells = assembleHttpCells({
      outcomes: outcomes(),
      scenarios: scenariosById(['tools-10']),
      suites: [suite],
      metrics: builtInMetrics,
    });
    const others = cells.filter(({ id }) => id.contender === 'other');
    expect(others).toHaveLength(loads.length);
    for (const { metrics } of others) {
      expect(metrics['requestsPerSec']?.ratio?.degreesOfFreedom).toBeGreaterThan(2);
      expect(metrics['requestsPerSec']?.ratio?.usualSpread?.ratios).toBe(loads.length);
      expect(metrics['eventLoopDelayP99Ns']?.difference).toBeDefined();
      expect(metrics['eventLoopDelayP99Ns']?.difference).not.toHaveProperty('degreesOfFreedom');
      expect(metrics['wireBytesPerRequest']?.ratio).toEqual({
        reference: 'plain',
        ratio: 1,
        lo: 1,
        hi: 1,
        confidence: 0.95,
        degreesOfFreedom: 2,
      });
    }
  });
});

describe('findCertainty', () => {
  it('says of a suite how many ratios were looked at, and what came of it', () => {
    const cells = assemble(outcomesOf());
    const [certainty, ...others] = findCertainty(cells, ['latencyNs']);
    expect(others).toEqual([]);
    expect(certainty).toMatchObject({ suite: 'speed', ratios: 8, own: { least: 3, most: 3 } });
    expect(certainty?.together.least).toBeGreaterThan(3);
    expect(certainty?.together.most).toBeLessThanOrEqual(3 + 9);
  });

  it('leaves out suites whose cells stand alone', () => {
    expect(findCertainty(assemble(outcomesOf('speed', [10])), ['latencyNs'])).toEqual([]);
    expect(findCertainty([], ['latencyNs'])).toEqual([]);
  });
});
