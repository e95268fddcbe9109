/**
 * What the statuses of the two sides decide, before any time is looked at.
 */
import type { Duet, DuetSide, Verdict } from '../../model/gate.ts';
import { countDuets } from './wording.ts';

/** What one rule says of a cell. */
export interface CellVerdict {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** How a side that lacks the contender, payload or suite words it; the cell is then absent rather than broken. */
const absence = /^no such contender\b/;

/** What the statuses decide; undefined where both sides can be compared, or where nothing was recorded. */
export function judgeStatuses(duets: readonly Duet[]): CellVerdict | undefined {
  const before = settleStatus(duets.map(({ baseline }) => baseline));
  const after = settleStatus(duets.map(({ candidate }) => candidate));
  // A wrong output is never chance: one duet of the candidate that has it is enough.
  const wrong = duets.find(({ candidate }) => candidate.status === 'incorrect')?.candidate;
  if (wrong !== undefined && before.status === 'ok')
    return { verdict: 'regression', reason: `wrong output: ${explain(wrong)}` };
  if (before.status === 'ok' && after.status === 'ok') return undefined;
  if (after.status === 'ok')
    return { verdict: 'new', reason: `no baseline to compare with: ${before.status}: ${explain(before)}` };
  if (before.status !== 'ok') {
    // What the baseline could not do either is no change, whatever the two reasons are.
    return {
      verdict: 'unmeasured',
      reason: `neither side can be measured: baseline ${before.status}: ${explain(before)}; candidate ${after.status}: ${explain(after)}`,
    };
  }
  // A library that no longer loads is broken; a cell that the candidate does not have, or declines, is gone.
  const gone = after.status === 'unsupported' || (after.status === 'unavailable' && absence.test(after.reason ?? ''));
  return gone
    ? { verdict: 'gone', reason: `the candidate has no such cell: ${explain(after)}` }
    : { verdict: 'failed', reason: `the candidate could not be measured: ${after.status}: ${explain(after)}` };
}

/** The side as most of its duets have it: ok unless more than half are not, else the first of those. */
function settleStatus(sides: readonly DuetSide[]): DuetSide {
  const faulty = sides.filter(({ status }) => status !== 'ok');
  return faulty.length * 2 > sides.length ? (faulty[0] as DuetSide) : { status: 'ok' };
}

function explain(side: DuetSide): string {
  return side.reason ?? 'no reason given';
}

export function isMeasured(duet: Duet): boolean {
  return duet.baseline.status === 'ok' && duet.candidate.status === 'ok';
}

export function describeFailedForks(duets: readonly Duet[]): string | undefined {
  const faulty = duets.filter((duet) => !isMeasured(duet));
  const first = faulty[0];
  if (first === undefined) return undefined;
  const side = first.candidate.status === 'ok' ? first.baseline : first.candidate;
  return `${faulty.length} of ${countDuets(duets.length)} not measured: ${explain(side)}`;
}
