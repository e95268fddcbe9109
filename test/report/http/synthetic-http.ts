/**
 * A made-up run over HTTP that holds every kind of cell once: the material of golden tables, charts and formats.
 *
 * Figures follow from tables of factors; names are invented and nothing here is a measurement. Deliberately absent:
 * randomness.
 */
import type { HttpLoad, HttpScenario, MeasuredHttpSuite } from '../../../src/model/http.ts';
import type { Ratio } from '../../../src/model/metric.ts';
import type { HttpCellRecord, HttpResultsRecord, RunRecord, SummaryRecord } from '../../../src/run-file/records.ts';
import { median } from '../../../src/stats/center.ts';
import { geometricInterval, ratioInterval } from '../../../src/stats/intervals.ts';
import { syntheticRun } from '../run/synthetic-run.ts';

/** How rounds differ: what all contenders share in a round, which cancels in ratios, and what each has of its own. */
const drift = [1, 1.05, 0.97];
const jitter = [1, 1.01, 0.99];

const list = [{ method: 'GET', path: '/list', weight: 1 }] as const;
const call = [{ method: 'POST', path: '/call', callsTool: true, weight: 1 }] as const;

function scenario(parts: Pick<HttpScenario, 'id' | 'title' | 'requests'> & Partial<HttpScenario>): HttpScenario {
  return {
    where: 'made-up places',
    items: 100,
    client: 'load',
    writes: false,
    volatile: [],
    sweep: false,
    tier: 'quick',
    ...parts,
  };
}

const scenarios: readonly HttpScenario[] = [
  scenario({ id: 'list-10', title: '10 things', items: 10, requests: list, tier: 'standard' }),
  scenario({ id: 'list-1000', title: '1,000 things', items: 1000, requests: list, sweep: true }),
  scenario({ id: 'call', title: 'a small | call', requests: call, writes: true }),
  scenario({
    id: 'news',
    title: 'from a write to its event',
    requests: [],
    client: 'events',
    writes: true,
    tier: 'standard',
  }),
];

const suites: readonly MeasuredHttpSuite[] = [
  {
    id: 'writers',
    title: 'Writers',
    question: 'Which writer answers most?',
    reference: 'plain',
    contenders: [
      { id: 'plain', title: 'plain', settings: { serializer: 'plain' } },
      { id: 'compiled', title: 'compiled', settings: { serializer: 'compiled' } },
      { id: 'shaky', title: 'shaky', settings: { serializer: 'shaky' } },
      { id: 'fragile', title: 'fragile', settings: { serializer: 'fragile' } },
    ],
  },
  {
    id: 'pieces',
    title: 'Pieces',
    question: 'What does each piece add?',
    reference: 'bare',
    contenders: [
      { id: 'bare', title: 'nothing at all', settings: { serializer: 'plain', closesConnections: true, bare: true } },
      {
        id: 'small',
        title: 'small answers',
        settings: { serializer: 'plain', compression: 'br', cache: true, authentication: true },
      },
      { id: 'guest', title: 'somebody else' },
    ],
  },
];

/** Time of a request against the reference's, by scenario; of `shaky` the rounds differ wildly. */
const factors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  compiled: { 'list-10': 0.98, 'list-1000': 0.65, call: 1.1, news: 1.002 },
  shaky: { 'list-10': 0.9, 'list-1000': 0.9, call: 0.9, news: 0.9 },
  fragile: { 'list-10': 0.8 },
  small: { 'list-1000': 1.4, call: 1.002 },
  guest: { 'list-1000': 0.7, call: 0.7 },
};

const requestNs: Readonly<Record<string, number>> = { 'list-10': 3e5, 'list-1000': 1.5e7, call: 4e4, news: 1e6 };

const usual: HttpLoad = { kind: 'closed', connections: 10 };
const single: HttpLoad = { kind: 'closed', connections: 1 };
const open: HttpLoad = { kind: 'open', connections: 64, requestsPerSec: 30 };

interface Place {
  readonly suite: string;
  readonly scenario: string;
  readonly contender: string;
  readonly load: HttpLoad;
  readonly rounds: number;
}

function metricsOf({ suite, scenario: id, contender, load }: Place, round: number): Record<string, number> {
  const wild = contender === 'shaky' ? ([1, 2, 0.5][round] ?? 1) : 1;
  const own = (jitter[(round * (contender.length % 2) + contender.length) % 3] ?? 1) * wild;
  const serviceNs = (requestNs[id] ?? 0) * (factors[contender]?.[id] ?? 1) * (drift[round] ?? 1) * own;
  const items = scenarios.find((one) => one.id === id)?.items ?? 0;
  return {
    requestsPerSec: load.kind === 'open' ? load.requestsPerSec : 1e9 / serviceNs,
    p50Ns: serviceNs * load.connections * 0.9,
    p95Ns: serviceNs * load.connections * 2,
    ...(id === 'list-1000' ? {} : { p99Ns: serviceNs * load.connections * 3 }),
    // Somebody else's server has no account of its processor.
    ...(contender === 'guest'
      ? {}
      : { cpuNsPerRequest: serviceNs * 0.97, eventLoopDelayP99Ns: serviceNs * 3, peakMemoryBytes: 2e8 * own }),
    wireBytesPerRequest: items * 160 * (suite === 'pieces' && contender === 'small' ? 0.17 : 1),
  };
}

