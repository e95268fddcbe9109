/**
 * How many items of a list are written at a time, by what the items just before them took.
 *
 * Few at first, more while they turn out to be small: nothing that another list was like can make a step of this one
 * large. Where pieces are bounded (`chunks`), small items are looked at before they are written together.
 */
import { types } from 'node:util';

/** Items written at once before anything is known of the list. */
const firstStep = 16;
/** Items written at once at most: an item that is suddenly large takes no more than so many others like it along. */
const mostStep = 256;
/** The same where pieces are bounded: items that are suddenly slow are noticed after so many. */
const mostStepOfPieces = 16;
/** From this size on an item of `chunks` is written alone, which costs less than looking at it first. */
const aloneBytes = 256;

/** @param guessedBytes of an item, from similar lists. @returns items, at least one and few. */
export function firstStepOf(guessedBytes: number, chunkBytes: number): number {
  return clamp(Math.round(chunkBytes / guessedBytes), firstStep);
}

/** @param last what was written last, at least one item and one byte. @returns items, at least one. */
export function nextStepOf(last: { items: number; bytes: number }, chunkBytes: number): number {
  return clamp(Math.round((chunkBytes * last.items) / last.bytes), Math.min(last.items * 4, mostStep));
}

/**
 * The end of the items that are to be written together into a piece.
 * @param request.lastBytes an item had on average in the last step; infinite before the first.
 * @param request.lastItems of that step.
 * @param request.leftBytes what the items should stay below; the first one is taken whatever its size.
 * @returns an index above `start`.
 */
export function endOfStep(request: {
  list: readonly unknown[];
  start: number;
  lastItems: number;
  lastBytes: number;
  leftBytes: number;
}): number {
  const { list, start, lastItems, lastBytes, leftBytes } = request;
  if (lastBytes >= aloneBytes) return start + 1;
  const most = Math.min(list.length, start + Math.min(lastItems * 4, mostStepOfPieces));
  let left = leftBytes;
  let end = start;
  while (end < most) {
    left -= roughSize(list[end], left);
    if (left < 0) break;
    end += 1;
  }
  return Math.max(end, start + 1);
}

/**
 * About the length of a value's JSON text, found out by no more steps than `limit`.
 * @returns more than `limit` for what is longer, or cannot be looked at without being noticed.
 */
export function roughSize(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (types.isProxy(value)) return limit + 1;
  let size = 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && size <= limit; index += 1)
      size += 1 + roughSize(value[index], limit - size);
    return size;
  }
  if (ArrayBuffer.isView(value)) return value.byteLength;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    size += key.length + 4 + roughSize((value as Record<string, unknown>)[key], limit - size);
    if (size > limit) break;
  }
  return size;
}

function clamp(items: number, most: number): number {
  return Math.max(1, Math.min(items, most));
}
