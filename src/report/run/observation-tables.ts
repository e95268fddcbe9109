/**
 * The type-handling table: inputs against contenders with short marks, and the exact outputs behind the marks.
 *
 * Contenders are columns named by letters, since their names would not fit. Deliberately absent: judgement; the
 * outcomes are the cells' own.
 */
import { groupBy } from '../../compare/cells.ts';
import type { Cell, Observation } from '../../model/cell.ts';
import { describeForm } from '../catalog.ts';
import type { Block, RowGroup, Table, TableCell, Tone } from '../document.ts';
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
export function tabulateObservations(cells: readonly Cell[]): Block[] {
  const groups = [...groupBy(cells, ({ variant, sink, payload }) => JSON.stringify([payload, variant, sink])).values()];
  return groups.flatMap((group) => {
    const observed = group.filter(({ observations }) => observations !== undefined);
    const missing = group.filter((cell) => cell.status !== 'ok');
    const caption = groups.length > 1 ? describeForm(group[0]) : undefined;
    const outputs = groupOutputs(observed);
    const troubles = outputs
      .map(({ input, variants }) => ({ input, variants: variants.filter(({ isFine }) => !isFine) }))
      .filter(({ variants }) => variants.length > 0);
    return [
      ...(observed.length === 0 ? [] : [keyOf(observed), tabulateMarks(observed, caption), legendOf(observed)]),
      ...(troubles.length === 0 ? [] : [tabulateTroubles(troubles, observed)]),
      ...(outputs.length === 0 ? [] : [allOutputs(outputs)]),
      ...(missing.length === 0 ? [] : [listMissing(missing)]),
    ];
  });
}

/** A, B, ... Z, AA, AB, ... */
function letter(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

function keyOf(cells: readonly Cell[]): Block {
  return { kind: 'paragraph', text: cells.map(({ contender }, index) => `${letter(index)} ${contender}`).join(' · ') };
}

function legendOf(cells: readonly Cell[]): Block {
  const used = new Set(cells.flatMap(({ observations }) => (observations ?? []).map(({ outcome }) => outcome)));
  const shown = new Set([...used].map((outcome) => marks[outcome]));
  const items = Object.values(marks).filter((mark) => shown.has(mark));
  return { kind: 'list', items: items.map(({ mark, meaning }) => ({ text: `${mark}  ${meaning}`, tone: 'muted' })) };
}

function tabulateMarks(cells: readonly Cell[], caption: string | undefined): Table {
  const inputs = [...new Set(cells.flatMap(({ observations }) => (observations ?? []).map(({ input }) => input)))];
  const rows = inputs.map((input): TableCell[] => [
    { text: input },
    ...cells.map(({ observations }): TableCell => {
      const found = observations?.find((observation) => observation.input === input);
      return found === undefined ? { text: '' } : { text: marks[found.outcome].mark, tone: marks[found.outcome].tone };
    }),
  ]);
  return {
    kind: 'table',
    ...(caption === undefined ? {} : { caption }),
    columns: [
      { title: 'input', align: 'left' },
      ...cells.map(({ contender }, index) => ({ title: letter(index), align: 'left' as const, contender })),
    ],
    groups: [{ rows }],
  };
}

/** What one input became, identical outputs together. */
interface Outputs {
  readonly input: string;
  readonly variants: readonly {
    readonly output: string;
    readonly outcome: Observation['outcome'];
    readonly contenders: readonly string[];
    readonly isFine: boolean;
  }[];
}

function groupOutputs(cells: readonly Cell[]): Outputs[] {
  const all = cells.flatMap(({ contender, observations }) => {
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
function tabulateTroubles(outputs: readonly Outputs[], observed: readonly Cell[]): Table {
  const letters = new Map(observed.map(({ contender }, index) => [contender, letter(index)]));
  const caption = 'Where the value changes, or nothing comes out';
  return { ...tabulateOutputs(outputs, (contender) => letters.get(contender) ?? contender), caption };
}

function tabulateOutputs(outputs: readonly Outputs[], nameOf: (contender: string) => string): Table {
  return {
    kind: 'table',
    labelTitle: 'input',
    columns: [
      { title: '', align: 'left' },
      { title: 'written', align: 'left', overflow: 'truncate' },
      { title: 'by', align: 'left' },
    ],
    groups: outputs.map(({ input, variants }): RowGroup => ({
      label: { text: input },
      rows: variants.map(({ outcome, output, contenders }) => [
        { text: marks[outcome].mark, tone: marks[outcome].tone },
        { text: output, code: true },
        { text: contenders.map(nameOf).join(', ') },
      ]),
    })),
  };
}

function allOutputs(outputs: readonly Outputs[]): Block {
  const summary = 'Every exact output';
  return { kind: 'details', summary, blocks: [tabulateOutputs(outputs, (contender) => contender)] };
}

function listMissing(cells: readonly Cell[]): Block {
  return { kind: 'list', items: cells.map((cell) => ({ text: tellContender(cell), tone: 'bad' })) };
}
