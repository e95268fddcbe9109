/**
 * What others state about contenders, beside what this run has measured: their table again, and a line a claim.
 *
 * Stated figures are marked as such wherever they stand.
 */
import { groupBy } from '../../compare/cells.ts';
import { type ClaimRow, type ClaimTime, measureClaimTable } from '../../compare/claim-table.ts';
import { hasSubject, judgeClaims, type JudgedClaim, sharesOf } from '../../compare/claims.ts';
import { metricsOf } from '../../compare/metrics.ts';
import { roundingError, standing } from '../../compare/ratios.ts';
import { takeHeadline } from '../../compare/scenarios.ts';
import type { Claim, ClaimSet } from '../../model/claims.ts';
import type { HttpCell, HttpResults } from '../../model/http.ts';
import type { Run } from '../../model/run.ts';
import type { Block, Section, Table, TableCell } from '../document.ts';
import { titleOf, titleOfScenario } from '../http/http-words.ts';
import { paragraph, section } from '../parts/blocks.ts';
import { claimVerdictCell } from '../parts/claim-verdicts.ts';
import { noFigure } from '../parts/figure-cells.ts';
import { type ColumnOf, left, right, tabulate, tabulateGroups } from '../parts/table.ts';
import {
  formatChange,
  formatChanges,
  formatCount,
  formatInterval,
  formatRatio,
  formatSetting,
  formatTime,
  nothing,
  tooFewRounds,
} from '../quantities.ts';

/**
 * One section a set of claims about micro-benchmarks, with its table.
 * @returns an empty list where the run has no cells that a claim is about.
 */
export function reportClaims(run: Pick<Run, 'cells' | 'metrics'>, sets: readonly ClaimSet[]): Section[] {
  return sets.flatMap((set): Section[] => {
    const { rows, judged } = measureSet(run, set);
    if (judged.length === 0) return [];
    const tables = [...groupBy(rows, ({ variant }) => variant).values()].map((own) => tabulateRows(set, own));
    return [section(set.title, [paragraph(introduce(set)), ...tables, ...tellClaims(judged)])];
  });
}

/** The claims alone, a line each, without the tables behind them; for where there is little room. */
export function reportClaimLines(run: Pick<Run, 'cells' | 'metrics'>, sets: readonly ClaimSet[]): Block[] {
  return sets.flatMap((set): Block[] => {
    const { judged } = measureSet(run, set);
    if (judged.length === 0) return [];
    return [paragraph(`Stated by ${set.source}; measured on ${set.payload}.`), ...tellClaims(judged)];
  });
}

/**
 * One section for what all sets state of a gateway under load; none where no claim is about anything that was measured.
 */
export function reportHttpClaims(run: Pick<Run, 'http' | 'metrics'>, sets: readonly ClaimSet[]): Section[] {
  const blocks = reportHttpClaimLines(run, sets);
  return blocks.length === 0 ? [] : [section('Stated of a gateway under load', blocks)];
}

/** The source of each set and its claims, a line each, without a section around them. */
export function reportHttpClaimLines(run: Pick<Run, 'http' | 'metrics'>, sets: readonly ClaimSet[]): Block[] {
  const { http } = run;
  if (http === undefined) return [];
  const blocks = sets.flatMap(({ source, http: claims = [] }): Block[] => {
    const { cells } = http;
    if (!hasSubject({ cells, claims })) return [];
    const judged = judgeClaims({
      cells,
      claims,
      metrics: metricsOf(run, 'load'),
      choose: (own) => takeHeadline(own as readonly HttpCell[]),
    });
    const text = `Stated by ${source}, of another program; measured here is what the contender changes against its suite's reference.`;
    return [paragraph(text), tabulateClaims(judged, httpColumns(http))];
  });
  return blocks.length === 0 ? [] : [...blocks, paragraph(howUnderLoad)];
}

