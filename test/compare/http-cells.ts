/**
 * Made-up cells over HTTP for tests of comparisons. Deliberately absent: rounds, since ratios are given.
 */
import type { HttpCell, HttpResults, HttpScenario } from '../../src/model/http.ts';
import type { Ratio } from '../../src/model/metric.ts';
import type { HttpCellRecord } from '../../src/run-file/records.ts';
import { toHttp } from '../records.ts';

/** A cell of `quick` against `plain` on `list` in the suite `writers`, under ten connections, unless told otherwise. */
export function httpCell(parts: Partial<HttpCellRecord> = {}): HttpCell {
  return toHttp({
    suite: 'writers',
    scenario: 'list',
    contender: 'quick',
    load: { kind: 'closed', connections: 10 },
    items: 100,
    status: 'ok',
    metrics: {},
    absent: {},
    failures: {},
    rounds: [],
    warnings: [],
    ...parts,
  });
}

/** Bounds of a ratio; one number alone is a ratio of a single round. */
export type Bounds = readonly [ratio: number, lo: number, hi: number] | number;

/** Metrics whose ratios to `plain` are given; medians mean nothing. */
export function ratios(given: Readonly<Record<string, Bounds>>): HttpCellRecord['metrics'] {
  return Object.fromEntries(
    Object.entries(given).map(([name, bounds]) => [name, { median: 1, ratio: ratioOf(bounds) }]),
  );
}

function ratioOf(bounds: Bounds): Ratio {
  const reference = 'plain';
  if (typeof bounds === 'number') return { reference, ratio: bounds };
  const [ratio, lo, hi] = bounds;
  return { reference, ratio, lo, hi, confidence: 0.95 };
}

function scenario(id: string): HttpScenario {
  return {
    id,
    title: `the ${id}`,
    where: 'nowhere',
    items: 100,
    client: 'load',
    requests: [],
    writes: false,
    volatile: [],
    sweep: false,
    tier: 'quick',
  };
}

/** One suite with `plain` and `quick`, and the scenarios of its cells. */
export function httpResults(...cells: HttpCell[]): HttpResults {
  return {
    suites: [
      {
        id: 'writers',
        title: 'Writers',
        question: 'Which?',
        reference: 'plain',
        contenders: [
          { id: 'plain', title: 'the plain one' },
          { id: 'quick', title: 'the quick one' },
        ],
      },
    ],
    scenarios: [...new Set(cells.map(({ id }) => id.scenario))].map(scenario),
    cells,
  };
}
