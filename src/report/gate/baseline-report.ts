/**
 * What a stored baseline makes suspicious, as a document.
 */
import type { BaselineCell } from '../../compare/baseline.ts';
import type { Block, Document } from '../document.ts';
import { command, paragraph, warning } from '../parts/blocks.ts';
import { figure } from '../parts/figure-cells.ts';
import { left, right, tabulate } from '../parts/table.ts';
import { formatBoundedChange, formatPlural, formatSetting, nothing } from '../quantities.ts';
import { showCell } from './gate-sentences.ts';
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
      paragraph(
        [
          `${formatPlural(cells.length, 'cell')} compared with the stored run${commit === undefined ? '' : ` of commit ${commit}`}, by ratios to ${references.join(' and ')} inside each run.`,
          'Slower beside every reference, beyond tolerance and interval, is a reason to look, not a verdict: two sessions differ by more than their code.',
        ].join(' '),
      ),
      tabulate(cells, {
        columns: [
          left('cell', ({ cell }) => showCell(cell)),
          ...references.map((reference) =>
            right<BaselineCell>(`beside ${reference}`, ({ changes }) => {
              const found = changes.find((change) => change.reference === reference)?.change;
              return found === undefined ? nothing : { text: formatBoundedChange(found), value: found.value };
            }),
          ),
          right('tolerance', ({ tolerance }) => figure(tolerance.time, formatSetting)),
          left('', ({ isSuspect }) =>
            isSuspect ? { text: 'suspect', tone: 'warning' } : { text: 'ok', tone: 'muted' },
          ),
        ],
      }),
      ...(references.length > 1 ? [] : [warnOfOne(references)]),
      ...(suspects.length === 0 ? [] : tellHowToConfirm(suspects, { commit, invocation })),
    ],
  };
}

function warnOfOne(references: readonly string[]): Block {
  return warning(
    `The stored run has times of only one reference (${references.join()}): had that one changed, all cells would seem to. A run with \`--contender\` naming a second one as well makes a better baseline.`,
  );
}

function tellHowToConfirm(
  suspects: readonly BaselineCell[],
  { commit, invocation }: { commit: string | undefined; invocation: string | undefined },
): Block[] {
  if (commit === undefined) {
    return [
      paragraph(
        'The stored run names no commit. Measure these cells side by side with the state that it was measured on: `wirebench gate --base REF`.',
      ),
    ];
  }
  const base = commit.replace(/-dirty$/, '');
  return [
    paragraph(
      base === commit
        ? 'Measure that commit and the working tree side by side:'
        : 'Measure its commit and the working tree side by side; the stored run was measured on a changed tree, and the commit has none of those changes:',
    ),
    ...suspects.map(({ cell }) => command(tellGateCommand({ base, head: undefined, cell, invocation }))),
  ];
}
