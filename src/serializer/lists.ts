/**
 * Finds the long lists inside a response and takes them out, so that they can be written in chunks.
 *
 * A list's place is held by a marker string in a copy of what is around it; the copy is written by `JSON.stringify`,
 * so key order, unknown keys and everything else come out as they would. Deliberately absent: the lists' own items.
 */
import { randomUUID } from 'node:crypto';

/** A response in pieces: `texts` has one element more than `lists`, and they alternate. */
export interface Split {
  readonly texts: readonly string[];
  readonly lists: readonly (readonly unknown[])[];
}

/** Levels below the root in which a list is looked for: `result.tools`, `entities.tools`. */
const deepest = 3;
/** Keys of one object that are looked at: an envelope has few, and a long look costs more than a short list gains. */
const mostKeys = 32;

/** No text of a response can hold it other than by quoting this process's memory; it is checked all the same. */
const marker = `list ${randomUUID()}`;

/**
 * @param request.least items that make a list long.
 * @param request.rest writes what is around the lists, e.g. with its own dates replaced.
 * @returns `undefined` where the value has no long list within reach, or where taking it out is not certain to be safe.
 */
export function splitLists(request: { value: object; least: number; rest: (value: unknown) => unknown }): Split | undefined {
  if (!hasLongList(request.value, request.least, deepest)) return undefined;
  const lists: (readonly unknown[])[] = [];
  const shell = takeOut(request.value, { least: request.least, lists, depth: deepest });
  if (lists.length === 0) return undefined;
  const text = JSON.stringify(request.rest(shell));
  const texts = text.split(`"${marker}"`);
  return texts.length === lists.length + 1 ? { texts, lists } : undefined;
}

/** Looks without making anything, since most responses are short. */
function hasLongList(value: object, least: number, depth: number): boolean {
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'object' || field === null) continue;
    if (Array.isArray(field)) {
      if (field.length >= least) return true;
    } else if (depth > 1 && hasLongList(field, least, depth - 1)) {
      return true;
    }
  }
  return false;
}

/** The value itself where nothing was taken out of it, else a copy of the objects on the way. */
function takeOut(value: object, state: { least: number; lists: (readonly unknown[])[]; depth: number }): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  const keys = Object.keys(value);
  if (keys.length > mostKeys) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of keys) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'object' || field === null || key === '__proto__') continue;
    let replacement: unknown = field;
    if (Array.isArray(field)) {
      if (field.length < state.least || (field as { toJSON?: unknown }).toJSON !== undefined) continue;
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
