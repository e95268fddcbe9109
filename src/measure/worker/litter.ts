/**
 * Garbage of a random size, which brings the young generation to a random fill before a turn.
 *
 * Operations that allocate much fall into step with the collector: in one process each collection comes in the middle of
 * an operation and copies all that is alive, in the next one each comes between two, where nothing is, and either goes on
 * for as long as nothing else allocates. A server allocates for much else between two responses, so no such step lasts.
 */
import type { Bytes } from '../../model/values.ts';

/** Of one piece; small enough to lie in the young generation like everything else. */
const pieceBytes: Bytes = 65_536;
/** As much as the young generation of a measured process can hold. */
const mostBytes: Bytes = 32 * 2 ** 20;

const piece = Array.from({ length: pieceBytes / 8 }, () => 0);

const sink: { last: unknown } = { last: undefined };

/** @param share of the largest amount, in [0, 1). */
export function litter(share: number): void {
  for (let left = share * mostBytes; left > 0; left -= pieceBytes) sink.last = piece.slice();
  sink.last = undefined;
}
