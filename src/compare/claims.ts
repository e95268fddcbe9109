/**
 * Holds what others state about contenders against a run: the stated table measured again, and a verdict on each claim.
 *
 * A speed claim is read as "at least": what is faster than stated holds it, and is said to be more. A verdict needs a whole
 * interval on one side; sizes are exact and need none. "Grows with size" means that the ratio at the larger size is above
 * that at the smaller one, formed round by round. Deliberately absent: sentences, and any weighing of claims.
 */
import type { Cell } from '../model/cell.ts';
import type { Claim, ClaimSet } from '../model/claims.ts';
import { fewestForBounds, geometricInterval, type Interval } from '../stats/intervals.ts';
import { isTimed } from './cells.ts';
import { pairedSpeedup } from './speedup.ts';

/** `unmeasured` where the run has not got what the claim is about. */
export type ClaimVerdict = 'holds' | 'fails' | 'undecided' | 'unmeasured';

/** One line of the list of claims: a claim at one size, or as a whole where it is about several. */
export interface JudgedClaim {
  readonly claim: Claim;
  /** Absent where the claim is about sizes together. */
  readonly items?: number;
  readonly verdict: ClaimVerdict;
  /** Of `gain` and `grows`: a ratio, bounds where there are three rounds or more. Of `smaller`: a share without bounds. */
  readonly measured?: Interval;
  /** True where all of the interval lies above what is stated. */
  readonly isMore?: true;
  /** Why nothing was measured, where the run knows; also where a round is missing for an interval. */
  readonly reason?: string;
}

/** The stated table at one size and in one variant, measured here. */
export interface ClaimRow {
  readonly items: number;
  readonly variant: Cell['variant'];
  /** In the order: against, subject, then those beside; what was not measured has no time. */
  readonly times: readonly ClaimTime[];
  /** time(against) / time(subject). */
  readonly ratio?: Interval;
}

export interface ClaimTime {
  readonly contender: string;
  readonly latencyNs?: number;
  /** time(subject) / time(this contender); absent for the two that the claim compares. */
  readonly overSubject?: Interval;
  /** What became of a cell without a time. */
  readonly status?: Cell['status'];
}

export interface JudgedClaims {
  /** Ascending by items within a variant, text first; sizes of the run, whether stated or not. */
  readonly rows: readonly ClaimRow[];
  readonly claims: readonly JudgedClaim[];
}

/**
 * @param cells of one run; other suites and payloads than the claims' are ignored.
 * @param confidence in (0, 1); the project's default where left out.
 * @returns `undefined` where no contender of the claims has a cell on the payload: the run is about something else.
 */
export function judgeClaims(cells: readonly Cell[], set: ClaimSet, confidence?: number): JudgedClaims | undefined {
  const own = cells.filter(({ payload, sink }) => payload === set.payload && sink === 'bytes');
  const pairs = [set.table, ...set.claims];
  const names = (cell: Cell): boolean =>
    pairs.some(({ suite, subject, against }) => cell.suite === suite && [subject, against].includes(cell.contender));
  if (!own.some(names)) return undefined;
  const scope = { cells: own, confidence };
  return { rows: makeRows(scope, set), claims: set.claims.flatMap((claim) => judge(scope, claim)) };
}

/** Cells of the claims' payload, in both variants. */
interface Scope {
  readonly cells: readonly Cell[];
  readonly confidence: number | undefined;
}

function makeRows({ cells, confidence }: Scope, { table }: ClaimSet): ClaimRow[] {
  const { suite, subject, against, beside } = table;
  const inSuite = cells.filter((cell) => cell.suite === suite);
  return (['text', 'native'] as const).flatMap((variant) => {
    const ownVariant = inSuite.filter((cell) => cell.variant === variant);
    const compared = ownVariant.filter(({ contender }) => contender === subject || contender === against);
    const sizes = [...new Set(compared.map(({ items }) => items))].toSorted((a, b) => a - b);
    return sizes.map((items): ClaimRow => {
      const find = (contender: string): Cell | undefined =>
        ownVariant.find((cell) => cell.items === items && cell.contender === contender);
      const first = find(subject);
      const ratio = ratioOf(first, find(against), confidence);
      const others = beside.map((contender) =>
        describeTime(contender, find(contender), ratioOf(find(contender), first, confidence)),
      );
      const times = [describeTime(against, find(against)), describeTime(subject, first), ...others];
      return { items, variant, times, ...(ratio === undefined ? {} : { ratio }) };
    });
  });
}

function describeTime(contender: string, cell: Cell | undefined, overSubject?: Interval): ClaimTime {
  if (cell === undefined) return { contender };
  if (!isTimed(cell)) return { contender, status: cell.status };
  return { contender, latencyNs: cell.latencyNs.median, ...(overSubject === undefined ? {} : { overSubject }) };
}

/** time(against) / time(subject) where both were timed in a common round. */
function ratioOf(
  subject: Cell | undefined,
  against: Cell | undefined,
  confidence: number | undefined,
): Interval | undefined {
  if (subject === undefined || against === undefined || !isTimed(subject) || !isTimed(against)) return undefined;
  return pairedSpeedup({ subject, against }, confidence);
}

