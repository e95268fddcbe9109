/**
 * How near a serializer comes to what is possible while the reference writes the text: its speed on values with Dates
 * and UUIDs, as a share of the reference's on the same values as text.
 *
 * Two groups that were measured one after the other stand in each figure, so it has no interval.
 */
import { groupBy, isTimed, medianOf, speedupOf } from '../../compare/cells.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { Run } from '../../model/run.ts';
import { describePayload, type Metadata } from '../catalog.ts';
import type { Document, TableCell } from '../document.ts';
import { paragraph } from '../parts/blocks.ts';
import { titleRuntime } from '../parts/environment-lines.ts';
import { left, right, tabulate } from '../parts/table.ts';
import { formatCount, formatMoment, formatPercent, nothing } from '../quantities.ts';

export interface CeilingRequest {
  readonly run: Run;
  readonly registry: Metadata;
  readonly suite: string;
  /** Whose share is shown. */
  readonly contender: string;
}

/** A table with a row for each payload that was measured in both variants, and what it says in a sentence. */
export function reportCeiling({ run, registry, suite, contender }: CeilingRequest): Document {
  const cells = run.cells.filter(({ id }) => id.suite === suite && id.sink === 'bytes');
  const ceiling = cells.map((cell) => speedupOf(cell)?.reference).find((name) => name !== undefined) ?? contender;
  const payloads = [...groupBy(cells, ({ id }) => id.payload)].filter(
    ([, own]) => new Set(own.map(({ id }) => id.variant)).size === 2,
  );
  const sizes = [...new Set(payloads.flatMap(([, own]) => own.map(({ id }) => id.items)))].toSorted((a, b) => a - b);
  const table = tabulate(payloads, {
    caption: `${contender} on Dates and UUIDs, as a share of the speed of ${ceiling} on the same values as text, by number of items`,
    columns: [
      left<(typeof payloads)[number]>('payload', ([payload]) => describePayload(registry, payload)),
      ...sizes.map((items) =>
        right<(typeof payloads)[number]>(formatCount(items), ([, own]) =>
          shareOf(
            own.filter(({ id }) => id.items === items),
            { contender, ceiling },
          ),
        ),
      ),
    ],
  });
  return {
    title: '',
    blocks: [table, paragraph(`Measured ${formatMoment(run.startedAt)} on ${titleRuntime(run.environment)}.`)],
  };
}

function shareOf(
  cells: readonly MicroCell[],
  { contender, ceiling }: { contender: string; ceiling: string },
): TableCell {
  const timeOf = (name: string, variant: string): number | undefined => {
    const cell = cells.find(({ id }) => id.contender === name && id.variant === variant);
    return cell !== undefined && isTimed(cell) ? medianOf(cell, 'latencyNs') : undefined;
  };
  const [own, least] = [timeOf(contender, 'native'), timeOf(ceiling, 'text')];
  if (own === undefined || least === undefined) return { text: nothing };
  return { text: formatPercent(least / own), value: least / own };
}
