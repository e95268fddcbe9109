/**
 * No figure that is nonsense by construction reaches a report: no bounds of fewer than three rounds, no ratio of what a
 * clock cannot tell apart, nothing that is not a number. Held for new cells and for files of earlier versions, in every format.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { groupKey } from '../../src/compare/cells.ts';
import { reassess } from '../../src/compare/reassess.ts';
import { assembleHttpCells } from '../../src/compare/assemble-loads.ts';
import { scenariosById } from '../load/scenarios.ts';
import { httpProfiles } from '../../src/load/profiles.ts';
import { profiles } from '../../src/measure/profiles.ts';
import type { HttpCellRecord, MicroCellRecord, RunRecord } from '../../src/run-file/records.ts';
import { geometricInterval } from '../../src/stats/intervals.ts';
import { loadFormatsFor } from '../../src/report/formats.ts';
import { formatRatio } from '../../src/report/quantities.ts';
import { toRecord } from '../../src/run-file/write.ts';
import { assembleOutcomes, cellId, timed } from '../compare/outcomes.ts';
import { httpOutcomeOf } from '../http-outcomes.ts';
import { builtInMetrics, reportRecord, storeHttp, storeMicro, toRun } from '../records.ts';
import { syntheticHttpRun } from './http/synthetic-http.ts';
import { metadata, syntheticRun } from './run/synthetic-run.ts';

const formats = await loadFormatsFor('runs');
const nonsense =
  /\bNaN\b|Infinity|(?<![\d.])-\d[\d.]* ?(?:ns|µs|ms|s|B|KB|MB)\b|(?<![\d.])0(?:\.0+)?x|undefined|one round/;

async function renderAll(run: RunRecord): Promise<Record<string, string>> {
  const document = reportRecord({ run, registry: metadata });
  const rendered = [...formats].filter(
    ([name]) =>
      !(run.http !== undefined && run.cells.length > 0 && ['csv', 'bencher', 'github-action-benchmark'].includes(name)),
  );
  const texts = rendered.map(
    async ([name, format]) =>
      [
        name,
        await format.render(document, { columns: 120, color: false, runs: [{ name: 'run', run: toRun(run) }] }),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

/** As every report has it, written down again. */
function reassessed(record: RunRecord): RunRecord {
  return toRecord(reassess(toRun(record)));
}

function boundsOf(ratios: readonly number[]): object {
  const { mean: _mean, ...bounds } = geometricInterval(ratios);
  return bounds;
}

function timedCells(times: { reference: readonly number[]; other: readonly number[] }): MicroCellRecord[] {
  const ids = { reference: cellId({ contender: 'plain' }), other: cellId({ contender: 'quick' }) };
  const outcomes = [...timed(ids.reference, times.reference), ...timed(ids.other, times.other)];
  return storeMicro(assembleOutcomes(outcomes, { [ids.reference.suite]: 'plain' }));
}

const time = fc.oneof(fc.double({ min: 0.1, max: 1e12, noNaN: true }), fc.constantFrom(1, 1e-3, 1e9));

