/**
 * A gate session as sentences: its verdict in words, and one sentence a cell, every figure from the session itself.
 *
 * Shared by the document and by the formats that CI reads. Names and messages come from code that is being judged, so
 * they pass through `showText`.
 */
import { cellKey, groupBy } from '../../compare/cells.ts';
import type { MicroCellId } from '../../model/cell.ts';
import type { Change, CountChange, GateCell, GateSession, Verdict } from '../../model/gate.ts';
import { formatChanges, formatCount, formatList, formatPercent, formatPlural, formatSetting } from '../quantities.ts';
import { showText } from '../../foreign-text.ts';

/** Verdicts from the one that stops a pull request to the one that nobody has to read. */
const severity: readonly Verdict[] = [
  'regression',
  'failed',
  'inconclusive',
  'improvement',
  'new',
  'gone',
  'unmeasured',
  'pass',
];

/** Regressions that the first paragraph names; arbitrary, the table has them all. */
const mostNamed = 3;

/** `serialize/fast-json-stringify/tools/1,000/native/bytes`. */
export function showCell({ suite, contender, payload, items, variant, sink }: MicroCellId): string {
  return showText([suite, contender, payload, formatCount(items), variant, sink].join('/'));
}

/** The same name with one blank in its middle, where a table may break it. */
export function showCellBreakably({ suite, contender, payload, items, variant, sink }: MicroCellId): string {
  return showText(`${suite}/${contender} ${payload}/${formatCount(items)}/${variant}/${sink}`);
}

/** The session's verdict as a title. */
export function titleGate({ verdict }: Pick<GateSession, 'verdict'>): string {
  const words = {
    pass: 'passed',
    regression: 'regression',
    failed: 'not everything could be measured',
    inconclusive: 'inconclusive',
  };
  return `wirebench gate: ${words[verdict]}`;
}

/** The most severe verdict first, inside a verdict the largest change first; equal ones by name. */
export function sortBySeverity(cells: readonly GateCell[]): GateCell[] {
  return cells.toSorted((a, b) => {
    const rank = severity.indexOf(a.verdict) - severity.indexOf(b.verdict);
    if (rank !== 0) return rank;
    const [first, second] = [sizeOfChange(a), sizeOfChange(b)];
    if (first !== second) return first > second ? -1 : 1;
    return cellKey(a.cell) < cellKey(b.cell) ? -1 : 1;
  });
}

/**
 * What came of the session, the regressions by name.
 * @param session with its cells in any order; `Nothing was measured.` where it has none.
 */