function judge(scope: Scope, claim: Claim): JudgedClaim[] {
  switch (claim.kind) {
    case 'gain':
      return claim.items.map((items) => judgeGain(scope, claim, items));
    case 'smaller':
      return judgeSizes(scope, claim);
    case 'grows':
      return [judgeGrowth(scope, claim)];
  }
}

/** Half of the last digit of a whole percent: what a page rounds away. */
export const rounding = 0.005;

function judgeGain(scope: Scope, claim: Claim & { kind: 'gain' }, items: number): JudgedClaim {
  const { subject, against } = findPair(scope, claim, items);
  const measured = ratioOf(subject, against, scope.confidence);
  if (measured === undefined) return { claim, items, verdict: 'unmeasured', ...explain(subject, against) };
  const least = 1 + claim.from - rounding;
  const { lo, hi } = measured;
  if (lo === undefined || hi === undefined)
    return { claim, items, verdict: 'undecided', measured, reason: tooFewRounds };
  const isMore = lo > 1 + claim.to + rounding ? { isMore: true as const } : {};
  return { claim, items, verdict: verdictOf({ lo, hi }, least), measured, ...isMore };
}

function judgeSizes(scope: Scope, claim: Claim & { kind: 'smaller' }): JudgedClaim[] {
  const ours = scope.cells.filter(
    ({ suite, variant, contender }) => suite === claim.suite && variant === 'text' && contender === claim.subject,
  );
  if (ours.length === 0) return [{ claim, verdict: 'unmeasured' }];
  return ours.map(({ items }): JudgedClaim => {
    const { subject, against } = findPair(scope, claim, items);
    if (subject?.outputBytes === undefined || against?.outputBytes === undefined)
      return { claim, items, verdict: 'unmeasured', ...explain(subject, against) };
    const share = 1 - subject.outputBytes / against.outputBytes;
    const isMore = share > claim.share + rounding ? { isMore: true as const } : {};
    return {
      claim,
      items,
      verdict: share >= claim.share - rounding ? 'holds' : 'fails',
      measured: { mean: share },
      ...isMore,
    };
  });
}

function judgeGrowth(scope: Scope, claim: Claim & { kind: 'grows' }): JudgedClaim {
  const [small, large] = claim.items.map((items) => findPair(scope, claim, items)) as [Pair, Pair];
  const growth = [small, large].map(({ subject, against }) => ratiosByRound(subject, against));
  const rounds = [...(growth[0] ?? [])].flatMap(([round, before]) => {
    const after = growth[1]?.get(round);
    return after === undefined ? [] : [after / before];
  });
  if (rounds.length === 0)
    return {
      claim,
      verdict: 'unmeasured',
      ...explain(small.subject, small.against),
      ...explain(large.subject, large.against),
    };
  const measured = geometricInterval(rounds, scope.confidence);
  const { lo, hi } = measured;
  if (lo === undefined || hi === undefined) return { claim, verdict: 'undecided', measured, reason: tooFewRounds };
  return { claim, verdict: verdictOf({ lo, hi }, 1), measured };
}

/** Why there is no verdict without bounds. */
export const tooFewRounds: string = `fewer than ${fewestForBounds} rounds allow no interval`;

/** Bounds that touch the least value hold nothing either way. */
export function verdictOf({ lo, hi }: { lo: number; hi: number }, least: number): ClaimVerdict {
  if (lo > least) return 'holds';
  return hi < least ? 'fails' : 'undecided';
}

interface Pair {
  readonly subject: Cell | undefined;
  readonly against: Cell | undefined;
}

function findPair({ cells }: Scope, { suite, subject, against }: Claim, items: number): Pair {
  const find = (contender: string): Cell | undefined =>
    cells.find(
      (cell) => cell.suite === suite && cell.variant === 'text' && cell.items === items && cell.contender === contender,
    );
  return { subject: find(subject), against: find(against) };
}

/** time(against) / time(subject) of each round that both were timed in. */
function ratiosByRound(subject: Cell | undefined, against: Cell | undefined): Map<number, number> {
  if (subject === undefined || against === undefined || !isTimed(subject) || !isTimed(against)) return new Map();
  const times = new Map(against.forks.map(({ round, latencyNs }) => [round, latencyNs]));
  return new Map(
    subject.forks.flatMap(({ round, latencyNs }): [number, number][] => {
      const other = times.get(round);
      return other === undefined ? [] : [[round, other / latencyNs]];
    }),
  );
}

/** Why a pair has no figures, in the words of a cell that was planned and came to nothing. */
function explain(...cells: readonly (Cell | undefined)[]): { reason?: string } {
  const broken = cells.find((cell) => cell !== undefined && cell.status !== 'ok');
  return broken === undefined
    ? {}
    : { reason: `${broken.contender} is ${broken.status}: ${broken.reason ?? 'no reason was given'}` };
}
