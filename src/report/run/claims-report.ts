/**
 * What others state about contenders, beside what this run has measured: their table again, and a line a claim.
 *
 * Stated figures are marked as such wherever they stand. Deliberately absent: verdicts, which compare makes.
 */
import { groupBy } from '../../compare/cells.ts';
import { type ClaimRow, type ClaimTime, type JudgedClaim, judgeClaims } from '../../compare/claims.ts';
import { standing } from '../../compare/speedup.ts';
import type { Cell } from '../../model/cell.ts';
import type { ClaimSet } from '../../model/claims.ts';
import type { Block, Column, RowGroup, Section, Table, TableCell } from '../document.ts';
import { claimVerdictCell } from '../parts/claim-verdicts.ts';
import {
  formatChange,
  formatChanges,
  formatCount,
  formatInterval,
  formatPercent,
  formatRatio,
  formatSetting,
  formatTime,
  nothing,
  tooFewRounds,
} from '../quantities.ts';

/**
 * One section a set of claims.
 * @returns an empty list where the run has no cells that a claim is about.
 */
export function reportClaims(cells: readonly Cell[], sets: readonly ClaimSet[]): Section[] {
  return sets.flatMap((set): Section[] => {
    const judged = judgeClaims(cells, set);
    if (judged === undefined) return [];
    const tables = [...groupBy(judged.rows, ({ variant }) => variant).values()].map((rows) => tabulateRows(set, rows));
    return [
      {
        kind: 'section',
        title: set.title,
        blocks: [{ kind: 'paragraph', text: introduce(set) }, ...tables, ...tellClaims(judged.claims)],
      },
    ];
  });
}

/** The claims alone, a line each, without the tables behind them; for where there is little room. */
export function reportClaimLines(cells: readonly Cell[], sets: readonly ClaimSet[]): Block[] {
  return sets.flatMap((set): Block[] => {
    const judged = judgeClaims(cells, set);
    if (judged === undefined) return [];
    const text = `Stated by ${set.source}; measured on ${set.payload}.`;
    return [{ kind: 'paragraph', text }, ...tellClaims(judged.claims)];
  });
}

function introduce({ source, payload, table }: ClaimSet): string {
  return [
    `Figures marked "stated" are those of ${source}; all others were measured in this run, on ${payload}.`,
    `The speedup is (t - t') / t' with t of ${table.against} and t' of ${table.subject}, as that page has it.`,
    `Behind the times of the others stands time(${table.subject}) / time, more is better.`,
  ].join(' ');
}

function tabulateRows({ table }: ClaimSet, rows: readonly [ClaimRow, ...ClaimRow[]]): Table {
  const [{ variant }] = rows;
  const right = (title: string): Column => ({ title, align: 'right' });
  const groups = rows.map((row): RowGroup => {
    // The page gives text only, as far as it says, so nothing of it stands beside objects.
    const stated = variant === 'text' ? table.stated.find(({ items }) => items === row.items) : undefined;
    return {
      label: { text: formatCount(row.items), value: row.items },
      rows: [...(stated === undefined ? [] : [statedRow(stated, table.beside.length)]), measuredRow(row)],
    };
  });
  return {
    kind: 'table',
    caption: `${table.subject} against ${table.against} (${variant} variant, bytes)`,
    labelTitle: 'items',
    columns: [
      { title: 'from', align: 'left' },
      right(table.against),
      right(table.subject),
      right('speedup'),
      ...table.beside.map(right),
    ],
    groups,
  };
}

function statedRow(stated: ClaimSet['table']['stated'][number], others: number): TableCell[] {
  const cells: TableCell[] = [
    { text: 'stated' },
    { text: formatTime(stated.againstNs) },
    { text: formatTime(stated.subjectNs) },
    { text: formatChange(stated.gain) },
    ...Array.from({ length: others }, (): TableCell => ({ text: '' })),
  ];
  // Never the value behind the text: a machine that reads values should find measured ones only.
  return cells.map((cell) => ({ ...cell, tone: 'muted' }));
}

function measuredRow({ times, ratio }: ClaimRow): TableCell[] {
  const [against, subject, ...others] = times.map(timeCell);
  return [{ text: 'measured' }, against ?? { text: nothing }, subject ?? { text: nothing }, gainCell(ratio), ...others];
}

function timeCell({ contender, latencyNs, overSubject, status }: ClaimTime): TableCell {
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
  const table: Table = {
    kind: 'table',
    caption: 'Each claim, and what this run says of it',
    columns: [
      { title: 'claim', align: 'left' },
      { title: 'items', align: 'right' },
      { title: 'stated', align: 'right' },
      { title: 'measured here', align: 'right' },
      { title: 'verdict', align: 'left' },
    ],
    groups: [{ rows: claims.map(claimRow) }],
  };
  const how = [
    'A claim holds where all of the interval lies above what is stated, at least to the percent, and does not hold where all of it lies below;',
    'otherwise it cannot be told. Sizes are exact. An advantage grows with size where its ratio at the larger size is above that at the smaller one.',
  ].join(' ');
  return [table, { kind: 'paragraph', text: how }];
}

function claimRow(judged: JudgedClaim): TableCell[] {
  const { claim, items } = judged;
  const sizes = items === undefined ? sizesOf(judged) : formatCount(items);
  return [
    { text: claim.what, contender: claim.subject },
    { text: sizes, ...(items === undefined ? {} : { value: items }) },
    { text: tellStated(judged), tone: 'muted' },
    tellMeasured(judged),
    claimVerdictCell(judged),
  ];
}

function sizesOf({ claim }: JudgedClaim): string {
  return claim.kind === 'grows' ? `${formatCount(claim.items[0])} to ${formatCount(claim.items[1])}` : '';
}

function tellStated({ claim }: JudgedClaim): string {
  switch (claim.kind) {
    case 'gain':
      return claim.from === claim.to
        ? `+${formatSetting(claim.from)}`
        : `+${formatSetting(claim.from)} to +${formatSetting(claim.to)}`;
    case 'smaller':
      return `-${formatSetting(claim.share)}`;
    case 'grows':
      return 'above 1x';
  }
}

function tellMeasured({ claim, measured }: JudgedClaim): TableCell {
  if (measured === undefined) return { text: nothing, tone: 'muted' };
  const { mean, lo, hi } = measured;
  if (claim.kind === 'smaller')
    return { text: mean < 0 ? `+${formatPercent(-mean)}` : `-${formatPercent(mean)}`, value: mean };
  if (claim.kind === 'gain') return { text: tellGain(measured), value: mean };
  const bounds = lo === undefined || hi === undefined ? tooFewRounds : formatInterval({ lo, hi });
  return { text: `${formatRatio(mean)} (${bounds})`, value: mean };
}
