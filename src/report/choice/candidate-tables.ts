/**
 * The candidates of a choice as tables: their times from rounds, those of the first look, and what else they cost; and who is
 * not eligible, as a list.
 */
import { groupBy } from '../../compare/cells.ts';
import type { Candidate, RuntimeChoice } from '../../model/choice.ts';
import type { ListItem, Section, Table, TableCell, Tone } from '../document.ts';
import { list, section } from '../parts/blocks.ts';
import { contenderCell, figure, noFigure, toned } from '../parts/figure-cells.ts';
import { type ColumnOf, left, right, tabulate } from '../parts/table.ts';
import { formatBoundedRatio, formatBytes, formatCount, formatPlural, formatTime, nothing } from '../quantities.ts';
import { listBurdens, tellConsent, tellRefusal, tellStanding } from './choice-sentences.ts';

const tones: Readonly<Partial<Record<Candidate['standing'], Tone>>> = {
  recommended: 'good',
  slower: 'muted',
  screened: 'muted',
  'not-accepted': 'muted',
};

/** Tables of what was measured, whoever may be recommended; `listRefusals` has those without figures. */
export function tabulateCandidates(choice: RuntimeChoice): Table[] {
  const measured = choice.candidates.filter(({ costNs }) => costNs !== undefined);
  if (measured.length === 0) return [];
  const reference = referenceOf(choice);
  return [...tabulateRounds(measured, reference), ...tabulateFirstLooks(measured, reference), tabulateCosts(measured)];
}

/** Those who are out and those whom nobody accepted, as a section; none where everybody is eligible. */
export function listRefusals(candidates: readonly Candidate[]): Section[] {
  const out = candidates.filter(({ standing }) => standing === 'excluded');
  const refused = candidates.filter(({ standing }) => standing === 'not-accepted');
  const items = list([
    ...out.map((candidate): ListItem => ({ text: tellRefusal(candidate), tone: 'bad' })),
    ...[...groupBy(refused, ({ reason }) => reason ?? '').values()].map((same): ListItem => ({
      text: tellConsent(same),
      tone: 'muted',
    })),
  ]);
  return items.length === 0 ? [] : [section('Not eligible', items)];
}

/** What a candidate's speed is to the reference's. */
export function speedCell({ contender, speedup }: Candidate, reference: string | undefined): TableCell {
  if (contender === reference) return { text: 'reference', value: 1 };
  return speedup === undefined ? noFigure : { text: formatBoundedRatio(speedup), value: speedup.ratio };
}

/** Known from a speedup where nothing was recommended. */
function referenceOf({ candidates, recommendation }: RuntimeChoice): string | undefined {
  return recommendation?.reference ?? candidates.find(({ speedup }) => speedup !== undefined)?.speedup?.reference;
}

function tabulateRounds(measured: readonly Candidate[], reference: string | undefined): Table[] {
  const rows = measured.filter(({ evidence }) => evidence !== 'first-look');
  if (rows.length === 0) return [];
  return [
    tabulate(rows, {
      caption: 'Time of an average response',
      columns: [
        ...timeColumns(reference, ({ costNs }) => costNs?.median),
        right('rounds', ({ rounds }) => figure(rounds, formatCount)),
      ],
    }),
  ];
}

/**
 * Those who were looked at once, with the reference as it was looked at: their times were taken with another procedure,
 * so that neither they nor their ratios may stand beside those of the rounds.
 */
function tabulateFirstLooks(measured: readonly Candidate[], reference: string | undefined): Table[] {
  const rows = measured
    .filter(({ evidence, contender }) => evidence === 'first-look' || contender === reference)
    .toSorted((a, b) => (a.firstLookNs ?? 0) - (b.firstLookNs ?? 0));
  if (!rows.some(({ evidence }) => evidence === 'first-look')) return [];
  return [
    tabulate(rows, {
      caption: 'First look: one short reading each, not to be held against times from rounds',
      columns: timeColumns(reference, ({ firstLookNs }) => firstLookNs),
    }),
  ];
}

function timeColumns(
  reference: string | undefined,
  timeOf: (candidate: Candidate) => number | undefined,
): ColumnOf<Candidate>[] {
  return [
    left('contender', ({ contender, standing }) => toned(contenderCell(contender), tones[standing])),
    left('standing', ({ standing }) => toned({ text: tellStanding(standing) }, tones[standing])),
    right('a response', (candidate) => figure(timeOf(candidate), formatTime)),
    right('speed against the reference', (candidate) => speedCell(candidate, reference)),
    left('asks for', ({ burdens }) => listBurdens(burdens)),
  ];
}

function tabulateCosts(measured: readonly Candidate[]): Table {
  const encodings = measured.find(({ encoded }) => encoded !== undefined)?.encoded ?? [];
  return tabulate(measured, {
    caption: 'What else it costs',
    columns: [
      left('contender', ({ contender }) => contenderCell(contender)),
      right('compile', ({ compileNs }) => figure(compileNs, formatTime)),
      right('pays off after', ({ breakEvenCalls }) => breakEvenCell(breakEvenCalls)),
      right('longest call', ({ peakBlockNs }) => figure(peakBlockNs, formatTime)),
      right('allocates', ({ allocatedBytesPerOp }) => figure(allocatedBytesPerOp, formatBytes)),
      right('size', ({ outputBytes }) => figure(outputBytes, formatBytes)),
      ...encodings.map(({ encoding, level }) =>
        right<Candidate>(`${encoding} ${level}`, ({ encoded }) =>
          figure(encoded?.find((own) => own.encoding === encoding)?.sizeBytes, formatBytes),
        ),
      ),
    ],
  });
}

/** @param calls `null` where compiling never pays off. */
function breakEvenCell(calls: number | null | undefined): TableCell | string {
  if (calls === undefined) return nothing;
  return calls === null ? 'never' : { text: formatPlural(calls, 'response'), value: calls };
}
