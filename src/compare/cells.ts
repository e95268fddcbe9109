/**
 * Which cells belong together: the same cell in another round, and the group that speedups are formed in.
 *
 * Keys are for maps inside one process and are never stored. Deliberately absent: any order; the plan gives it.
 */
import type { Cell, CellId } from '../model/cell.ts';

/** Cells that belong together: never none. */
export type CellGroup = readonly [Cell, ...Cell[]];

/** A cell that was timed and found correct. */
export type TimedCell = Cell & Required<Pick<Cell, 'latencyNs'>>;

/** Equal for two ids exactly where all six parts are equal. */
export function cellKey(cell: CellId): string {
  return JSON.stringify([groupKey(cell), cell.contender]);
}

/** Equal for cells that differ in nothing but the contender, so that their times may be compared. */
export function groupKey(cell: CellId): string {
  return JSON.stringify([cell.suite, cell.payload, cell.items, cell.variant, cell.sink]);
}

/** Whether the cell has times that may be compared; an incorrect one never has. */
export function isTimed(cell: Cell): cell is TimedCell {
  return cell.status === 'ok' && cell.latencyNs !== undefined;
}

/**
 * Values under the key that each of them has, keys and values in the order of first appearance.
 * @returns an empty map for an empty list.
 */
export function groupBy<T, K extends string>(values: Iterable<T>, key: (value: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
