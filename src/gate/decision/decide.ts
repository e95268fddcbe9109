/**
 * The decision of the gate: a pure function of what the forks of two sides recorded.
 *
 * Screen, then confirm: a first look at every cell names suspects, and fresh forks alone decide on those, so that the
 * look which raised a suspicion never counts as its proof. A fork gives one value; blocks are not seen here.
 * Deliberately absent: running anything, the clock, chance, files, and rerunning until the answer is another one.
 */
import type { CellId } from '../../model/cell.ts';
import type {
  Change,
  CountChange,
  Duet,
  DuetSide,
  GateCell,
  GateSession,
  GateStage,
  Tolerance,
  Verdict,
} from '../../model/gate.ts';
import { median } from '../../stats/center.ts';
import { meanInterval } from '../../stats/intervals.ts';
import { detectableChange } from '../../stats/power.ts';
import { adjustByHolm, testBySignFlips, testMeanAbove } from '../../stats/significance.ts';

/** Everything recorded of one cell, both stages in one list, in any order. */
export interface CellEvidence {
  readonly cell: CellId;
  readonly tolerance: Tolerance;
  readonly duets: readonly Duet[];
}

/** A cell that needs fresh forks. */
export interface Suspect {
  readonly cell: CellId;
  /** A possible slowdown, too little evidence to say, or a possible improvement. */
  readonly kind: 'slower' | 'unclear' | 'faster';
  /** In [0, 3], more is sooner: above 2 for a slowdown, from 1 to 2 for unclear, below for an improvement. */
  readonly urgency: number;
  /** One sentence without a full stop. */
  readonly reason: string;
}

/**
 * Cells whose first look calls for fresh forks, most urgent first.
 *
 * The bar is half of the tolerance: a slowdown missed here is missed for good, a false suspect costs only time. For an
 * improvement, which no exit code depends on, it is the whole tolerance. Cells
 * whose statuses decide already (wrong output, no baseline) are no suspects. Looks at `screen` duets only.
 * @param cells any order; empty gives empty.
 */
export function findSuspects(cells: readonly CellEvidence[]): Suspect[] {
  return cells.flatMap((evidence) => suspectCell(evidence) ?? []).toSorted((a, b) => b.urgency - a.urgency);
}

/**
 * The verdict of every cell, most severe first.
 *
 * A suspect without `confirm` forks is never a plain pass: a possible slowdown or an unclear cell is inconclusive. A
 * possible improvement passes with a reason that says so, since no exit code may depend on whether there was time for it.
 * @param request.falseAlarmRate chance, at most, that a session fails in which no cell is slower than its tolerance;
 *   in (0, 0.5). It is shared by all confirmed cells, for improvements once more.
 * @param request.unconfirmed suspects for which no time was left, of any kind; their reasons say so.
 * @throws {RangeError} for a rate outside (0, 0.5).
 */
export function decide(request: {
  cells: readonly CellEvidence[];
  falseAlarmRate: number;
  unconfirmed?: readonly CellId[];
}): GateCell[] {
  const { cells, falseAlarmRate, unconfirmed = [] } = request;
  if (!(falseAlarmRate > 0 && falseAlarmRate < 0.5)) {
    throw new RangeError(`a false-alarm rate must lie between 0 and 0.5, not ${falseAlarmRate}`);
  }
  const known = cells.map(readCell);
  const session: TimeSession = {
    falseAlarmRate,
    slower: findSignificant({ cells: known, falseAlarmRate, sign: 1 }),
    faster: findSignificant({ cells: known, falseAlarmRate, sign: -1 }),
    confirmed: known.filter(isTestable).length,
    unconfirmed: new Set(unconfirmed.map(identify)),
  };
  return known.map((cell) => assembleCell(cell, cell.decided ?? judgeTime(cell, session))).toSorted(bySeverity);
}

/** The worst that any cell says; `new`, `gone` and `unmeasured` fail no session, and neither does one without cells. */
export function verdictOfSession(cells: readonly GateCell[]): GateSession['verdict'] {
  const severities = ['regression', 'failed', 'inconclusive'] as const;
  return severities.find((severity) => cells.some(({ verdict }) => verdict === severity)) ?? 'pass';
}

// ---------------------------------------------------------------------------------------------------------------
// Reading the forks of a cell
// ---------------------------------------------------------------------------------------------------------------

interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** The counts that one change of a cell is judged by. */
interface CountFinding extends CountChange {
  /** Whether forks rose beyond the tolerance, and too few to say: any of an exact count, half of one that wobbles. */
  readonly unsettled: boolean;
}

/** A cell with everything taken from its duets that more than one rule needs. */
interface ReadCell {
  readonly evidence: CellEvidence;
  readonly stage: GateStage;
  /** What the statuses of the sides decide, before any time is looked at. */
  readonly decided: Finding | undefined;
  /** ln(candidate / baseline) of the forks that decide, and of the null arm beside them. */
  readonly logRatios: readonly number[];
  readonly nullLogRatios: readonly number[];
  /** ln(1 + tolerance in time). */
  readonly bound: number;
  readonly outputBytes: CountFinding | undefined;
  readonly allocations: CountFinding | undefined;
  /** What a reader must know beside the verdict: forks that failed among others that did not. */
  readonly aside: string | undefined;
}

/** What the verdict on one cell's time takes from the whole session; cells are named by their identity. */
interface TimeSession {
  readonly falseAlarmRate: number;
  readonly slower: ReadonlySet<string>;
  readonly faster: ReadonlySet<string>;
  /** How many cells fresh forks decide on. */
  readonly confirmed: number;
  readonly unconfirmed: ReadonlySet<string>;
}

/** Below this, a rise in allocations is no finding: less than a small object an operation, which inlining moves. */
const smallestAllocationRise = 64;
/** Allocations wobble with what the compiler optimised away, so that the few forks of a first look never decide. */
const fewestAllocationForks = 8;
/** Share of the forks that have to show a change in allocations: single ones may be odd, in either direction. */
const mostAllocationForks = 0.9;

function readCell(evidence: CellEvidence): ReadCell {
  const confirmed = evidence.duets.filter(({ stage }) => stage === 'confirm');
  const deciding = confirmed.length > 0 ? confirmed : evidence.duets;
  const measured = evidence.duets.filter(isMeasured);
  return {
    evidence,
    stage: confirmed.length > 0 ? 'confirm' : 'screen',
    decided: judgeStatuses(evidence.duets),
    logRatios: takeValues(deciding, 'logRatio'),
    nullLogRatios: takeValues(deciding, 'nullLogRatio'),
    bound: Math.log1p(evidence.tolerance.time),
    outputBytes: compareCounts({
      duets: measured,
      measure: 'outputBytes',
      tolerance: evidence.tolerance.outputBytes,
      smallestRise: 0,
      fewestForks: 1,
      mostForks: 1,
    }),
    allocations: compareCounts({
      duets: measured,
      measure: 'allocatedBytesPerOp',
      tolerance: evidence.tolerance.allocations,
      smallestRise: smallestAllocationRise,
      fewestForks: fewestAllocationForks,
      mostForks: mostAllocationForks,
    }),
    aside: describeFailedForks(evidence.duets),
  };
}

/** Equal exactly where all six parts are equal. */
function identify(cell: CellId): string {
  return JSON.stringify([cell.suite, cell.contender, cell.payload, cell.items, cell.variant, cell.sink]);
}

function isMeasured(duet: Duet): boolean {
  return duet.baseline.status === 'ok' && duet.candidate.status === 'ok';
}

function takeValues(duets: readonly Duet[], measure: 'logRatio' | 'nullLogRatio'): number[] {
  return duets.flatMap((duet) => {
    const value = duet[measure];
    return isMeasured(duet) && value !== undefined && Number.isFinite(value) ? [value] : [];
  });
}

/**
 * Compares a near-exact count: a change has to show in all forks or nearly all of them, and then needs no test.
 * @returns undefined where no fork has the count on both sides.
 */