/** Nothing of either where the run is about something else. */
function measureSet(
  run: Pick<Run, 'cells' | 'metrics'>,
  set: ClaimSet,
): { readonly rows: readonly ClaimRow[]; readonly judged: readonly JudgedClaim[] } {
  const { cells } = run;
  const { claims } = set;
  const rows = measureClaimTable(cells, set);
  if (rows.length === 0 && !hasSubject({ cells, claims })) return { rows, judged: [] };
  return { rows, judged: judgeClaims({ cells, claims, metrics: metricsOf(run, 'fork') }) };
}

function introduce({ source, payload, table }: ClaimSet): string {
  return [
    `Figures marked "stated" are those of ${source}; all others were measured in this run, on ${payload}.`,
    `The speedup is (t - t') / t' with t of ${table.against} and t' of ${table.subject}, as that page has it.`,
    `Behind the times of the others stands time(${table.subject}) / time, more is better.`,
  ].join(' ');
}

/** What the page states of a size, or what this run has measured there. */
type StatedRow = { readonly stated: ClaimSet['table']['stated'][number] } | { readonly measured: ClaimRow };

function tabulateRows({ table }: ClaimSet, rows: readonly [ClaimRow, ...ClaimRow[]]): Table {
  const [{ variant }] = rows;
  const groups = rows.map((measured) => {
    // The page gives text only, as far as it says, so nothing of it stands beside objects.
    const stated = variant === 'text' ? table.stated.find(({ items }) => items === measured.items) : undefined;
    const own: StatedRow[] = [...(stated === undefined ? [] : [{ stated }]), { measured }];
    return { label: { text: formatCount(measured.items), value: measured.items }, rows: own };
  });
  const timeColumn = (title: string, index: number, statedNs?: 'againstNs' | 'subjectNs'): ColumnOf<StatedRow> =>
    right(title, (row) => {
      if ('measured' in row) return timeCell(row.measured.times[index]);
      return statedCell(statedNs === undefined ? '' : formatTime(row.stated[statedNs]));
    });
  return tabulateGroups(groups, {
    caption: `${table.subject} against ${table.against} (${variant} variant, bytes)`,
    labelTitle: 'items',
    columns: [
      left('from', (row) => ('measured' in row ? 'measured' : statedCell('stated'))),
      timeColumn(table.against, 0, 'againstNs'),
      timeColumn(table.subject, 1, 'subjectNs'),
      right('speedup', (row) =>
        'measured' in row ? gainCell(row.measured.ratio) : statedCell(formatChange(row.stated.gain)),
      ),
      ...table.beside.map((title, index) => timeColumn(title, index + 2)),
    ],
  });
}

/** Never with the value behind the text: a machine that reads values should find measured ones only. */
function statedCell(text: string): TableCell {
  return { text, tone: 'muted' };
}

/** @param time `undefined` where the run has no such contender. */
function timeCell(time: ClaimTime | undefined): TableCell | string {
  if (time === undefined) return nothing;
  const { contender, latencyNs, overSubject, status } = time;
  if (latencyNs === undefined) return { text: status ?? nothing, tone: 'muted', contender };
  const { mean, lo, hi } = overSubject ?? {};
  const value = { value: latencyNs, contender };
  if (mean === undefined) return { text: formatTime(latencyNs), ...value };
  if (lo === undefined || hi === undefined) return { text: `${formatTime(latencyNs)}, ${formatRatio(mean)}`, ...value };
  const told = standing({ lo, hi }) === 'no-difference' ? 'no difference' : formatRatio(mean);
  return { text: `${formatTime(latencyNs)}, ${told} (${formatInterval({ lo, hi })})`, ...value };
}

function gainCell(ratio: ClaimRow['ratio']): TableCell {
  return ratio === undefined ? { text: nothing, tone: 'muted' } : { text: tellGain(ratio), value: ratio.mean };
}

/** `+623% (+610% to +640%)`, from ratios. */
function tellGain({ mean, lo, hi }: NonNullable<ClaimRow['ratio']>): string {
  const bounds = lo === undefined || hi === undefined ? tooFewRounds : formatChanges({ lo: lo - 1, hi: hi - 1 });
  return `${formatChange(mean - 1)} (${bounds})`;
}

