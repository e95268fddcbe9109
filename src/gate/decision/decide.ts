/**
 * The decision of the gate: a pure function of what the duets of two sides recorded.
 *
 * Screen, then confirm: a first look at every cell names suspects, and fresh duets alone decide on those, so that the
 * look which raised a suspicion never counts as its proof. Those are looked at several times (looks.ts), and the verdict
 * is that of the last look.
 */
import { cellKey } from '../../compare/cells.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Change, GateCell, GateSession, Verdict } from '../../model/gate.ts';
import { meanInterval } from '../../stats/intervals.ts';
import { judgeCount, toCountChange } from './counts.ts';
import type { CellEvidence, CellReading } from './evidence.ts';
import { readCell, smallestDetectable } from './evidence.ts';
import { levelOfLook } from './looks.ts';
import type { CellVerdict } from './statuses.ts';
import type { TimeSession } from './time.ts';
import { findSignificant, isTestable, judgeTime, shownConfidence } from './time.ts';

/**
 * The verdict of every cell, most severe first.
 *
 * A suspect without `confirm` duets is never a plain pass: a possible slowdown or an unclear cell is inconclusive. A
 * possible improvement passes with a reason that says so, since no exit code may depend on whether there was time for
 * it.
 * @param request.falseAlarmRate chance, at most, that a session fails in which no cell is slower than its tolerance;
 *   in (0, 0.5). It is shared by all confirmed cells, for improvements once more.
 * @param request.looks duets of a suspect at each look at it, since every look that can fail it takes its share of the
 *   false-alarm rate; a single look at everything unless given.
 * @param request.unconfirmed suspects for which no time was left, of any kind; their reasons say so.
 * @throws {RangeError} for a rate outside (0, 0.5).
 */
export function decide(request: {
  cells: readonly CellEvidence[];
  falseAlarmRate: number;
  looks?: readonly number[];
  unconfirmed?: readonly MicroCellId[];
}): GateCell[] {
  const { cells, falseAlarmRate, looks = [], unconfirmed = [] } = request;
  if (!(falseAlarmRate > 0 && falseAlarmRate < 0.5)) {
    throw new RangeError(`a false-alarm rate must lie between 0 and 0.5, not ${falseAlarmRate}`);
  }
  const level = levelOfLook(looks, falseAlarmRate);
  const known = cells.map(readCell);
  const session: TimeSession = {
    level,
    slower: findSignificant({ cells: known, level, sign: 1 }),
    faster: findSignificant({ cells: known, level, sign: -1 }),
    confirmed: known.filter(isTestable).length,
    unconfirmed: new Set(unconfirmed.map(cellKey)),
  };
  return known.map((cell) => assembleCell(cell, cell.decided ?? judgeTime(cell, session))).toSorted(bySeverity);
}

/** The worst that any cell says; `new`, `gone` and `unmeasured` fail no session, and neither does one without cells. */
export function verdictOfSession(cells: readonly GateCell[]): GateSession['verdict'] {
  const severities = ['regression', 'failed', 'inconclusive'] as const;
  return severities.find((severity) => cells.some(({ verdict }) => verdict === severity)) ?? 'pass';
}

/** Most severe first. */
const severity: readonly Verdict[] = [
  'regression',
  'failed',
  'inconclusive',
  'gone',
  'new',
  'unmeasured',
  'improvement',
  'pass',
];

function assembleCell(cell: CellReading, main: CellVerdict): GateCell {
  const { evidence, stage, logRatios, nullLogRatios, outputBytes, allocations, failedForks } = cell;
  const counts = [...judgeCount('output', outputBytes), ...judgeCount('allocations an operation', allocations)];
  // Where the statuses decide, too few duets have counts on both sides to add to it.
  const judged = cell.decided === undefined ? [main, ...counts] : [main];
  const verdict = severity.find((candidate) => judged.some((each) => each.verdict === candidate)) ?? main.verdict;
  const reasons = judged.filter((each) => each.verdict === verdict).map(({ reason }) => reason);
  if (failedForks !== undefined && cell.decided === undefined) reasons.push(failedForks);
  const detectable = smallestDetectable(logRatios);
  return {
    cell: evidence.cell,
    verdict,
    reason: reasons.join('; '),
    stage,
    tolerance: evidence.tolerance,
    ...(logRatios.length > 0 && { time: toChange(logRatios) }),
    ...(nullLogRatios.length > 0 && { nullArm: toChange(nullLogRatios) }),
    ...(Number.isFinite(detectable) && { detectable }),
    ...(outputBytes !== undefined && { outputBytes: toCountChange(outputBytes) }),
    ...(allocations !== undefined && { allocations: toCountChange(allocations) }),
    duets: evidence.duets,
  };
}

function toChange(logRatios: readonly number[]): Change {
  const { mean, lo, hi } = meanInterval(logRatios, shownConfidence);
  if (lo === undefined || hi === undefined) return { value: Math.expm1(mean) };
  return { value: Math.expm1(mean), lo: Math.expm1(lo), hi: Math.expm1(hi), confidence: shownConfidence };
}

/** By verdict; inside one, what changed most in its direction comes first. */
function bySeverity(a: GateCell, b: GateCell): number {
  const rank = severity.indexOf(a.verdict) - severity.indexOf(b.verdict);
  if (rank !== 0) return rank;
  const slowest = (b.time?.value ?? 0) - (a.time?.value ?? 0);
  return a.verdict === 'improvement' ? -slowest : slowest;
}
