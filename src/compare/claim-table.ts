/**
 * A table of times that others state, measured again: the two contenders it compares, and others beside them.
 */
import type { CellStatus, MicroCell } from '../model/cell.ts';
import type { ClaimSet } from '../model/claims.ts';
import type { Variant } from '../model/values.ts';
import type { Interval } from '../stats/intervals.ts';
import { isTimed, timeOf } from './cells.ts';
import { speedupInGroup } from './ratios.ts';

/** The stated table at one size and in one variant, measured here. */
export interface ClaimRow {
  readonly items: number;
  readonly variant: Variant;
  /** In the order: against, subject, then those beside; what was not measured has no time. */
  readonly times: readonly ClaimTime[];
  /** time(against) / time(subject). */
  readonly ratio?: Interval;
}

export interface ClaimTime {
  readonly contender: string;
  readonly latencyNs?: number;
  /** time(subject) / time(this contender); absent for the two that the table compares. */
  readonly overSubject?: Interval;
  /** What became of a cell without a time. */
  readonly status?: CellStatus;
}

/** Ascending by items within a variant, text first; sizes of the run, whether stated or not. */
export function measureClaimTable(all: readonly MicroCell[], { payload, table }: ClaimSet): ClaimRow[] {
  const { suite, subject, against, beside } = table;
  const cells = all.filter(({ id }) => id.suite === suite && id.payload === payload && id.sink === 'bytes');
  return (['text', 'native'] as const).flatMap((variant) => {
    const ownVariant = cells.filter(({ id }) => id.variant === variant);
    const compared = ownVariant.filter(({ id }) => id.contender === subject || id.contender === against);
    const sizes = [...new Set(compared.map(({ id }) => id.items))].toSorted((a, b) => a - b);
    return sizes.map((items): ClaimRow => {
      const find = (contender: string): MicroCell | undefined =>
        ownVariant.find(({ id }) => id.items === items && id.contender === contender);
      const first = find(subject);
      const ratio = speedupBetween(first, find(against));
      const others = beside.map((contender) =>
        describeTime(contender, find(contender), speedupBetween(find(contender), first)),
      );
      const times = [describeTime(against, find(against)), describeTime(subject, first), ...others];
      return { items, variant, times, ...(ratio === undefined ? {} : { ratio }) };
    });
  });
}

function describeTime(contender: string, cell: MicroCell | undefined, overSubject?: Interval): ClaimTime {
  if (cell === undefined) return { contender };
  if (!isTimed(cell)) return { contender, status: cell.status };
  return { contender, latencyNs: timeOf(cell).median, ...(overSubject === undefined ? {} : { overSubject }) };
}

function speedupBetween(subject: MicroCell | undefined, against: MicroCell | undefined): Interval | undefined {
  if (subject === undefined || against === undefined || !isTimed(subject) || !isTimed(against)) return undefined;
  return speedupInGroup({ subject, against });
}