function compareCounts(request: {
  duets: readonly Duet[];
  measure: 'outputBytes' | 'allocatedBytesPerOp';
  tolerance: number;
  smallestRise: number;
  fewestForks: number;
  /** Share of the forks that have to show the change. */
  mostForks: number;
}): CountFinding | undefined {
  const { duets, measure, tolerance, smallestRise, fewestForks, mostForks } = request;
  const pairs = duets.flatMap(({ baseline, candidate }) => {
    const before = baseline[measure];
    const after = candidate[measure];
    return before === undefined || after === undefined ? [] : [{ before, after }];
  });
  if (pairs.length === 0) return undefined;
  const rises = pairs.filter(
    ({ before, after }) => after - before >= smallestRise && share(before, after) > tolerance,
  ).length;
  const falls = pairs.filter(
    ({ before, after }) => before - after >= smallestRise && share(before, after) < -tolerance,
  ).length;
  const enough = pairs.length >= fewestForks;
  const needed = mostForks * pairs.length;
  const baseline = median(pairs.map(({ before }) => before));
  const candidate = median(pairs.map(({ after }) => after));
  const risen = enough && rises >= needed;
  const fallen = enough && falls >= needed;
  return {
    baseline,
    candidate,
    change: share(baseline, candidate),
    verdict: risen ? 'regression' : fallen ? 'improvement' : 'pass',
    unsettled: rises > 0 && rises >= (mostForks === 1 ? 0 : pairs.length / 2) && !risen,
  };
}

/** Change as a share; a count below one byte is taken as one, so that the share of none exists. */
function share(before: number, after: number): number {
  return (after - before) / Math.max(before, 1);
}

// ---------------------------------------------------------------------------------------------------------------
// Statuses
// ---------------------------------------------------------------------------------------------------------------

/** How a side that lacks the contender, payload or suite words it; the cell is then absent rather than broken. */
const absence = /^no such contender\b/;

