/**
 * Finds the long lists inside a response and takes them out, so that they can be written in chunks.
 *
 * A list's place is held by a marker string in a copy of what is around it; the copy is written by `JSON.stringify`,
 * so key order, unknown keys and everything else come out as they would.
 */
import { randomUUID } from 'node:crypto';
import { types } from 'node:util';

/** A response in pieces: `texts` has one element more than `lists`, and they alternate. */
export interface Split {
  readonly texts: readonly string[];
  readonly lists: readonly (readonly unknown[])[];
}

/** Whether a list is long enough to be written on its own. */
export type IsLong = (list: readonly unknown[]) => boolean;

/** Keys of one object that are looked at: an envelope has few, and a long look costs more than a short list gains. */
const mostKeys = 32;

// Inside `for in` the engine answers this call by itself, which it does not for `Object.hasOwn`: a quarter of the time.
// oxlint-disable-next-line typescript/unbound-method -- called with an object each time
const { hasOwnProperty } = Object.prototype;

/**
 * No text of a response can hold it other than by quoting this process's memory; it is checked all the same. Flat: one
 * that is put together from parts would take what is around a list off the fast path.
 */
const marker = Buffer.from(`~${randomUUID()}`, 'latin1').toString('latin1');

/**
 * @param request.isLong says which lists are worth taking out.
 * @param request.rest writes what is around the lists, e.g. with its own dates replaced.
 * @param request.levels below the root in which a list is looked for, at least one.
 * @returns `undefined` where the value has no long list within reach, or where taking it out is not certain to be safe.
 */
export function splitLists(request: {
  value: object;
  isLong: IsLong;
  rest: (value: unknown) => unknown;
  levels: number;
}): Split | undefined {
  const { value, isLong, levels } = request;
  if (Array.isArray(value))
    return isLong(value) ? { texts: ['', ''], lists: [value as readonly unknown[]] } : undefined;
  const lists: (readonly unknown[])[] = [];
  const shell = takeOut(value, { isLong, lists, depth: levels });
  if (lists.length === 0) return undefined;
  const texts = splitAtMarkers(JSON.stringify(request.rest(shell)));
  return texts.length === lists.length + 1 ? { texts, lists } : undefined;
}

/** Searches for the marker without its quotes: its first character is rare, which makes the search fast. */
function splitAtMarkers(text: string): string[] {
  const texts: string[] = [];
  let start = 0;
  for (let found = text.indexOf(marker); found !== -1; found = text.indexOf(marker, start)) {
    texts.push(text.slice(start, found - 1));
    start = found + marker.length + 1;
  }
  texts.push(text.slice(start));
  return texts;
}

/**
 * Whether there is a long list within reach. Looks without making anything, since most responses are short.
 * Positional, since short responses are in a hurry.
 */
export function hasLongList(value: object, isLong: IsLong, depth: number): boolean {
  if (isOutOfReach(value)) return false;
  for (const key in value) {
    // What is inherited is no business of JSON, and may have a getter.
    if (!hasOwnProperty.call(value, key)) continue;
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'object' || field === null) continue;
    if (Array.isArray(field)) {
      if (isLong(field)) return true;
    } else if (depth > 1 && hasLongList(field, isLong, depth - 1)) {
      return true;
    }
  }
  return false;
}

/** The value itself where nothing was taken out of it, else a copy of the objects on the way. */
function takeOut(value: object, state: { isLong: IsLong; lists: (readonly unknown[])[]; depth: number }): object {
  if (isOutOfReach(value)) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  // Written as the primitive inside it, whatever prototype it was given.
  if (types.isBoxedPrimitive(value)) return value;
  const keys = Object.keys(value);
  if (keys.length > mostKeys) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of keys) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'object' || field === null || key === '__proto__') continue;
    let replacement: unknown = field;
    if (Array.isArray(field)) {
      if (!state.isLong(field) || (field as { toJSON?: unknown }).toJSON !== undefined) continue;
      state.lists.push(field);
      replacement = marker;
    } else if (state.depth > 1) {
      replacement = takeOut(field, { ...state, depth: state.depth - 1 });
    }
    if (replacement === field) continue;
    copy ??= { ...value };
    copy[key] = replacement;
  }
  return copy ?? value;
}

/** True for what is no plain object: it may be written by more than its own keys, or notice every look. */
function isOutOfReach(value: object): boolean {
  if (types.isProxy(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}
