/**
 * Garbage that brings the young generation to another fill before each turn.
 *
 * Operations that allocate much fall into step with the collector: in one process each collection comes in the middle of
 * an operation and copies all that is alive, in the next one each comes between two, where nothing is, and either goes on
 * for as long as nothing else allocates. A server allocates for much else between two responses, so no such step lasts.
 *
 * The fills are spread evenly over the turns of a process instead of drawn for each: how many collections its turns hold
 * between them is then nearly their mean, which is most of what a few dozen short turns vary by.
 */
import type { Bytes } from '../../model/values.ts';

/** Of one piece; small enough to lie in the young generation like everything else. */
const pieceBytes: Bytes = 65_536;
/** As much as the young generation of a measured process can hold. */
const mostBytes: Bytes = 32 * 2 ** 20;
/** Multiples of it, modulo 1, lie evenly in every stretch of them: (sqrt(5) - 1) / 2. */
const goldenRatio = 0.618_033_988_749_894_9;

const piece = Array.from({ length: pieceBytes / 8 }, () => 0);

const sink: { last: unknown } = { last: undefined };

/**
 * @param start where the fills begin, in [0, 1); random, so that each process has every fill with the same chance.
 * @param collectYoung empties the young generation.
 * @returns leaves garbage for the next fill, each time it is called, and gives that fill.
 */
export function createLitter(start: number, collectYoung: () => void): () => number {
  let fill = start;
  return () => {
    fill = (fill + goldenRatio) % 1;
    collectYoung();
    for (let left = fill * mostBytes; left > 0; left -= pieceBytes) sink.last = piece.slice();
    sink.last = undefined;
    return fill;
  };
}
