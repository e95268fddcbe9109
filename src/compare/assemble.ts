/**
 * Turns what became of every round into cells: one status, one summary a metric, and ratios to the reference's.
 *
 * A round counts as one independent value; blocks of a fork, and requests of a load, are correlated and make no
 * interval narrower. Where kinds of measurement differ, their rules say so as data.
 */
import type { Cell, CellId, CellStatus, Evidence, Observation, Outcome, Round, Warning } from '../model/cell.ts';
import type { Metric, MetricInfo, Summary } from '../model/metric.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import { median } from '../stats/center.ts';
import { geometricInterval, meanInterval } from '../stats/intervals.ts';
import { compareWithReferences } from './against-reference.ts';
import { cellKey, groupBy } from './cells.ts';
import { evidenceNouns } from './evidence.ts';
import { infoOf } from './metrics.ts';
import { warnOfFewRounds, warnOfNoise } from './noise.ts';

/** How rounds of one kind of measurement add up to a cell. */
export interface RoundRules {
  /** What a round is called where people read of it. */
  readonly evidence: Evidence;
  readonly source: MetricInfo['source'];
  /** Which status stands for rounds that ended differently, the more telling first. */
  readonly precedence: readonly CellStatus[];
  /** Whether rounds stay with a cell that is not ok, so that it can be looked into. */
  readonly keepsRounds: boolean;
  /** The metric whose rounds must not lie too far apart. */
  readonly noisyBy?: string;
}

/**
 * Forks: one good fork makes the cell `ok`, since a failure of another one is mostly the machine's; a wrong one never.
 */
export const forkRules: RoundRules = {
  evidence: 'fork',
  source: 'fork',
  precedence: ['incorrect', 'ok', 'failed', 'unavailable', 'unsupported'],
  keepsRounds: true,
  noisyBy: 'latencyNs',
};

/**
 * Loads: a failed request fails its cell, in whatever round it was. A server that answers most of the time is not
 * measured by the rounds in which it did.
 */
export const loadRules: RoundRules = {
  evidence: 'round',
  source: 'load',
  precedence: ['incorrect', 'failed', 'ok', 'unavailable', 'unsupported'],
  keepsRounds: false,
};

export interface AssembleRequest<Id extends CellId> {
  readonly rules: RoundRules;
  /** Planned cells; the result has their order. */
  readonly ids: readonly Id[];
  /** In any order; where a cell and round appear twice, the later one replaces the earlier. */
  readonly outcomes: readonly Outcome<Id>[];
  readonly metrics: readonly KnownMetric[];
  /** The contender that others are held against, by suite id; a suite without one gets no ratios. */
  readonly references: Readonly<Record<string, string>>;
}

/**
 * Cells in the order of the plan. A planned cell without any outcome is left out: the run was stopped before it.
 *
 * A summary is the median over the rounds; its bounds are a t interval on the logarithms of their values, which assumes
 * that rounds vary by a factor and are near normal on that scale, stretched to hold the median where rounds in two
 * modes would leave it outside. Times are bound by their own rounds alone: what the machine does in a round, all cells
 * share, so that together they know no more of it than one. Ratios, of which that has been taken out, are bound by the
 * spread of the whole suite. The reference's own ratio is 1 without bounds: a definition, not a measurement.
 */
export function assembleCells<Id extends CellId>(request: AssembleRequest<Id>): Cell<Id>[] {
  const latest = new Map(request.outcomes.map((outcome) => [`${outcome.round} ${cellKey(outcome.id)}`, outcome]));
  const byCell = groupBy(latest.values(), ({ id }) => cellKey(id));
  const cells = request.ids.flatMap((id) => {
    const outcomes = byCell.get(cellKey(id));
    return outcomes === undefined
      ? []
      : [
          assembleCell(
            outcomes.toSorted((a, b) => a.round - b.round),
            request,
          ),
        ];
  });
  const infos = request.metrics.filter(({ source }) => source === request.rules.source);
  return compareWithReferences(cells, { infos, referenceOf: ([{ id }]) => request.references[id.suite] });
}

function assembleCell<Id extends CellId>(
  outcomes: readonly Outcome<Id>[],
  { rules, metrics }: AssembleRequest<Id>,
): Cell<Id> {
  const { status, reason } = judge(outcomes, rules);
  const good = outcomes.filter((outcome) => outcome.status === 'ok');
  const observations = mergeObservations(outcomes);
  const [example] = outcomes.flatMap((outcome) => (outcome.status === status ? (outcome.example ?? []) : []));
  const measured = status === 'ok' ? good : [];
  const figures = summarizeAll(measured, { outcomes, metrics, rules });
  const rounds = (rules.keepsRounds ? good : measured).flatMap(({ round, evidence }): Round[] =>
    evidence === undefined ? [] : [{ round, ...evidence }],
  );
  return {
    id: (outcomes[0] as Outcome<Id>).id,
    status,
    ...(reason === undefined ? {} : { reason }),
    metrics: figures,
    rounds,
    warnings: status === 'ok' ? collectWarnings({ outcomes, rounds, figures, rules }) : [],
    failures: sumFailures(outcomes),
    ...(observations.length === 0 ? {} : { observations }),
    ...(example === undefined ? {} : { example }),
  };
}

const noReason = 'no reason was given';

function judge(
  outcomes: readonly Outcome[],
  { precedence, evidence }: RoundRules,
): { status: CellStatus; reason: string | undefined } {
  const status = precedence.find((candidate) => outcomes.some((outcome) => outcome.status === candidate)) ?? 'failed';
  if (status === 'ok') return { status, reason: undefined };
  const matching = outcomes.filter((outcome) => outcome.status === status);
  const reasons = [...new Set(matching.map(({ reason }) => reason ?? noReason))].join('; ');
  const isPartly = matching.length < outcomes.length;
  return {
    status,
    reason: reasons + (isPartly ? ` (in ${matching.length} of ${outcomes.length} ${evidenceNouns[evidence]})` : ''),
  };
}

