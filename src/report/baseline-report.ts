/**
 * What a stored baseline makes suspicious, as a document.
 */
import type { BaselineCell } from '../compare/baseline.ts';
import type { CellId, Change } from '../model.ts';
import type { Document, TableCell } from './document.ts';
import { formatChange, formatChanges, formatCount, formatPlural, formatSetting } from './quantities.ts';

/**
 * @param request.commit of the baseline, where it is known.
 * @param request.references the contenders that times were divided by.
 */
export function reportBaseline(request: { cells: readonly BaselineCell[]; commit: string | undefined; references: readonly string[] }): Document {
  const { cells, commit, references } = request;
  const suspects = cells.filter(({ isSuspect }) => isSuspect);
  return {
    title: suspects.length === 0 ? 'Nothing suspicious beside the stored baseline' : `${formatPlural(suspects.length, 'cell')} to confirm`,
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
      ...(suspects.length === 0
        ? []
        : [
            { kind: 'paragraph' as const, text: 'Measure both commits side by side:' },
            { kind: 'list' as const, items: suspects.map(({ cell }) => ({ text: confirmCommand(cell, commit) })) },
          ]),
    ],
  };
}

function rowOf({ cell, changes, tolerance, isSuspect }: BaselineCell, references: readonly string[]): TableCell[] {
  return [
    { text: nameOf(cell) },
    ...references.map((reference): TableCell => {
      const found = changes.find((change) => change.reference === reference);
      return found === undefined ? { text: '–' } : { text: describe(found.change), value: found.change.value };
    }),
    { text: formatSetting(tolerance.time), value: tolerance.time },
    isSuspect ? { text: 'suspect', tone: 'warning' } : { text: 'ok', tone: 'muted' },
  ];
}

function describe({ value, lo, hi }: Change): string {
  return lo === undefined || hi === undefined ? formatChange(value) : `${formatChange(value)} (${formatChanges({ lo, hi })})`;
}

function nameOf({ suite, contender, payload, items, variant, sink }: CellId): string {
  return [suite, contender, payload, formatCount(items), variant, sink].join('/');
}

function confirmCommand({ suite, contender, payload, items, variant, sink }: CellId, commit: string | undefined): string {
  const base = commit === undefined ? '' : ` --base ${commit.replace(/-dirty$/, '')}`;
  return `npx -y pnpm@12 bench:gate${base} --suite ${suite} --contender ${contender} --payload ${payload} --items ${items} --variant ${variant} --sink ${sink}`;
}
