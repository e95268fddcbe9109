/**
 * How many fresh duets a suspect needs: it is looked at after a few, and again after more, until it is settled.
 *
 * Most suspects are told from twice the tolerance by a few duets, and some need many; giving all of them as many as the
 * worst one needs takes longer than anybody waits.
 */
import type { Duet } from '../../model/gate.ts';
import { testMeanAbove } from '../../stats/significance.ts';
import type { CellEvidence } from './evidence.ts';
import { average, readCell } from './evidence.ts';
import { describeStrayingNull, isNearlyUnchanged, isTestable, provesChange } from './time.ts';

/**
 * What each look may use up of the false-alarm rate, so that all of them together keep it: an equal share for each look
 * that has duets enough to fail anything. n duets allow no p value of the sign-flip test below 2^-n, so that the first
 * looks may be too short for that, and cost nothing.
 * @param looks duets at each of them; empty for a decision on everything at once.
 * @returns in (0, falseAlarmRate].
 */
export function levelOfLook(looks: readonly number[], falseAlarmRate: number): number {
  for (let shares = 1; shares < looks.length; shares += 1) {
    const level = falseAlarmRate / shares;
    if (looks.filter((duets) => 2 ** -duets <= level).length <= shares) return level;
  }
  return falseAlarmRate / Math.max(1, looks.length);
}

/**
 * Whether a look decides a cell, so that more duets would be a waste: its time has changed for sure, or reads within the
 * tolerance and surely within twice of it, in either direction; and its counts have risen in so many duets, or so few, that they are
 * decided too.
 * @param request.level of one look. @param request.confirmed how many cells fresh duets decide on; at least 1.
 */
export function isSettled(request: { cell: CellEvidence; level: number; confirmed: number }): boolean {
  const { level, confirmed } = request;
  const cell = readCell(request.cell);
  if (cell.decided !== undefined) return true;
  if (!isTestable(cell)) return false;
  if (cell.outputBytes?.unsettled === true || cell.allocations?.unsettled === true) return false;
  const isProven = ([1, -1] as const).some((sign) => {
    const values = cell.logRatios.map((value) => sign * value);
    const pValue = Math.min(1, confirmed * testMeanAbove(values, cell.bound));
    return provesChange({ cell, sign, pValue, level });
  });
  if (isProven) return true;
  // Beyond the tolerance, if by less than twice of it, more duets may prove a change yet.
  const isWithin = Math.abs(average(cell.logRatios)) <= cell.bound && isNearlyUnchanged(cell);
  return isWithin && describeStrayingNull(cell, confirmed) === undefined;
}

/**
 * A suspect with fresh duets, look by look, until it is settled or has had its last look.
 * @param request.draw so many fresh duets, numbered from `from` up to and without `to`.
 */
export function confirmSuspect(request: {
  screen: CellEvidence;
  looks: readonly number[];
  level: number;
  confirmed: number;
  draw: (from: number, to: number) => readonly Duet[];
}): CellEvidence {
  const { screen, looks, level, confirmed, draw } = request;
  const duets = [...screen.duets];
  let from = 0;
  for (const to of looks) {
    duets.push(...draw(from, to));
    if (isSettled({ cell: { ...screen, duets }, level, confirmed })) break;
    from = to;
  }
  return { ...screen, duets };
}
