/**
 * What a stored baseline makes suspicious, as a document.
 */
import type { BaselineCell } from '../../compare/baseline.ts';
import type { Change } from '../../model/gate.ts';
import type { Block, Document, TableCell } from '../document.ts';
import { nameCell } from './gate-sentences.ts';
import { formatChange, formatChanges, formatPlural, formatSetting, nothing } from '../quantities.ts';
import { tellGateCommand } from './repeat-command.ts';

/**
 * @param request.commit of the baseline, where it is known; @param request.invocation how the gate is called there.
 */
export function reportBaseline(request: {
  cells: readonly BaselineCell[];
  commit: string | undefined;
  invocation?: string;
}): Document {
  const { cells, commit, invocation } = request;
  const references = [...new Set(cells.flatMap(({ changes }) => changes.map(({ reference }) => reference)))];
  const suspects = cells.filter(({ isSuspect }) => isSuspect);
  return {
    title:
      suspects.length === 0
        ? 'Nothing suspicious beside the stored baseline'
        : `${formatPlural(suspects.length, 'cell')} to confirm`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${formatPlural(cells.length, 'cell')} compared with the stored run${commit === undefined ? '' : ` of commit ${commit}`}, by ratios to ${references.join(' and ')} inside each run. Slower beside every reference, beyond tolerance and interval, is a reason to look, not a verdict: two sessions differ by more than their code.`,
      },
      {
        kind: 'table',
        columns: [
          { title: 'cell', align: 'left' },
          ...references.map((reference) => ({ title: `beside ${reference}`, align: 'right' as const })),
          { title: 'tolerance', align: 'right' },
          { title: '', align: 'left' },
        ],
        groups: [{ rows: cells.map((cell) => rowOf(cell, references)) }],
      },
      ...(references.length > 1
        ? []
        : [{ kind: 'note' as const, tone: 'warning' as const, text: onlyOne(references) }]),
      ...(suspects.length === 0 ? [] : tellHowToConfirm(suspects, { commit, invocation })),
    ],
  };
}

function onlyOne(references: readonly string[]): string {
  return `The stored run has times of only one reference (${references.join()}): had that one changed, all cells would seem to. A run with \`--contender\` naming a second one as well makes a better baseline.`;
}

function rowOf({ cell, changes, tolerance, isSuspect }: BaselineCell, references: readonly string[]): TableCell[] {
  return [
    { text: nameCell(cell) },
    ...references.map((reference): TableCell => {
      const found = changes.find((change) => change.reference === reference);
      return found === undefined ? { text: nothing } : { text: describe(found.change), value: found.change.value };
    }),
    { text: formatSetting(tolerance.time), value: tolerance.time },
    isSuspect ? { text: 'suspect', tone: 'warning' } : { text: 'ok', tone: 'muted' },
  ];
}

function describe({ value, lo, hi }: Change): string {
  return lo === undefined || hi === undefined
    ? formatChange(value)
    : `${formatChange(value)} (${formatChanges({ lo, hi })})`;
}

function tellHowToConfirm(
  suspects: readonly BaselineCell[],
  { commit, invocation }: { commit: string | undefined; invocation: string | undefined },
): Block[] {
  if (commit === undefined) {
    return [
      {
        kind: 'paragraph',
        text: 'The stored run names no commit. Measure these cells side by side with the state that it was measured on: `wirebench gate --base REF`.',
      },
    ];
  }
  const base = commit.replace(/-dirty$/, '');
  const text =
    base === commit
      ? 'Measure that commit and the working tree side by side:'
      : 'Measure its commit and the working tree side by side; the stored run was measured on a changed tree, and the commit has none of those changes:';
  return [
    { kind: 'paragraph', text },
    ...suspects.map(({ cell }): Block => ({
      kind: 'code',
      text: tellGateCommand({ base, head: undefined, cell, invocation }),
    })),
  ];
}