describe('bounds', () => {
  it('come from three rounds or more, and hold their estimate', () => {
    const rounds = fc
      .integer({ min: 1, max: 5 })
      .chain((length) =>
        fc.tuple(
          fc.array(time, { minLength: length, maxLength: length }),
          fc.array(time, { minLength: length, maxLength: length }),
        ),
      );
    fc.assert(
      fc.property(rounds, ([reference, other]) => {
        const [, cell] = timedCells({ reference, other });
        const figures = [
          { value: cell?.latencyNs?.median, ...cell?.latencyNs },
          { value: cell?.speedup?.ratio, ...cell?.speedup },
        ];
        for (const { value, lo, hi } of figures) {
          expect(lo === undefined).toBe(other.length < 3);
          expect(hi === undefined).toBe(other.length < 3);
          if (lo === undefined || hi === undefined) continue;
          expect(lo * (1 - 1e-9)).toBeLessThanOrEqual(value as number);
          expect(hi * (1 + 1e-9)).toBeGreaterThanOrEqual(value as number);
          expect(lo).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('count the rounds that both sides have, not those of one', () => {
    const id = (contender: string) => cellId({ contender });
    const outcomes = [...timed(id('plain'), [10, 11]), ...timed(id('quick'), [5, 6, 5, 6, 5])];
    const [plain, quick] = storeMicro(assembleOutcomes(outcomes, { [id('plain').suite]: 'plain' }));
    expect(plain?.latencyNs?.lo).toBeUndefined();
    expect(quick?.latencyNs?.lo).toBeDefined();
    expect(quick?.speedup).toEqual({ reference: 'plain', ratio: expect.any(Number) as number });
  });

  it('are within reach of every profile', () => {
    expect(Object.values(profiles).map(({ minForks }) => minForks >= 3)).not.toContain(false);
    expect(Object.values(httpProfiles).map(({ minRounds }) => minRounds >= 3)).not.toContain(false);
  });
});

describe('files of earlier versions', () => {
  const stored = syntheticRun();
  const bounds = { lo: 0.008, hi: 63, confidence: 0.95 };

  it('lose bounds of two forks in every format and keep their figures', async () => {
    const cells = stored.cells.map((cell): MicroCellRecord => ({
      ...cell,
      forks: cell.forks.slice(0, 2),
      ...(cell.latencyNs === undefined
        ? {}
        : { latencyNs: { median: cell.latencyNs.median, lo: 0.008, hi: 6.3e9, confidence: 0.95 } }),
      ...(cell.speedup === undefined || cell.speedup.reference === cell.contender
        ? {}
        : { speedup: { ...cell.speedup, ...bounds } }),
    }));
    const run = reassessed({ ...stored, cells });
    expect(run.cells.map(({ latencyNs, speedup }) => [latencyNs?.median, speedup?.ratio])).toEqual(
      cells.map(({ latencyNs, speedup }) => [latencyNs?.median, speedup?.ratio]),
    );
    expect(
      run.cells
        .flatMap(({ latencyNs, speedup }) => [latencyNs?.lo, speedup?.lo, latencyNs?.confidence, speedup?.hi])
        .filter((bound) => bound !== undefined),
    ).toEqual([]);
    for (const [name, text] of Object.entries(await renderAll(run))) {
      expect(`${name}: ${/0\.008|(?<![\d.])63x|–63x|\b6300000000\b|\b6\.30 s/.exec(text)?.[0]}`).toBe(
        `${name}: undefined`,
      );
    }
  });

  it('stay as they are where there are rounds enough', () => {
    const enough = stored.cells.filter(({ forks }) => forks.length >= 3);
    expect(enough.length).toBeGreaterThan(5);
    const again = reassessed({ ...stored, cells: enough }).cells;
    const hasReference = (cell: (typeof enough)[number]): boolean =>
      enough.some((other) => groupKey(other) === groupKey(cell) && other.contender === cell.speedup?.reference);
    const comparable = [...enough.entries()].filter(([, cell]) => cell.speedup === undefined || hasReference(cell));
    expect(comparable.map(([index]) => again[index])).toEqual(comparable.map(([, cell]) => cell));
  });

  it('over HTTP lose ratios of times that their clock cannot tell apart', () => {
    const http = syntheticHttpRun().http;
    if (http === undefined) throw new Error('no session');
    const coarse = http.cells.map((cell): HttpCellRecord => ({
      ...cell,
      rounds: cell.rounds.map((round, index) => ({
        ...round,
        metrics: { ...round.metrics, eventLoopDelayP99Ns: index * 1e6 },
      })),
      metrics:
        cell.status === 'ok'
          ? {
              ...cell.metrics,
              eventLoopDelayP99Ns: {
                median: 1e6,
                lo: -2e6,
                hi: 4e6,
                confidence: 0.95,
                ratio: { reference: 'x', ratio: 1.4, lo: 0.007, hi: 297, confidence: 0.95 },
              },
            }
          : {},
    }));
    const again = reassessed({ ...stored, http: { ...http, cells: coarse } }).http?.cells ?? [];
    const delays = again.flatMap(({ contender, metrics, rounds }) =>
      metrics.eventLoopDelayP99Ns === undefined ? [] : [{ contender, rounds, ...metrics.eventLoopDelayP99Ns }],
    );
    expect(delays.length).toBeGreaterThan(3);
    for (const { ratio, lo, rounds } of delays) {
      expect(ratio?.lo).toBeUndefined();
      expect([undefined, 1]).toContain(ratio?.ratio);
      expect(lo === undefined).toBe(rounds.length < 3);
      expect(lo ?? 0).toBeGreaterThanOrEqual(0);
    }
    expect(delays.some(({ difference }) => difference !== undefined)).toBe(true);
  });
});

describe('every format', () => {
  it('is free of nonsense, whatever the times and however few', async () => {
    const { suites, scenarios } = {
      suites: [
        {
          id: 'suite',
          title: 'Suite',
          question: 'Which?',
          reference: 'plain',
          contenders: ['plain', 'other'].map((id) => ({ id, title: id })),
        },
      ],
      scenarios: scenariosById(['tools-10']),
    };
    const metric = fc.oneof(fc.constantFrom(0, 1, 1e6), fc.double({ min: 1, max: 1e10, noNaN: true }));
    const rounds = fc.array(
      fc.record({
        plain: fc.record({ rate: time, delay: metric, p95: metric }),
        other: fc.record({ rate: time, delay: metric, p95: metric }),
        reference: time,
        quick: time,
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(rounds, async (drawn) => {
        const outcomes = drawn.flatMap(({ plain, other }, round) =>
          Object.entries({ plain, other }).map(([contender, { rate, delay, p95 }]) => {
            const metrics = {
              requestsPerSec: rate,
              p50Ns: 1e9 / rate,
              p95Ns: p95,
              eventLoopDelayP99Ns: delay,
              wireBytesPerRequest: 100,
            };
            return httpOutcomeOf({ contender, round, load: { kind: 'closed', connections: 10 } }, { metrics });
          }),
        );
        const assembled = assembleHttpCells({ outcomes, scenarios, suites, metrics: builtInMetrics });
        const http = { suites, scenarios, cells: storeHttp(assembled, scenarios[0]?.items) };
        for (const { metrics } of http.cells) {
          for (const { median, lo, hi, ratio, difference } of Object.values(metrics)) {
            expect(
              [median, lo, hi, ratio?.ratio, ratio?.lo, ratio?.hi, difference?.value].every(
                (value) => value === undefined || Number.isFinite(value),
              ),
            ).toBe(true);
            expect([lo, ratio?.lo, difference?.lo].some((value) => value !== undefined) && drawn.length < 3).toBe(
              false,
            );
          }
        }
        const cells = timedCells({
          reference: drawn.map(({ reference }) => reference),
          other: drawn.map(({ quick }) => quick),
        });
        const twins = drawn.slice(0, 1).map(({ reference, quick }) => {
          const ratios = drawn.map((round) => round.quick / round.reference);
          return {
            cell: cellId(),
            rounds: ratios.map((ratio, round) => ({ round, ratio })),
            ratio: quick / reference,
            ...boundsOf(ratios),
          };
        });
        for (const run of [
          { ...syntheticRun(), cells },
          { ...syntheticRun(), cells, noise: { twins, cleanShare: 0, stolenShare: 1, othersShare: 0.5 } },
          { ...syntheticRun(), cells: [], http },
        ]) {
          for (const [name, text] of Object.entries(await renderAll(run))) {
            // The page's own script may name what is no number.
            const shown = name === 'html' ? text.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '') : text;
            expect(`${name}: ${nonsense.exec(shown)?.[0]}`).toBe(`${name}: undefined`);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('writes a ratio with at least two digits, and a dash where there is none', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (ratio) => {
        expect(Number(formatRatio(ratio).slice(0, -1))).toBeGreaterThan(0);
      }),
    );
    expect([formatRatio(Number.NaN), formatRatio(Number.POSITIVE_INFINITY)]).toEqual(['–', '–']);
  });
});