function cellOf(place: Place): HttpCellRecord {
  const { suite, scenario: id, contender, load } = place;
  const reference = suites.find((one) => one.id === suite)?.reference ?? '';
  const rounds = Array.from({ length: place.rounds }, (_, round) => ({
    round,
    metrics: metricsOf(place, round),
    requests: 100,
  }));
  const against = rounds.map(({ round }) => metricsOf({ ...place, contender: reference }, round));
  const names = Object.keys(rounds[0]?.metrics ?? {});
  const metrics = Object.fromEntries(
    names.map((name): [string, SummaryRecord] => {
      const values = rounds.map((one) => one.metrics[name] ?? 0);
      const { lo, hi, confidence } = geometricInterval(values);
      const middle = median(values);
      const bounds =
        lo === undefined || hi === undefined || confidence === undefined
          ? {}
          : { lo: Math.min(lo, middle), hi: Math.max(hi, middle), confidence };
      const pairs = values.map((numerator, round) => ({ numerator, denominator: against[round]?.[name] ?? numerator }));
      const { mean, ...ratioBounds } = ratioInterval(pairs);
      const ratio: Ratio =
        contender === reference ? { reference, ratio: 1 } : { reference, ratio: mean, ...ratioBounds };
      return [name, { median: middle, ...bounds, ratio }];
    }),
  );
  const items = scenarios.find((one) => one.id === id)?.items ?? 0;
  const foreign = 'the server is no process of this program';
  return {
    suite,
    scenario: id,
    contender,
    load,
    items,
    status: 'ok',
    metrics,
    failures: {},
    rounds,
    absent: {
      ...(id === 'list-1000' ? { p99Ns: 'too few requests' } : {}),
      ...(contender === 'guest'
        ? { cpuNsPerRequest: foreign, eventLoopDelayP99Ns: foreign, peakMemoryBytes: foreign }
        : {}),
    },
    warnings: [
      ...(place.rounds === 1 ? ['only 1 round'] : []),
      ...(contender === 'shaky' && load === usual ? ['the load generator was busy'] : []),
    ],
  };
}

function broken(
  place: Omit<Place, 'rounds'>,
  parts: Pick<HttpCellRecord, 'status' | 'failures'> & { reason: string },
): HttpCellRecord {
  const items = scenarios.find(({ id }) => id === place.scenario)?.items ?? 0;
  return { ...place, items, metrics: {}, absent: {}, rounds: [], warnings: [], ...parts };
}

function makeCells(): HttpCellRecord[] {
  const writers = ['plain', 'compiled', 'shaky'];
  const cells = (suite: string, id: string, load: HttpLoad, contenders: readonly string[]): HttpCellRecord[] =>
    contenders.map((contender) => cellOf({ suite, scenario: id, contender, load, rounds: 3 }));
  const fragile = { suite: 'writers', contender: 'fragile', load: usual };
  return [
    ...cells('writers', 'list-10', usual, writers),
    cellOf({ ...fragile, scenario: 'list-10', rounds: 1 }),
    ...cells('writers', 'list-1000', single, writers),
    ...cells('writers', 'list-1000', usual, writers),
    broken(
      { ...fragile, scenario: 'list-1000' },
      { status: 'failed', reason: 'requests failed: 2 of HTTP 503', failures: { 'HTTP 503': 2 } },
    ),
    ...cells('writers', 'list-1000', open, writers),
    ...cells('writers', 'call', usual, writers),
    broken(
      { ...fragile, scenario: 'call' },
      { status: 'incorrect', reason: 'first difference at /0/name: \u001b[31m', failures: {} },
    ),
    ...cells('writers', 'news', single, writers),
    ...cells('pieces', 'list-1000', usual, ['bare', 'small', 'guest']),
    ...cells('pieces', 'call', usual, ['bare', 'small', 'guest']),
  ];
}

/** What bench/http and src/load would have given. */
export function syntheticHttp(): HttpResultsRecord {
  return { suites, scenarios, cells: makeCells() };
}

/** A run of HTTP alone. */
export function syntheticHttpRun(): RunRecord {
  return { ...syntheticRun(), durationMs: 80_000, profile: 'quick', cells: [], warnings: [], http: syntheticHttp() };
}
