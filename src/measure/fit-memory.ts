/**
 * Which cells of a group may be alive together: documents of many megabytes, held by a dozen processes at once, would
 * need more memory than a machine has.
 */

/** Bytes of memory a process needs for each byte of its catalogs: texts, values, checks and outputs, generously. */
const memoryPerByte = 25;
/** Bytes that a process has before it has read anything. */
const ownMemory = 100e6;
/** Share of the memory that is free which an ensemble may fill. */
const usableShare = 0.6;

/**
 * Parts of a group that fit into memory one after the other, in the order given; one part where all fit, and no empty
 * one. A cell that does not fit by itself is tried by itself.
 * @param request.catalogBytes of all catalogs of a process together.
 */
export function fitIntoMemory<T>(
  cells: readonly T[],
  { catalogBytes, freeBytes }: { catalogBytes: number; freeBytes: number },
): T[][] {
  const most = Math.max(1, Math.floor((usableShare * freeBytes) / (ownMemory + memoryPerByte * catalogBytes)));
  const parts = Math.ceil(cells.length / most);
  const size = Math.ceil(cells.length / Math.max(1, parts));
  return Array.from({ length: parts }, (_, index) => cells.slice(index * size, (index + 1) * size));
}
