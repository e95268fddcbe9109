/**
 * Where a page ended, as text that clients send back and cannot read anything into.
 *
 * It holds the kind and the sequence number of the last entity, so what is created or deleted meanwhile moves nothing.
 */
import type { EntityKind } from '../entities/entity.ts';

/** @param sequence of the last entity on the page, a positive integer. */
export function writeCursor(kind: EntityKind, sequence: number): string {
  return Buffer.from(`${kind} ${sequence}`).toString('base64url');
}

/**
 * The sequence number that a cursor holds.
 * @throws {RangeError} for text that `writeCursor` does not give for this kind.
 */
export function readCursor(kind: EntityKind, cursor: string): number {
  const [, sequence] = /^[a-z]+ ([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  // Written again, because there are many ways to spell the same bytes and another kind's cursor is one of no page
  // here.
  if (sequence === undefined || writeCursor(kind, Number(sequence)) !== cursor) {
    throw new RangeError(`no cursor of ${kind}: ${JSON.stringify(cursor.slice(0, 80))}`);
  }
  return Number(sequence);
}