export function summarizeGate({ cells }: Pick<GateSession, 'cells'>): string {
  if (cells.length === 0) return 'Nothing was measured.';
  const all = formatPlural(cells.length, 'cell');
  const byVerdict = groupBy(sortBySeverity(cells), ({ verdict }) => verdict);
  const regressions = byVerdict.get('regression') ?? [];
  const others = severity.flatMap((verdict) => {
    const count = byVerdict.get(verdict)?.length ?? 0;
    return count === 0 || verdict === 'regression' ? [] : [tellCount(verdict, count)];
  });
  if (regressions.length === 0) {
    return byVerdict.get('pass')?.length === cells.length
      ? `No cell regressed: ${formatCount(cells.length)} of ${all} ${cells.length === 1 ? 'passes' : 'pass'}.`
      : `None of ${all} regressed: ${formatList(others)}.`;
  }
  const named = regressions.slice(0, mostNamed).map(tellGateCell);
  const more = regressions.length - named.length;
  const told = [...named, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join('; ');
  const rest = others.length === 0 ? '' : ` Of the others, ${formatList(others)}.`;
  return `${formatCount(regressions.length)} of ${all} regressed: ${told}.${rest}`;
}

/** One cell and its verdict as a sentence without a full stop; the sentence may close with the reason. */
export function tellGateCell(gateCell: GateCell): string {
  const name = showCell(gateCell.cell);
  const reason = showText(gateCell.reason);
  switch (gateCell.verdict) {
    case 'regression':
    case 'improvement': {
      const changes = tellChanges(gateCell);
      return changes.length === 0 ? `${name}: ${reason}` : `${name} ${formatList(changes)}`;
    }
    case 'failed':
    case 'unmeasured':
      return `${name} could not be measured: ${reason}`;
    case 'inconclusive':
      return `${name} is inconclusive: ${reason}`;
    case 'new':
    case 'gone':
      return `${name} is ${gateCell.verdict}: ${reason}`;
    case 'pass':
      return `${name} passes: ${reason}`;
  }
}

/** The first duet's complaint about the candidate's output where the baseline's is right; none where there is none. */
function findWrongOutput({ duets }: GateCell): string | undefined {
  const wrong = duets.find(({ baseline, candidate }) => baseline.status === 'ok' && candidate.status === 'incorrect');
  return wrong === undefined ? undefined : (wrong.candidate.reason ?? 'no reason was given');
}

function tellCount(verdict: Verdict, count: number): string {
  const be = count === 1 ? 'is' : 'are';
  const words: Readonly<Record<Verdict, string>> = {
    regression: 'regressed',
    failed: 'could not be measured',
    unmeasured: `${be} measurable on neither side`,
    inconclusive: `${be} inconclusive`,
    improvement: 'improved',
    new: `${be} new`,
    gone: `${be} gone`,
    pass: count === 1 ? 'passes' : 'pass',
  };
  return `${formatCount(count)} ${words[verdict]}`;
}

/** A wrong output has no figure and is the worst there is. */
function sizeOfChange(gateCell: GateCell): number {
  if (gateCell.verdict === 'regression' && findWrongOutput(gateCell) !== undefined) return Number.POSITIVE_INFINITY;
  const { verdict, time, outputBytes, allocations } = gateCell;
  // Cells that pass are read from the slowest change to the fastest, the others by how much happened.
  if (verdict === 'pass') return time?.value ?? 0;
  const counts = [outputBytes, allocations].map((count) => (count?.verdict === verdict ? Math.abs(count.change) : 0));
  return Math.max(Math.abs(time?.value ?? 0), ...counts);
}

function tellChanges(gateCell: GateCell): string[] {
  const { verdict, time, outputBytes, allocations, tolerance } = gateCell;
  const counts = [
    ...tellChangedCount(outputBytes, { verdict, tolerance: tolerance.outputBytes, words: 'writes', unit: 'bytes' }),
    ...tellChangedCount(allocations, { verdict, tolerance: tolerance.allocations, words: 'allocates', unit: 'memory' }),
  ];
  const complaint = verdict === 'regression' ? findWrongOutput(gateCell) : undefined;
  const wrong = complaint === undefined ? [] : [`writes a wrong output (${showText(complaint)})`];
  // Where something else decided, the time is told only if it is beyond its tolerance as well.
  const isTold = time !== undefined && (counts.length + wrong.length === 0 || isBeyond(time, tolerance.time));
  return [...wrong, ...(isTold ? [tellTime(time, tolerance.time)] : []), ...counts];
}

function isBeyond({ lo, hi }: Change, tolerance: number): boolean {
  return (lo !== undefined && lo > tolerance) || (hi !== undefined && hi < -tolerance);
}

function tellTime({ value, lo, hi }: Change, tolerance: number): string {
  const what = value < 0 ? `takes ${formatPercent(-value)} less time` : `is ${formatPercent(value)} slower`;
  const limit = `tolerance ${formatSetting(tolerance)}`;
  if (lo === undefined || hi === undefined) return `${what} (${limit})`;
  if (lo > 0) return `${what} (${formatPercent(lo)} to ${formatPercent(hi)}; ${limit})`;
  if (hi < 0) return `${what} (${formatPercent(-hi)} to ${formatPercent(-lo)}; ${limit})`;
  return `${what} (${formatChanges({ lo, hi })}; ${limit})`;
}

interface CountWords {
  readonly verdict: Verdict;
  readonly tolerance: number;
  readonly words: string;
  readonly unit: string;
}

function tellChangedCount(count: CountChange | undefined, { verdict, tolerance, words, unit }: CountWords): string[] {
  if (count === undefined || count.verdict !== verdict) return [];
  const { change, baseline, candidate } = count;
  const less = unit === 'bytes' ? 'fewer' : 'less';
  const figures = `${formatCount(baseline)} to ${formatCount(candidate)} bytes`;
  return [
    `${words} ${formatPercent(Math.abs(change))} ${change < 0 ? less : 'more'} ${unit} (${figures}; tolerance ${formatSetting(tolerance)})`,
  ];
}
