/**
 * Holds what others state of a gateway under load against a run over HTTP: a verdict a claim.
 *
 * A claim is read as "at least", as those about micro-benchmarks are: the whole interval has to lie on one side of what is
 * stated, and what is beyond the upper end is said to be more. Judged is the scenario's headline load. Deliberately absent:
 * sentences.
 */
import type { HttpCell, HttpResults } from '../model/http.ts';
import type { HttpClaim } from '../model/claims.ts';
import { type ClaimVerdict, tooFewRounds, rounding, verdictOf } from './claims.ts';
import { ratioOf, takeHeadline } from './http-cells.ts';

export interface JudgedHttpClaim {
  readonly claim: HttpClaim;
  readonly verdict: ClaimVerdict;
  /** Share by which the metric is more, or less, than the reference's, as the claim has it; 0.47 for 47%. */
  readonly measured?: { readonly share: number; readonly lo?: number; readonly hi?: number };
  /** True where all of the interval lies above what is stated. */
  readonly isMore?: true;
  /** Why nothing was measured, where the run knows; also where a round is missing for an interval. */
  readonly reason?: string;
}

/**
 * A line a claim, in their order.
 * @returns an empty list where no claim is about anything that the run has a cell of: it is about something else.
 */
export function judgeHttpClaims(http: HttpResults, claims: readonly HttpClaim[]): JudgedHttpClaim[] {
  const isAbout = ({ suite, scenario, subject }: HttpClaim): boolean =>
    http.cells.some((cell) => cell.suite === suite && cell.scenario === scenario && cell.contender === subject);
  return claims.some(isAbout) ? claims.map((claim) => judge(http, claim)) : [];
}

function judge({ cells, suites }: HttpResults, claim: HttpClaim): JudgedHttpClaim {
  const own = takeHeadline(cells.filter(({ suite, scenario }) => suite === claim.suite && scenario === claim.scenario));
  const subject = own.find(({ contender }) => contender === claim.subject);
  const ratio = subject === undefined ? undefined : ratioOf(subject, claim.metric);
  if (ratio === undefined) {
    const against = suites.find(({ id }) => id === claim.suite)?.reference;
    return {
      claim,
      verdict: 'unmeasured',
      ...explain([subject, own.find(({ contender }) => contender === against)], claim),
    };
  }
  const { lo, hi } = ratio;
  if (lo === undefined || hi === undefined) {
    return { claim, verdict: 'undecided', measured: { share: shareOf(ratio.ratio, claim) }, reason: tooFewRounds };
  }
  const [low, high] = [shareOf(lo, claim), shareOf(hi, claim)].toSorted((a, b) => a - b) as [number, number];
  // "Better at all" states no percent that could have been rounded.
  const least = claim.from === 0 ? 0 : claim.from - rounding;
  const isMore = claim.to !== undefined && low > claim.to + rounding ? { isMore: true as const } : {};
  return {
    claim,
    verdict: verdictOf({ lo: low, hi: high }, least),
    measured: { share: shareOf(ratio.ratio, claim), lo: low, hi: high },
    ...isMore,
  };
}

/** 1.47 is 47% more, 0.67 is 33% less. */
function shareOf(ratio: number, { change }: HttpClaim): number {
  return change === 'more' ? ratio - 1 : 1 - ratio;
}

function explain(cells: readonly (HttpCell | undefined)[], { metric }: HttpClaim): { reason?: string } {
  const broken = cells.find((cell) => cell !== undefined && cell.status !== 'ok');
  if (broken !== undefined)
    return { reason: `${broken.contender} is ${broken.status}: ${broken.reason ?? 'no reason was given'}` };
  const absent = cells.flatMap((cell) => cell?.absent[metric] ?? [])[0];
  return absent === undefined ? {} : { reason: absent };
}
