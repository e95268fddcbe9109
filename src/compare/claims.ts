/**
 * Holds what others state about contenders against the cells of a run: a verdict on each claim.
 *
 * A claim is read as "at least": what is beyond the stated share holds it, and is said to be more. A verdict needs a
 * whole interval on one side; what is exact, such as a size, needs none. "Grows with size" means that the ratio at the
 * larger size is above that at the smaller one, formed round by round.
 */
import type { Cell, CellId } from '../model/cell.ts';
import type { Claim } from '../model/claims.ts';
import type { MetricInfo } from '../model/metric.ts';
import { fewestForBounds, geometricInterval, type Interval } from '../stats/intervals.ts';
import { medianOf } from './cells.ts';
import { infoOf } from './metrics.ts';
import { boundRatio, formRatios, pairRounds, quote, usualSpreadOf } from './ratios.ts';

/** `unmeasured` where the run has not got what the claim is about. */
export type ClaimVerdict = 'holds' | 'fails' | 'undecided' | 'unmeasured';

/** One line of the list of claims: a claim at one size, or as a whole where sizes are no part of it. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly items?: number;
  readonly verdict: ClaimVerdict;
  /**
   * The metric's ratio, of `grows` that of two ratios; bounds where there are three rounds or more, none for what is
   * exact.
   */
  readonly measured?: Interval;
  /** True where all of the interval lies above what is stated. */
  readonly isMore?: true;
  /** Why nothing was measured, where the run knows; also where a round is missing for an interval. */
  readonly reason?: string;
}

export interface ClaimsRequest {
  /** Of one kind; suites and places that no claim is about are ignored. */
  readonly cells: readonly Cell[];
  readonly claims: readonly Claim[];
  /** What the metrics of that kind are. */
  readonly metrics: readonly MetricInfo[];
  /** Which of several cells of one contender at one place count, e.g. those of one load; all where left out. */
  readonly choose?: (cells: readonly Cell[]) => readonly Cell[];
}

/** A line a claim and size, in their order. */
export function judgeClaims(request: ClaimsRequest): JudgedClaim[] {
  return request.claims.flatMap((claim) => judge(request, claim));
}

/** Whether the subject of any claim has a cell; else the run is about something else. */
export function hasSubject({ cells, claims }: Pick<ClaimsRequest, 'cells' | 'claims'>): boolean {
  return claims.some((claim) => cells.some(({ id }) => isAt(id, claim) && id.contender === claim.subject));
}

/** A ratio as the claim has it: 1.47 is 47% more, 0.67 is 33% less; the lower bound first. */
export function sharesOf(
  { mean, lo, hi }: Interval,
  { change }: Pick<Claim, 'change'>,
): { readonly share: number; readonly lo?: number; readonly hi?: number } {
  const of = (ratio: number): number => (change === 'less' ? 1 - ratio : ratio - 1);
  if (lo === undefined || hi === undefined) return { share: of(mean) };
  const [low, high] = change === 'less' ? [of(hi), of(lo)] : [of(lo), of(hi)];
  return { share: of(mean), lo: low, hi: high };
}

function isAt(id: CellId, { suite, at }: Claim): boolean {
  const parts: Readonly<Record<string, unknown>> = { ...id };
  return id.suite === suite && Object.entries(at).every(([part, value]) => parts[part] === value);
}

function judge(request: ClaimsRequest, claim: Claim): JudgedClaim[] {
  const own = request.cells.filter(({ id }) => isAt(id, claim));
  if (claim.change === 'grows') return [judgeGrowth({ ...request, cells: own }, claim)];
  const itemsOf = ({ id }: Cell): number | undefined => ('items' in id ? (id.items as number) : undefined);
  const measured = own.filter(({ id }) => id.contender === claim.subject).map(itemsOf);
  const sizes = claim.items ?? [...new Set(measured)];
  if (sizes.length === 0) return [{ claim, verdict: 'unmeasured' }];
  return sizes.map((items) => {
    const here = own.filter((cell) => itemsOf(cell) === items);
    const judged = judgeChange({ ...request, cells: request.choose?.(here) ?? here }, claim);
    return { claim, ...(items === undefined ? {} : { items }), ...judged };
  });
}

type Judgement = Omit<JudgedClaim, 'claim' | 'items'>;

