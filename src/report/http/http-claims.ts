/**
 * What others state of a gateway under load, beside what this run has measured: a line a claim.
 *
 * Stated figures are marked as such. Deliberately absent: verdicts, which compare makes, and what is stated of
 * micro-benchmarks (../run/claims-report.ts).
 */
import { roundingError } from '../../compare/http-cells.ts';
import { type JudgedHttpClaim, judgeHttpClaims } from '../../compare/http-claims.ts';
import type { ClaimSet, HttpClaim } from '../../model/claims.ts';
import type { HttpResults, MeasuredHttpSuite } from '../../model/http.ts';
import type { Block, Section, Table, TableCell } from '../document.ts';
import { formatChange, formatChanges, formatSetting, nothing, tooFewRounds } from '../quantities.ts';
import { claimVerdictCell } from '../parts/claim-verdicts.ts';
import { titleOf } from './http-figures.ts';
import { titleOfScenario } from './http-summary.ts';

/** One section for all sets; an empty list where no claim is about anything that was measured. */
export function reportHttpClaims(http: HttpResults, sets: readonly ClaimSet[]): Section[] {
  const blocks = reportHttpClaimLines(http, sets);
  return blocks.length === 0 ? [] : [{ kind: 'section', title: 'Stated of a gateway under load', blocks }];
}

/** The source of each set and its claims, a line each, without a section around them. */
export function reportHttpClaimLines(http: HttpResults, sets: readonly ClaimSet[]): Block[] {
  const blocks = sets.flatMap(({ source, http: claims = [] }): Block[] => {
    const judged = judgeHttpClaims(http, claims);
    if (judged.length === 0) return [];
    const text = `Stated by ${source}, of another program; measured here is what the contender changes against its suite's reference.`;
    return [{ kind: 'paragraph', text }, tabulate(judged, http)];
  });
  return blocks.length === 0 ? [] : [...blocks, { kind: 'paragraph', text: explanation }];
}

const explanation = [
  'A claim holds where all of the interval lies above the least that is stated, to the percent, and does not hold where all of it lies below;',
  'otherwise it cannot be told. What is stated without a figure is read as "better at all".',
].join(' ');

function tabulate(judged: readonly JudgedHttpClaim[], http: HttpResults): Table {
  return {
    kind: 'table',
    caption: 'Each claim, and what this run says of it',
    columns: [
      { title: 'claim', align: 'left' },
      { title: 'scenario', align: 'left' },
      { title: 'contender', align: 'left' },
      { title: 'stated', align: 'left' },
      { title: 'measured here', align: 'left' },
      { title: 'verdict', align: 'left' },
    ],
    groups: [{ rows: judged.map((one) => claimRow(one, http)) }],
  };
}

function claimRow(judged: JudgedHttpClaim, http: HttpResults): TableCell[] {
  const { claim, measured } = judged;
  const suite: Pick<MeasuredHttpSuite, 'contenders'> = http.suites.find(({ id }) => id === claim.suite) ?? {
    contenders: [],
  };
  return [
    { text: claim.what },
    { text: titleOfScenario(http, claim.scenario) },
    { text: titleOf(suite, claim.subject), contender: claim.subject },
    { text: tellStated(claim), tone: 'muted' },
    measured === undefined ? { text: nothing, tone: 'muted' } : tellMeasured(measured, claim),
    claimVerdictCell(judged),
  ];
}

/** `+15% to +30%`, `-20% to -40%`, `more`. */
function tellStated({ change, from, to }: HttpClaim): string {
  const sign = change === 'more' ? '+' : '-';
  if (from === 0 && to === undefined) return change;
  const least = `${sign}${formatSetting(from)}`;
  if (to === undefined) return `${least} or ${change}`;
  return from === to ? least : `${least} to ${sign}${formatSetting(to)}`;
}

/** Signed as what is stated is: `-33% (-31% to -35%)` of something that is less. */
function tellMeasured({ share, lo, hi }: NonNullable<JudgedHttpClaim['measured']>, claim: HttpClaim): TableCell {
  const sign = claim.change === 'more' ? 1 : -1;
  const change = formatChange(sign * share);
  if (lo === undefined || hi === undefined) return { text: `${change} (${tooFewRounds})`, value: sign * share };
  // What was the same in every round, such as bytes, has no bounds worth telling.
  const bounds = hi - lo < roundingError ? '' : ` (${formatChanges({ lo: sign * lo, hi: sign * hi })})`;
  return { text: `${change}${bounds}`, value: sign * share };
}
