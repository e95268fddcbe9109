/**
 * The one table for a README: speedups of a suite on one payload, a column a size.
 *
 * The same figures as in the full report, without times, bytes and notes. Deliberately absent: any other selection;
 * what is not in the run is not in the table.
 */
import { groupBy, isTimed } from '../../compare/cells.ts';
import { rankContenders } from '../../compare/ranking.ts';
import { standing } from '../../compare/speedup.ts';
import type { Cell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import { describePayload, flagLegend, flagsOf, type Metadata } from '../catalog.ts';
import type { Document, RowGroup, TableCell } from '../document.ts';
import { formatCount, formatInterval, formatMegabytes, formatMoment, formatRatio, nothing } from '../quantities.ts';

export interface HeadlineRequest {
  readonly run: Run;
  readonly registry: Metadata;
  readonly suite: string;
  readonly payload: string;
}

/** A document of one table and its legend; without rows where the run has no such cells. */
export function reportHeadline({ run, registry, suite, payload }: HeadlineRequest): Document {
  const cells = run.cells.filter((cell) => cell.suite === suite && cell.payload === payload && cell.sink === 'bytes');
  const sizes = [...new Set(cells.map(({ items }) => items))].toSorted((a, b) => a - b);
  const groups = [...groupBy(cells, ({ variant }) => variant)].map(([variant, own]): RowGroup => ({
    label: { text: variant },
    rows: rankContenders(own).map((contender) => [
      { text: contender },
      { text: flagsOf(registry, contender) },
      ...sizes.map((items) => summarize(own.find((cell) => cell.contender === contender && cell.items === items))),
    ]),
  }));
  const { node, cpuModel, cores } = run.environment;
  return {
    title: '',
    blocks: [
      {
        kind: 'table',
        caption: `${describePayload(registry, payload)}: speedup over the reference, with its interval, by number of items`,
        labelTitle: 'variant',
        columns: [
          { title: 'contender', align: 'left' },
          { title: 'flags', align: 'left' },
          ...sizes.map((items) => ({ title: formatCount(items), align: 'right' as const })),
        ],
        groups,
      },
      {
        kind: 'list',
        items: flagLegend(
          registry,
          cells.map(({ contender }) => contender),
        ).map((text) => ({ text })),
      },
      {
        kind: 'paragraph',
        text: `Measured ${formatMoment(run.startedAt)} on Node ${node}, ${cpuModel}, ${cores} cores, profile ${run.profile}.`,
      },
    ],
  };
}

function summarize(cell: Cell | undefined): TableCell {
  if (cell === undefined) return { text: nothing };
  if (!isTimed(cell)) return { text: cell.status, tone: 'bad' };
  const { speedup, contender, throughputBytesPerSec } = cell;
  if (speedup === undefined) return { text: nothing };
  if (contender === speedup.reference) {
    const rate = throughputBytesPerSec === undefined ? '' : `, ${formatMegabytes(throughputBytesPerSec)} MB/s`;
    return { text: `reference${rate}`, value: 1 };
  }
  const { ratio, lo, hi } = speedup;
  if (lo === undefined || hi === undefined) return { text: formatRatio(ratio), value: ratio };
  if (standing(speedup) === 'no-difference')
    return { text: `no difference (${formatInterval({ lo, hi })})`, value: ratio };
  const text = `${formatRatio(ratio)} (${formatInterval({ lo, hi })})`;
  return { text, value: ratio, ...(standing(speedup) === 'faster' ? { tone: 'strong' as const } : {}) };
}