/** Every metric that a round has, or says why it has not, in the order of the definitions; others follow. */
function summarizeAll(
  measured: readonly Outcome[],
  { outcomes, metrics, rules }: { outcomes: readonly Outcome[]; metrics: readonly KnownMetric[]; rules: RoundRules },
): Record<string, Metric> {
  const own = metrics.filter(({ source }) => source === rules.source);
  const absent: Readonly<Record<string, string>> = Object.assign(
    {},
    ...outcomes.map((outcome) => outcome.absent),
  ) as Record<string, string>;
  const names = [...own.map(({ name }) => name), ...measured.flatMap(({ values }) => Object.keys(values))];
  const figures: Record<string, Metric> = {};
  const deriveLast = own.filter(({ derive }) => derive !== undefined);
  for (const name of new Set(names)) {
    const values = measured.flatMap(({ round, values: { [name]: value } }) =>
      value === undefined ? [] : [{ round, value }],
    );
    const definition = own.find((one) => one.name === name);
    if (values.length === 0 && absent[name] === undefined && definition?.derive === undefined) continue;
    const { unit, better } = definition ?? infoOf(name, []);
    // What some rounds lack, such as a percentile that they were too short for, would come from the other ones only.
    const isWhole = values.length > 0 && values.length === measured.length;
    figures[name] = {
      unit,
      better,
      values,
      ...(isWhole
        ? {
            summary: summarize(
              values.map(({ value }) => value),
              definition,
            ),
          }
        : {}),
      ...(absent[name] === undefined ? {} : { absent: absent[name] }),
    };
  }
  for (const { name, derive, unit, better } of deriveLast) {
    const value = derive?.((other) => figures[other]?.summary?.median ?? Number.NaN) ?? Number.NaN;
    if (Number.isNaN(value)) delete figures[name];
    else figures[name] = { unit, better, values: [], summary: { median: value } };
  }
  return figures;
}

/** @param definition absent for what has no file of its own, such as sizes by encoding. */
function summarize(values: readonly number[], definition: KnownMetric | undefined): Summary {
  const middle = definition?.summarize === 'maximum' ? Math.max(...values) : median(values);
  if (definition === undefined || definition.hasBounds === false) return { median: middle };
  // An event loop that was never late has zeros, which have no logarithm.
  const { lo, hi, confidence } = values.every((value) => value > 0) ? geometricInterval(values) : meanInterval(values);
  if (lo === undefined || hi === undefined || confidence === undefined) return { median: middle };
  // No metric is ever negative, whatever a symmetric interval around a few zeros says.
  return { median: middle, lo: Math.max(0, Math.min(lo, middle)), hi: Math.max(hi, middle), confidence };
}

/** One observation an input, the first one made; a warning tells where a later one differs. */
function mergeObservations(outcomes: readonly Outcome[]): Observation[] {
  const all = outcomes.flatMap(({ observations }) => observations ?? []);
  return [...groupBy(all, ({ input }) => input).values()].map(([first]) => first);
}

function sumFailures(outcomes: readonly Outcome[]): Cell['failures'] {
  const sums: Record<string, number> = {};
  for (const { failures } of outcomes) {
    for (const [kind, count] of Object.entries(failures)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

interface EvidenceRequest {
  readonly outcomes: readonly Outcome[];
  readonly rounds: readonly Round[];
  readonly figures: Readonly<Record<string, Metric>>;
  readonly rules: RoundRules;
}

function collectWarnings({ outcomes, rounds, figures, rules }: EvidenceRequest): Warning[] {
  const { evidence, noisyBy } = rules;
  const watched = noisyBy === undefined ? undefined : figures[noisyBy];
  const lost = groupBy(
    outcomes.filter(({ status }) => status !== 'ok'),
    ({ status, reason }) => JSON.stringify([status, reason]),
  );
  const told = groupBy(
    outcomes.flatMap(({ status, warnings }) => (status === 'ok' ? [...new Set(warnings)] : [])),
    (text) => text,
  );
  return [
    ...(watched === undefined ? [] : warnOfNoise(watched)),
    // Sizes and observations are exact, and one round is enough for them.
    ...(rounds.length === 0 ? [] : warnOfFewRounds(rounds.length, evidence)),
    ...[...lost.values()].map((own): Warning => {
      const [{ status, reason = noReason }] = own;
      return { code: 'lost-rounds', status, reason, rounds: own.length, of: outcomes.length, evidence };
    }),
    ...[...told].map(([text, { length: count }]): Warning => {
      return { code: 'told', text, rounds: { count, of: rounds.length, evidence } };
    }),
    ...findDifferences(outcomes, figures),
  ];
}

/** What has to be the same in every fork, since each one is given the same values, and is not. */
function findDifferences(outcomes: readonly Outcome[], figures: Readonly<Record<string, Metric>>): Warning[] {
  const sizes = figures['outputBytes']?.values.map(({ value }) => value) ?? [];
  const observed = groupBy(
    outcomes.flatMap(({ observations }) => observations ?? []),
    ({ input }) => input,
  );
  const unstable = [...observed].filter(([, all]) =>
    all.some(({ outcome, output }) => outcome !== all[0].outcome || output !== all[0].output),
  );
  return [
    ...(new Set(sizes).size > 1
      ? [{ code: 'size-differs' as const, least: Math.min(...sizes), most: Math.max(...sizes) }]
      : []),
    ...unstable.map(([input]): Warning => ({ code: 'output-differs', input })),
  ];
}
