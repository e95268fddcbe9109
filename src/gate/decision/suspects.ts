/**
 * The first look: which cells need fresh duets, and how urgently.
 */
import type { MicroCellId } from '../../model/cell.ts';
import type { CellEvidence } from './evidence.ts';
import { average, readCell, smallestDetectable } from './evidence.ts';
import { countDuets, describeChange, percent } from './wording.ts';

/** A cell that needs fresh duets. */
export interface Suspect {
  readonly cell: MicroCellId;
  /** A possible slowdown, too little evidence to say, or a possible improvement. */
  readonly kind: 'slower' | 'unclear' | 'faster';
  /** In [0, 3], more is sooner: above 2 for a slowdown, from 1 to 2 for unclear, below for an improvement. */
  readonly urgency: number;
  /** One sentence without a full stop. */
  readonly reason: string;
}

/**
 * Cells whose first look calls for fresh duets, most urgent first.
 *
 * The bar is half of the tolerance: a slowdown missed here is missed for good, a false suspect costs only time. For an
 * improvement, which no exit code depends on, it is the whole tolerance. Cells
 * whose statuses decide already (wrong output, no baseline) are no suspects. Looks at `screen` duets only.
 * @param cells any order; empty gives empty.
 */
export function findSuspects(cells: readonly CellEvidence[]): Suspect[] {
  return cells.flatMap((evidence) => suspectCell(evidence) ?? []).toSorted((a, b) => b.urgency - a.urgency);
}

export function suspectCell(evidence: CellEvidence): Suspect | undefined {
  const { cell } = evidence;
  const duets = evidence.duets.filter(({ stage }) => stage === 'screen');
  const { decided, logRatios, bound, outputBytes, allocations } = readCell({ ...evidence, duets });
  if (decided !== undefined) return undefined;
  const mean = average(logRatios);
  const change = Math.expm1(mean);
  const atFirst = `${describeChange(change)} at first look`;
  if (mean > bound / 2) return { cell, kind: 'slower', urgency: 2 + squeeze(change), reason: atFirst };
  if (logRatios.length < 2)
    return { cell, kind: 'unclear', urgency: 2, reason: `only ${countDuets(logRatios.length)} at first look` };
  const detectable = smallestDetectable(logRatios);
  if (detectable > 2 * evidence.tolerance.time) {
    const reason = `the first look cannot tell a change below ${percent(detectable)} from none`;
    return { cell, kind: 'unclear', urgency: 1 + squeeze(detectable), reason };
  }
  if (outputBytes?.unsettled === true)
    return { cell, kind: 'unclear', urgency: 1, reason: 'the output grew in duets of the first look' };
  if (allocations?.unsettled === true)
    return { cell, kind: 'unclear', urgency: 1, reason: 'allocations rose in many duets of the first look' };
  if (mean < -bound) return { cell, kind: 'faster', urgency: squeeze(-change), reason: atFirst };
  return undefined;
}

/** Maps [0, infinity) to [0, 1) in order, so that kinds of suspects stay apart. */
function squeeze(value: number): number {
  return value / (1 + value);
}
