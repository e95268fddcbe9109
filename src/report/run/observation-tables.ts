/**
 * The type-handling table: inputs against contenders with short marks, and the exact outputs behind the marks.
 *
 * Contenders are columns named by letters, since their names would not fit.
 */
import { groupBy } from '../../compare/cells.ts';
import type { MicroCell, Observation } from '../../model/cell.ts';
import { describeForm } from '../catalog.ts';
import type { Block, Table, TableCell, Tone } from '../document.ts';
import { details, list, paragraph } from '../parts/blocks.ts';
import { left, tabulate, tabulateGroups } from '../parts/table.ts';
import { tellContender } from './footnotes.ts';

const marks: Readonly<Record<Observation['outcome'], { mark: string; meaning: string; tone: Tone }>> = {
  kept: { mark: '=', meaning: 'kept: the whole value', tone: 'good' },
  converted: { mark: '~', meaning: 'converted: the accepted text where JSON has no room for the value', tone: 'good' },
  changed: { mark: '!', meaning: 'changed: something else was written', tone: 'bad' },
  error: { mark: 'E', meaning: 'error: it threw', tone: 'bad' },
  rejected: { mark: 'r', meaning: 'rejected: it threw, and an error is the right answer', tone: 'good' },
  crashed: { mark: 'X', meaning: 'crashed or hung', tone: 'bad' },
  unsupported: { mark: '-', meaning: 'unsupported: no such value here', tone: 'muted' },
};

/** One matrix for each variant and sink, its legend, the outputs that went wrong, and all outputs as details. */
export function tabulateObservations(cells: readonly MicroCell[]): Block[] {
  const groups = [...groupBy(cells, ({ id }) => JSON.stringify([id.payload, id.variant, id.sink])).values()];
  return groups.flatMap((group) => {
    const observed = group.filter(({ observations }) => observations !== undefined);
    const missing = group.filter((cell) => cell.status !== 'ok');
    const caption = groups.length > 1 ? describeForm(group[0].id) : undefined;
    const outputs = groupOutputs(observed);
    const troubles = outputs
      .map(({ input, variants }) => ({ input, variants: variants.filter(({ isFine }) => !isFine) }))
      .filter(({ variants }) => variants.length > 0);
    return [
      ...(observed.length === 0 ? [] : [keyOf(observed), tabulateMarks(observed, caption), ...legendOf(observed)]),
      ...(troubles.length === 0 ? [] : [tabulateTroubles(troubles, observed)]),
      ...(outputs.length === 0 ? [] : [allOutputs(outputs)]),
      ...listMissing(missing),
    ];
  });
}

/** A, B, ... Z, AA, AB, ... */
function letter(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

function keyOf(cells: readonly MicroCell[]): Block {
  return paragraph(cells.map(({ id }, index) => `${letter(index)} ${id.contender}`).join(' · '));
}

function legendOf(cells: readonly MicroCell[]): Block[] {
  const used = new Set(cells.flatMap(({ observations }) => (observations ?? []).map(({ outcome }) => outcome)));
  const shown = new Set([...used].map((outcome) => marks[outcome]));
  const items = Object.values(marks).filter((mark) => shown.has(mark));
  return list(items.map(({ mark, meaning }) => ({ text: `${mark}  ${meaning}`, tone: 'muted' })));
}

function tabulateMarks(cells: readonly MicroCell[], caption: string | undefined): Table {
  const inputs = [...new Set(cells.flatMap(({ observations }) => (observations ?? []).map(({ input }) => input)))];
  const markOf = ({ observations }: MicroCell, input: string): TableCell | string => {
    const found = observations?.find((observation) => observation.input === input);
    return found === undefined ? '' : markCell(found.outcome);
  };
  return tabulate(inputs, {
    ...(caption === undefined ? {} : { caption }),
    columns: [
      left<string>('input', (input) => input),
      ...cells.map((cell, index) =>
        left<string>(letter(index), (input) => markOf(cell, input), { contender: cell.id.contender }),
      ),
    ],
  });
}

function markCell(outcome: Observation['outcome']): TableCell {
  const { mark, tone } = marks[outcome];
  return { text: mark, tone };
}

/** What one input became, identical outputs together. */
interface Outputs {
  readonly input: string;
  readonly variants: readonly WrittenText[];
}

interface WrittenText {
  readonly output: string;
  readonly outcome: Observation['outcome'];
  readonly contenders: readonly string[];
  readonly isFine: boolean;
}

function groupOutputs(cells: readonly MicroCell[]): Outputs[] {
  const all = cells.flatMap(({ id: { contender }, observations }) => {
    return (observations ?? []).map((observation) => ({ contender, ...observation }));
  });
  return [...groupBy(all, ({ input }) => input)].map(([input, own]) => ({
    input,
    variants: [...groupBy(own, ({ outcome, output }) => JSON.stringify([outcome, output])).values()].map((same) => ({
      output: same[0].output,
      outcome: same[0].outcome,
      contenders: same.map(({ contender }) => contender),
      isFine: marks[same[0].outcome].tone === 'good',
    })),
  }));
}

/** Short enough for a screen: contenders by the letters of the matrix above. */
function tabulateTroubles(outputs: readonly Outputs[], observed: readonly MicroCell[]): Table {
  const letters = new Map(observed.map(({ id }, index) => [id.contender, letter(index)]));
  const caption = 'Where the value changes, or nothing comes out';
  return { ...tabulateOutputs(outputs, (contender) => letters.get(contender) ?? contender), caption };
}

function tabulateOutputs(outputs: readonly Outputs[], nameOf: (contender: string) => string): Table {
  const groups = outputs.map(({ input, variants }) => ({ label: { text: input }, rows: variants }));
  return tabulateGroups<WrittenText>(groups, {
    labelTitle: 'input',
    columns: [
      left('', ({ outcome }) => markCell(outcome)),
      left('written', ({ output }) => ({ text: output, code: true }), { overflow: 'truncate' }),
      left('by', ({ contenders }) => contenders.map(nameOf).join(', ')),
    ],
  });
}

function allOutputs(outputs: readonly Outputs[]): Block {
  return details('Every exact output', [tabulateOutputs(outputs, (contender) => contender)]);
}

function listMissing(cells: readonly MicroCell[]): Block[] {
  return list(cells.map((cell) => ({ text: tellContender(cell), tone: 'bad' })));
}
