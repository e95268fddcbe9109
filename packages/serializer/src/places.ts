/**
 * Where values with a `toJSON` stand inside an item, as a tree of keys, learned from items or read from a schema.
 *
 * A place is a hint, never a promise: whatever stands elsewhere is still written by `JSON.stringify` itself, correctly
 * and more slowly.
 */
import { types } from 'node:util';

/** The places in a value, as one node of the tree. All nodes have all fields, so that code that walks them stays monomorphic. */
export interface Places {
  /** True where the value itself may have a `toJSON`, and so is a place. */
  readonly leaf: boolean;
  /** Keys of an object below which there are places, and the place below each; equally long. */
  readonly keys: readonly string[];
  readonly below: readonly Places[];
  /** The place of every element of a list. */
  readonly element: Places | undefined;
  /** The place of every value of an object whose keys are ids rather than names; there are no `keys` then. */
  readonly anyKey: Places | undefined;
}

const nowhere: Places = { leaf: false, keys: [], below: [], element: undefined, anyKey: undefined };
const leaf: Places = { ...nowhere, leaf: true };

/** Levels that are searched: deep enough for every list item, shallow enough to end on a cycle. */
const deepest = 6;
/** Elements of a list inside an item that are looked at. */
const elementsSeen = 4;
/** More keys with places than this are ids. Arbitrary; no entity comes near. */
const mostNames = 64;

/** The places in one value; `undefined` where it has none within reach. */
export function findPlaces(value: unknown, depth: number = deepest): Places | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return leaf;
  if (depth === 0 || ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value)) {
    let element: Places | undefined;
    const seen = Math.min(value.length, elementsSeen);
    for (let index = 0; index < seen; index += 1) element = mergePlaces(element, findPlaces(value[index], depth - 1));
    return element === undefined ? undefined : { ...nowhere, element };
  }
  const keys: string[] = [];
  const below: Places[] = [];
  for (const key of Object.keys(value)) {
    const place = findPlaces((value as Record<string, unknown>)[key], depth - 1);
    // A key that every object inherits could not be told from an absent one, and `__proto__` cannot be assigned to.
    if (place === undefined || key in Object.prototype) continue;
    keys.push(key);
    below.push(place);
  }
  if (keys.length === 0) return undefined;
  return keys.length > mostNames ? { ...nowhere, anyKey: mergeAll(below) } : { ...nowhere, keys, below };
}

/** Both trees in one; the first one itself where the second adds nothing. */
export function mergePlaces(a: Places | undefined, b: Places | undefined): Places | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const merged: Places = {
    ...mergeKeys(a, b),
    leaf: a.leaf || b.leaf,
    element: mergePlaces(a.element, b.element),
  };
  return isSame(a, merged) ? a : merged;
}

/**
 * Ids instead of names where there are so many, or where objects in the same place have no key in common and a digit in
 * each.
 */
function mergeKeys(a: Places, b: Places): Places {
  const isNew = b.keys.map((key) => !a.keys.includes(key));
  const areIds = a.anyKey !== undefined || b.anyKey !== undefined || a.keys.length + b.keys.length > 2 * mostNames;
  if (areIds || (!isNew.includes(false) && a.keys.length > 0 && [...a.keys, ...b.keys].every(hasDigit))) {
    const anyKey = mergePlaces(mergePlaces(a.anyKey, b.anyKey), mergeAll([...a.below, ...b.below]));
    return { ...nowhere, anyKey };
  }
  const keys = [...a.keys, ...b.keys.filter((_, index) => isNew[index])];
  const below = keys.map((key) => mergePlaces(belowOf(a, key), belowOf(b, key)) as Places);
  return { ...nowhere, keys, below };
}

function hasDigit(key: string): boolean {
  return /\d/.test(key);
}

function mergeAll(places: readonly Places[]): Places | undefined {
  return places.reduce<Places | undefined>(mergePlaces, undefined);
}

function belowOf({ keys, below }: Places, key: string): Places | undefined {
  return below[keys.indexOf(key)];
}

function isSame(a: Places, b: Places): boolean {
  return (
    a.leaf === b.leaf &&
    a.element === b.element &&
    a.anyKey === b.anyKey &&
    a.keys.length === b.keys.length &&
    a.below.every((place, index) => place === b.below[index])
  );
}

type Schema = Readonly<Record<string, unknown>>;

/** The places of `date-time`, `date` and `uuid` formats in a JSON Schema without references; `undefined` for none. */
export function placesOfSchema(schema: unknown, depth: number = deepest): Places | undefined {
  if (typeof schema !== 'object' || schema === null || depth === 0) return undefined;
  const { format, properties, items, anyOf, oneOf, allOf } = schema as Schema;
  let found: Places | undefined = format === 'date-time' || format === 'uuid' ? leaf : undefined;
  if (typeof properties === 'object' && properties !== null) {
    const keys: string[] = [];
    const below: Places[] = [];
    for (const key of Object.keys(properties)) {
      const place = placesOfSchema((properties as Schema)[key], depth - 1);
      if (place === undefined || key in Object.prototype) continue;
      keys.push(key);
      below.push(place);
    }
    if (keys.length > 0) found = mergePlaces(found, { ...nowhere, keys, below });
  }
  const element = placesOfSchema(items, depth - 1);
  if (element !== undefined) found = mergePlaces(found, { ...nowhere, element });
  for (const choice of [anyOf, oneOf, allOf]) {
    if (!Array.isArray(choice)) continue;
    for (const branch of choice) found = mergePlaces(found, placesOfSchema(branch, depth - 1));
  }
  return found;
}
