/**
 * Replaces values that have a `toJSON` by what it gives, in a copy, so that `JSON.stringify` stays on its fast path.
 *
 * The copy has the same keys in the same order, unknown ones included, and its text is that of the original: a place
 * is replaced only where the outcome is certain, everything else is left to `JSON.stringify`. The original is never
 * changed and may be frozen.
 */
import { types } from 'node:util';

import { plainDateText } from './datetime.ts';
import type { Places } from './places.ts';
import { formatUuid } from './uuid.ts';

/** What stands for a value with a `toJSON`: something with the same JSON text; the value itself where it has none. */
export type Convert = (value: object, key: string) => unknown;

/**
 * The value with what stands at its places replaced. Positional, since it is called for every item and every place.
 * @param key the key or index, as text, under which the value stands; `toJSON` gets it.
 * @returns the value itself where there is nothing to replace.
 */
export function replacePlaces(value: unknown, places: Places, key: string, convert: Convert): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (places.leaf) {
    const converted = convert(value, key);
    if (converted !== value) return converted;
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  if (places.keys.length > 0) return replaceInObject(value, places, convert);
  return places.element !== undefined && Array.isArray(value) && !types.isProxy(value)
    ? replaceInList(value, places.element, convert)
    : value;
}

function replaceInObject(value: object, places: Places, convert: Convert): unknown {
  // A proxy notices every look; a list may have the prototype of objects, or none.
  if (types.isProxy(value) || Array.isArray(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A class instance, a Map, a boxed number: how JSON.stringify writes it depends on more than its own keys. What is
  // boxed stays boxed whatever prototype it is given.
  if (prototype !== Object.prototype && (prototype !== null || isRawJson(value))) return value;
  if (types.isBoxedPrimitive(value)) return value;
  // Copied first, so that a getter runs once, as it does under JSON.stringify.
  const copy = { ...value } as Record<string, unknown>;
  const { keys, below } = places;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    const field = copy[key];
    if (typeof field !== 'object' || field === null) continue;
    const replaced = replacePlaces(field, below[index] as Places, key, convert);
    if (replaced !== field) copy[key] = replaced;
  }
  return copy;
}

/** What `JSON.rawJSON` made: it looks like an object with one key, and is written as it is. */
export function isRawJson(value: object): boolean {
  const { isRawJSON } = JSON as { isRawJSON?: (value: unknown) => boolean };
  return isRawJSON?.(value) === true;
}

function replaceInList(list: readonly unknown[], element: Places, convert: Convert): unknown {
  const { length } = list;
  // Pushed, not made with a length: an array with holes leaves the fast path, and so would everything around it.
  const copy: unknown[] = [];
  for (let index = 0; index < length; index += 1)
    copy.push(replacePlaces(list[index], element, String(index), convert));
  return copy;
}

interface KnownText {
  readonly class: abstract new (...args: never[]) => object;
  text(value: never): string;
  bytes?: never;
}

interface KnownBytes {
  readonly class: abstract new (...args: never[]) => object;
  bytes(value: never): Uint8Array;
  text?: never;
}

/**
 * A way from instances of a class to what their `toJSON` is known to give: text, or the 16 bytes of a UUID, which are
 * written fastest.
 */
export type KnownClass = KnownText | KnownBytes;

/** The 16 bytes of a UUID, where the value is an instance of a class that has them; `value` is no proxy. */
export type BytesOf = (value: object) => Uint8Array | undefined;

/** @returns `undefined` where no class has bytes. */
export function createBytesOf(known: readonly KnownClass[]): BytesOf | undefined {
  const [first, ...others] = known.filter((one): one is KnownBytes => one.bytes !== undefined);
  if (first === undefined) return undefined;
  return (value) => {
    if (value instanceof first.class) return checked(first.bytes(value as never));
    const other = others.find((one) => value instanceof one.class);
    return other === undefined ? undefined : checked(other.bytes(value as never));
  };
}

/** Other bytes than those of a UUID leave the value to its `toJSON`. */
function checked(bytes: unknown): Uint8Array | undefined {
  return types.isUint8Array(bytes) && bytes.length === 16 ? bytes : undefined;
}

/**
 * Dates by arithmetic, instances of known classes by their own way, everything else by calling its `toJSON` once.
 * @param known classes whose text can be had faster than through `toJSON`.
 */
export function createConvert(known: readonly KnownClass[]): Convert {
  const bytesOf = createBytesOf(known);
  const [first, ...others] = known.filter((one): one is KnownText => one.text !== undefined);
  return (value, key) => {
    // `instanceof` asks for the prototype, which a proxy would notice.
    if (types.isProxy(value)) return callToJson(value, key);
    if (value instanceof Date) {
      const text = plainDateText(value);
      if (text !== undefined) return text;
    }
    const bytes = bytesOf?.(value);
    if (bytes !== undefined) return formatUuid(bytes);
    if (first !== undefined && value instanceof first.class) return flattenText(first.text(value as never));
    for (const other of others) {
      if (value instanceof other.class) return flattenText(other.text(value as never));
    }
    return callToJson(value, key);
  };
}

/**
 * What JSON.stringify would write for the value, having called its `toJSON` once with this key.
 * @param value no null or undefined; without a `toJSON` it is given back.
 */
export function callToJson(value: object | bigint, key: string): unknown {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return value;
  const result: unknown = toJSON.call(value, key);
  if (typeof result === 'string') return flatten(result);
  if (result === null || typeof result === 'number' || typeof result === 'boolean') return result;
  // JSON.stringify leaves these out, or writes null for them in a list, wherever they stand.
  if (result === undefined || typeof result === 'function' || typeof result === 'symbol') return undefined;
  // An object may have a toJSON of its own, which JSON.stringify would not call, and a BigInt may be an error.
  return new AlreadyConverted(result);
}

/** Keeps JSON.stringify from calling `toJSON` on a result a second time, while it writes the result. */
class AlreadyConverted {
  readonly #result: unknown;

  constructor(result: unknown) {
    this.#result = result;
  }

  toJSON(): unknown {
    return this.#result;
  }
}

/** Longer strings are left as they are: copying them costs more than the fast path gains. */
const longestFlattened = 64;

/** What a caller's function gives is text in all likelihood, and not for certain. */
function flattenText(text: unknown): unknown {
  return typeof text === 'string' ? flatten(text) : text;
}

/** A string made of parts has to be copied to be flat; there is no way to ask whether it is. */
function flatten(text: string): string {
  if (text.length > longestFlattened) return text;
  const codes: number[] = [];
  for (let index = 0; index < text.length; index += 1) codes.push(text.charCodeAt(index));
  return String.fromCharCode(...codes);
}