function tellClaims(claims: readonly JudgedClaim[]): Block[] {
  const columns: ColumnOf<JudgedClaim>[] = [
    left('claim', ({ claim }) => ({ text: claim.what, contender: claim.subject })),
    right('items', sizesCell),
    right('stated', ({ claim }) => ({ text: tellStated(claim), tone: 'muted' })),
    right('measured here', measuredCell),
  ];
  return [tabulateClaims(claims, columns), paragraph(howAlone)];
}

function httpColumns(http: HttpResults): ColumnOf<JudgedClaim>[] {
  const suiteOf = ({ suite }: Claim): HttpResults['suites'][number] | undefined =>
    http.suites.find(({ id }) => id === suite);
  return [
    left('claim', ({ claim }) => claim.what),
    left('scenario', ({ claim }) => titleOfScenario(http, claim.at['scenario'] ?? '')),
    left('contender', ({ claim }) => ({
      text: titleOf(suiteOf(claim) ?? { contenders: [] }, claim.subject),
      contender: claim.subject,
    })),
    left('stated', ({ claim }) => ({ text: tellStated(claim), tone: 'muted' })),
    left('measured here', measuredCell),
  ];
}

function tabulateClaims(judged: readonly JudgedClaim[], columns: readonly ColumnOf<JudgedClaim>[]): Table {
  const caption = 'Each claim, and what this run says of it';
  return tabulate(judged, { caption, columns: [...columns, left('verdict', claimVerdictCell)] });
}

const howAlone = [
  'A claim holds where all of the interval lies above what is stated, at least to the percent, and does not hold where all of it lies below;',
  'otherwise it cannot be told. Sizes are exact. An advantage grows with size where its ratio at the larger size is above that at the smaller one.',
].join(' ');

const howUnderLoad = [
  'A claim holds where all of the interval lies above the least that is stated, to the percent, and does not hold where all of it lies below;',
  'otherwise it cannot be told. What is stated without a figure is read as "better at all".',
].join(' ');

function sizesCell({ claim, items }: JudgedClaim): TableCell {
  if (items !== undefined) return { text: formatCount(items), value: items };
  return { text: claim.change === 'grows' ? claim.items.map(formatCount).join(' to ') : '' };
}

/** `+15% to +30%`, `-20% or less`, `-7%`, `more`. */
function tellStated(claim: Claim): string {
  if (claim.change === 'grows') return 'above 1x';
  const { change, from, to } = claim;
  const sign = change === 'more' ? '+' : '-';
  if (from === 0 && to === undefined) return change;
  const least = `${sign}${formatSetting(from)}`;
  if (to === undefined) return `${least} or ${change}`;
  return from === to ? least : `${least} to ${sign}${formatSetting(to)}`;
}

/** Signed as what is stated is: `-33% (-31% to -35%)` of something that is less; of growth the ratio itself. */
function measuredCell({ claim, verdict, measured }: JudgedClaim): TableCell {
  if (measured === undefined) return noFigure;
  if (claim.change === 'grows') {
    const { mean, lo, hi } = measured;
    const bounds = lo === undefined || hi === undefined ? tooFewRounds : formatInterval({ lo, hi });
    return { text: `${formatRatio(mean)} (${bounds})`, value: mean };
  }
  const { share, lo, hi } = sharesOf(measured, claim);
  const sign = claim.change === 'more' ? 1 : -1;
  const value = sign * share;
  if (lo === undefined || hi === undefined) {
    // Without bounds only what is exact is decided.
    return { text: `${formatChange(value)}${verdict === 'undecided' ? ` (${tooFewRounds})` : ''}`, value };
  }
  // What was the same in every round, such as bytes, has no bounds worth telling.
  const bounds = hi - lo < roundingError ? '' : ` (${formatChanges({ lo: sign * lo, hi: sign * hi })})`;
  return { text: `${formatChange(value)}${bounds}`, value };
}