/** What the statuses decide; undefined where both sides can be compared, or where nothing was recorded. */
function judgeStatuses(duets: readonly Duet[]): Finding | undefined {
  const before = settleStatus(duets.map(({ baseline }) => baseline));
  const after = settleStatus(duets.map(({ candidate }) => candidate));
  // A wrong output is never chance: one fork of the candidate that has it is enough.
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

/** The side as most of its forks have it: ok unless more than half are not, else the first of those. */
function settleStatus(sides: readonly DuetSide[]): DuetSide {
  const faulty = sides.filter(({ status }) => status !== 'ok');
  return faulty.length * 2 > sides.length ? (faulty[0] as DuetSide) : { status: 'ok' };
}

function explain(side: DuetSide): string {
  return side.reason ?? 'no reason given';
}

function describeFailedForks(duets: readonly Duet[]): string | undefined {
  const faulty = duets.filter((duet) => !isMeasured(duet));
  const first = faulty[0];
  if (first === undefined) return undefined;
  const side = first.candidate.status === 'ok' ? first.baseline : first.candidate;
  return `${faulty.length} of ${countForks(duets.length)} not measured: ${explain(side)}`;
}

// ---------------------------------------------------------------------------------------------------------------
// The first look
// ---------------------------------------------------------------------------------------------------------------

function suspectCell(evidence: CellEvidence): Suspect | undefined {
  const { cell } = evidence;
  const duets = evidence.duets.filter(({ stage }) => stage === 'screen');
  const { decided, logRatios, bound, outputBytes, allocations } = readCell({ ...evidence, duets });
  if (decided !== undefined) return undefined;
  const mean = average(logRatios);
  const change = Math.expm1(mean);
  const atFirst = `${describeChange(change)} at first look`;
  if (mean > bound / 2) return { cell, kind: 'slower', urgency: 2 + squeeze(change), reason: atFirst };
  if (logRatios.length < 2)
    return { cell, kind: 'unclear', urgency: 2, reason: `only ${countForks(logRatios.length)} at first look` };
  const detectable = smallestDetectable(logRatios);
  if (detectable > 2 * evidence.tolerance.time) {
    const reason = `the first look cannot tell a change below ${percent(detectable)} from none`;
    return { cell, kind: 'unclear', urgency: 1 + squeeze(detectable), reason };
  }
  if (outputBytes?.unsettled === true)
    return { cell, kind: 'unclear', urgency: 1, reason: 'the output grew in forks of the first look' };
  if (allocations?.unsettled === true)
    return { cell, kind: 'unclear', urgency: 1, reason: 'allocations rose in many forks of the first look' };
  if (mean < -bound) return { cell, kind: 'faster', urgency: squeeze(-change), reason: atFirst };
  return undefined;
}

/** Maps [0, infinity) to [0, 1) in order, so that kinds of suspects stay apart. */
function squeeze(value: number): number {
  return value / (1 + value);
}

// ---------------------------------------------------------------------------------------------------------------
// Time
// ---------------------------------------------------------------------------------------------------------------

/** Conventional level of every interval that is shown. */
const shownConfidence = 0.95;
/**
 * Chance that a session calls a null arm straying by its interval alone where nothing strays. Shared by the confirmed
 * cells: at 1% each, fifteen of them would leave one unchanged session in seven inconclusive.
 */
const nullAlarmRate = 0.01;

/**
 * Confirmed cells whose time changed beyond the tolerance, by identity.
 *
 * Three conditions. The t test, adjusted by Holm's rule over all confirmed cells. The sign-flip test at the level
 * itself: n forks allow no p value below 2^-n, so adjusting that one too would leave eight forks and three suspects
 * with nothing that could ever fail; it guards against forks that are far from normal, the t test against many cells.
 * And the null arm: the one-sided lower bound has to exceed what a second copy of the baseline shows, its |mean|. The
 * mean and not its upper bound, since the effect's lower bound already pays for noise of that size once; paying twice
 * would hide what is twice the tolerance whenever forks spread as usual.
 */
function findSignificant(request: { cells: readonly ReadCell[]; falseAlarmRate: number; sign: 1 | -1 }): Set<string> {
  const { cells, falseAlarmRate, sign } = request;
  const tested = cells
    .filter(isTestable)
    .map((cell) => ({ cell, values: cell.logRatios.map((value) => sign * value) }));
  const adjusted = adjustByHolm(tested.map(({ cell, values }) => testMeanAbove(values, cell.bound)));
  const significant = tested.filter(({ cell, values }, index) => {
    if ((adjusted[index] as number) > falseAlarmRate || testBySignFlips(values, cell.bound) > falseAlarmRate)
      return false;
    const lower = meanInterval(values, 1 - 2 * falseAlarmRate).lo ?? Number.NEGATIVE_INFINITY;
    return lower > Math.abs(average(cell.nullLogRatios));
  });
  return new Set(significant.map(({ cell }) => identify(cell.evidence.cell)));
}

/** Whether fresh forks, enough for a test, decide on the cell. */
function isTestable({ stage, decided, logRatios }: ReadCell): boolean {
  return stage === 'confirm' && decided === undefined && logRatios.length >= 2;
}

function judgeTime(cell: ReadCell, session: TimeSession): Finding {
  const { slower, faster, unconfirmed } = session;
  const { evidence, logRatios, stage } = cell;
  const key = identify(evidence.cell);
  const forks = countForks(logRatios.length);
  const change = describeChange(Math.expm1(average(logRatios)));
  const tolerance = `the tolerance of ${percent(evidence.tolerance.time)}`;
  if (slower.has(key)) return { verdict: 'regression', reason: `${change}, beyond ${tolerance} on ${forks}` };
  if (faster.has(key)) return { verdict: 'improvement', reason: `${change}, beyond ${tolerance} on ${forks}` };
  const suspect = suspectCell(evidence);
  const lacking = unconfirmed.has(key) ? 'and no time was left to confirm it' : 'not confirmed';
  if (stage === 'screen' && suspect !== undefined) {
    return { verdict: suspect.kind === 'faster' ? 'pass' : 'inconclusive', reason: `${suspect.reason}, ${lacking}` };
  }
  const doubt = stage === 'confirm' ? doubtConfirmed(cell, session) : undefined;
  if (doubt !== undefined) {
    // Without any fresh fork it would pass, so those that only fail to confirm it change nothing.
    const harmless = (suspect === undefined || suspect.kind === 'faster') && average(logRatios) <= cell.bound / 2;
    if (!harmless) return { verdict: 'inconclusive', reason: doubt };
    return { verdict: 'pass', reason: `${suspect?.reason ?? 'unchanged at first look'}, not confirmed: ${doubt}` };
  }
  const upper = meanInterval(logRatios, 2 * shownConfidence - 1).hi ?? Number.POSITIVE_INFINITY;
  if (upper > cell.bound)
    return { verdict: 'pass', reason: `${change}, within what ${forks} can tell from ${tolerance}` };
  return { verdict: 'pass', reason: `${change}, within ${tolerance}` };
}

/** Why fresh forks that showed no change prove none either; undefined where they do. */
function doubtConfirmed(cell: ReadCell, { falseAlarmRate, confirmed }: TimeSession): string | undefined {
  const { evidence, logRatios, nullLogRatios, bound } = cell;
  const forks = countForks(logRatios.length);
  if (logRatios.length < 2) return `only ${forks} measured to confirm`;
  const detectable = smallestDetectable(logRatios);
  const twice = 2 * evidence.tolerance.time;
  if (detectable > twice) return `${forks} cannot tell a change below ${percent(detectable)} from none`;
  const mean = average(logRatios);
  // An estimate this high that is not significant is no proof of a slowdown, and a pass would claim that there is none.
  if (Math.expm1(mean) > twice) return `${describeChange(Math.expm1(mean))}, which ${forks} cannot confirm`;
  const upper = meanInterval(logRatios, 2 * shownConfidence - 1).hi ?? Number.POSITIVE_INFINITY;
  if (upper > bound && 2 ** -logRatios.length > falseAlarmRate)
    return `${forks} are too few to fail at a false-alarm rate of ${percent(falseAlarmRate)}`;
  return describeStrayingNull({ nullLogRatios, upper, bound, confidence: 1 - nullAlarmRate / confirmed });
}

/**
 * Says so where the null arm is surely not 0, by more than half of the tolerance, and a slowdown beyond the tolerance
 * could hide behind a difference of that size. `upper` bounds the change that the forks show. A null arm that merely
 * scatters does so in step with the forks themselves, whose smallest detectable change has been looked at by then.
 */
function describeStrayingNull(request: {
  nullLogRatios: readonly number[];
  upper: number;
  bound: number;
  confidence: number;
}): string | undefined {
  const { nullLogRatios, upper, bound, confidence } = request;
  if (nullLogRatios.length === 0) return undefined;
  const { mean, lo, hi } = meanInterval(nullLogRatios, confidence);
  const size = Math.abs(mean);
  const isSure = lo !== undefined && hi !== undefined && (lo > 0 || hi < 0);
  if (!isSure || size <= bound / 2 || upper + size <= bound) return undefined;
  return `two copies of the baseline differ: the second is ${describeChange(Math.expm1(mean))}`;
}

/** What these forks can tell from no change, as a share; infinite for fewer than two. */
function smallestDetectable(logRatios: readonly number[]): number {
  if (logRatios.length < 2) return Number.POSITIVE_INFINITY;
  const mean = average(logRatios);
  const squares = logRatios.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return detectableChange({ spread: Math.sqrt(squares / (logRatios.length - 1)), forks: logRatios.length });
}

/** The arithmetic mean; 0 for none, so that an absent null arm shows nothing. */
function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

// ---------------------------------------------------------------------------------------------------------------
// Putting a cell together
// ---------------------------------------------------------------------------------------------------------------

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

function assembleCell(cell: ReadCell, finding: Finding): GateCell {
  const { evidence, stage, logRatios, nullLogRatios, outputBytes, allocations, aside } = cell;
  const counts = [...judgeCount('output', outputBytes), ...judgeCount('allocations an operation', allocations)];
  // Where the statuses decide, too few forks have counts on both sides to add to it.
  const findings = cell.decided === undefined ? [finding, ...counts] : [finding];
  const verdict = severity.find((candidate) => findings.some((each) => each.verdict === candidate)) ?? finding.verdict;
  const reasons = findings.filter((each) => each.verdict === verdict).map(({ reason }) => reason);
  if (aside !== undefined && cell.decided === undefined) reasons.push(aside);
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

function judgeCount(what: string, count: CountFinding | undefined): Finding[] {
  if (count === undefined || count.verdict === 'pass') return [];
  const { baseline, candidate, change, verdict } = count;
  const direction = change > 0 ? 'more' : 'fewer';
  return [
    {
      verdict,
      reason: `${what}: ${percent(Math.abs(change))} ${direction} bytes (${Math.round(baseline)} to ${Math.round(candidate)})`,
    },
  ];
}

function toCountChange({ baseline, candidate, change, verdict }: CountFinding): CountChange {
  return { baseline, candidate, change, verdict };
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

function describeChange(value: number): string {
  const size = percent(Math.abs(value));
  if (size === '0%') return 'unchanged';
  return `${value > 0 ? 'slower' : 'faster'} by ${size}`;
}

/** One decimal, which is more than forks can tell, and none where it would be zero. */
function percent(value: number): string {
  return `${Number((value * 100).toFixed(1))}%`;
}

function countForks(count: number): string {
  return count === 1 ? '1 fork' : `${count} forks`;
}
