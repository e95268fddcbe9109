/**
 * The one table for a README: speedups of a suite on one payload, a column a size.
 *
 * The same figures as in the full report, without times, bytes and notes.
 */
import { groupBy } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import { describePayload, flagLegend, flagsOf, type Metadata } from '../catalog.ts';
import type { Document } from '../document.ts';
import { list, paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
import { tellProcessors } from '../parts/shard-lines.ts';
import { left, right, tabulateGroups } from '../parts/table.ts';
import { formatCount, formatMoment } from '../quantities.ts';
import { speedupCell } from './speedup-cell.ts';

export interface HeadlineRequest {
  readonly run: Run;
  readonly registry: Metadata;
  readonly suite: string;
  readonly payload: string;
}

/** A contender with its cells. */
interface ContenderRow {
  readonly contender: string;
  readonly cells: readonly MicroCell[];
}

/** A document of one table and its legend; without rows where the run has no such cells. */
export function reportHeadline({ run, registry, suite, payload }: HeadlineRequest): Document {
  const cells = run.cells.filter(({ id }) => id.suite === suite && id.payload === payload && id.sink === 'bytes');
  const sizes = [...new Set(cells.map(({ id }) => id.items))].toSorted((a, b) => a - b);
  const groups = [...groupBy(cells, ({ id }) => id.variant)].map(([variant, own]) => ({
    label: { text: variant },
    rows: rankContenders(own).map((contender): ContenderRow => {
      return { contender, cells: own.filter(({ id }) => id.contender === contender) };
    }),
  }));
  const table = tabulateGroups(groups, {
    caption: `${describePayload(registry, payload)}: speedup over the reference, with its interval, by number of items`,
    labelTitle: 'variant',
    columns: [
      left<ContenderRow>('contender', ({ contender }) => contender),
      left('flags', ({ contender }) => flagsOf(registry, contender)),
      ...sizes.map((items) =>
        right<ContenderRow>(formatCount(items), (row) => speedupCell(row.cells.find(({ id }) => id.items === items))),
      ),
    ],
  });
  const legend = flagLegend(
    registry,
    cells.map(({ id }) => id.contender),
  );
  return {
    title: '',
    blocks: [
      table,
      ...list(legend),
      paragraph(
        `Measured ${formatMoment(run.startedAt)} on ${titleRuntime(run.environment)}, ${tellProcessors(run)}, profile ${run.profile}.`,
      ),
    ],
  };
}