function judgeChange(
  { cells, metrics }: Pick<ClaimsRequest, 'cells' | 'metrics'>,
  claim: Claim & { readonly change: 'more' | 'less' },
): Judgement {
  const pair = findPair(cells, claim);
  const info = infoOf(claim.metric, metrics);
  const ratio = ratioBetween(pair, claim, info);
  if (ratio === undefined) return { verdict: 'unmeasured', ...explain(pair, claim.metric) };
  // "At all" states no percent that could have been rounded.
  const least = claim.from === 0 ? 0 : claim.from - rounding;
  const isBeyond = (share: number): { isMore?: true } =>
    claim.to !== undefined && share > claim.to + rounding ? { isMore: true } : {};
  const { share, lo, hi } = sharesOf(ratio, claim);
  if (info.ratio === undefined)
    return { verdict: share >= least ? 'holds' : 'fails', measured: ratio, ...isBeyond(share) };
  if (lo === undefined || hi === undefined) return { verdict: 'undecided', measured: ratio, reason: tooFewRounds };
  return { verdict: verdictOf({ lo, hi }, least), measured: ratio, ...isBeyond(lo) };
}

function judgeGrowth(
  { cells, metrics }: Pick<ClaimsRequest, 'cells' | 'metrics'>,
  claim: Claim & { readonly change: 'grows' },
): JudgedClaim {
  const info = infoOf(claim.metric, metrics);
  const pairs = claim.items.map((items) =>
    findPair(
      cells.filter(({ id }) => 'items' in id && id.items === items),
      claim,
    ),
  );
  const [before, after] = pairs.map((pair) => new Map(ratiosByRound(pair, info)));
  const growth = [...(before ?? [])].flatMap(([round, ratio]) => {
    const later = after?.get(round);
    return later === undefined ? [] : [later / ratio];
  });
  if (growth.length === 0)
    return { claim, verdict: 'unmeasured', ...Object.assign({}, ...pairs.map((pair) => explain(pair, claim.metric))) };
  const measured = geometricInterval(growth);
  const { lo, hi } = measured;
  if (lo === undefined || hi === undefined) return { claim, verdict: 'undecided', measured, reason: tooFewRounds };
  return { claim, verdict: verdictOf({ lo, hi }, 1), measured };
}

/** Half of the last digit of a whole percent: what a page rounds away. */
const rounding = 0.005;

/** Why there is no verdict without bounds. */
const tooFewRounds = `fewer than ${fewestForBounds} rounds allow no interval`;

/** Bounds that touch the least value hold nothing either way. */
function verdictOf({ lo, hi }: { lo: number; hi: number }, least: number): ClaimVerdict {
  if (lo > least) return 'holds';
  return hi < least ? 'fails' : 'undecided';
}

interface CellPair {
  readonly subject: Cell | undefined;
  readonly against: Cell | undefined;
}

function findPair(cells: readonly Cell[], { subject, against }: Claim): CellPair {
  const find = (contender: string): Cell | undefined => cells.find(({ id }) => id.contender === contender);
  return { subject: find(subject), against: find(against) };
}

/**
 * The ratio that the cell has already, or the same formed between these two; of what has no ratios that of the medians.
 */
function ratioBetween({ subject, against }: CellPair, claim: Claim, info: MetricInfo): Interval | undefined {
  const own = subject?.metrics[info.name]?.ratio;
  if (own !== undefined && own.reference === claim.against) {
    return toInterval({ ...own, mean: own.ratio });
  }
  if (subject?.status !== 'ok' || against?.status !== 'ok') return undefined;
  if (info.ratio === undefined) {
    const [value, other] = [medianOf(subject, info.name), medianOf(against, info.name)];
    return value === undefined || other === undefined ? undefined : { mean: value / other };
  }
  const ratios = formRatios(pairRounds({ subject, against }, info.name), info);
  return ratios && toInterval(boundRatio(ratios, usualSpreadOf({ subject, against }, info.name)));
}

/** Without what it rests on. */
function toInterval({ mean, lo, hi, confidence }: Interval): Interval {
  return lo === undefined || hi === undefined || confidence === undefined ? { mean } : { mean, lo, hi, confidence };
}

/** The metric's ratio in each round that both were measured in. */
function ratiosByRound({ subject, against }: CellPair, info: MetricInfo): [round: number, ratio: number][] {
  if (subject?.status !== 'ok' || against?.status !== 'ok') return [];
  return pairRounds({ subject, against }, info.name).map((pair) => {
    const { numerator, denominator } = quote(pair, info);
    return [pair.round, numerator / denominator];
  });
}

/** Why a pair has no figures, in the words of a cell that was planned and came to nothing, or of its metric. */
function explain({ subject, against }: CellPair, metric: string): { reason?: string } {
  const cells = [subject, against].filter((cell) => cell !== undefined);
  const broken = cells.find(({ status }) => status !== 'ok');
  if (broken !== undefined)
    return { reason: `${broken.id.contender} is ${broken.status}: ${broken.reason ?? 'no reason was given'}` };
  const absent = cells.flatMap(({ metrics }) => metrics[metric]?.absent ?? [])[0];
  return absent === undefined ? {} : { reason: absent };
}
