/**
 * What stands for a value with a `toJSON`: something with the same JSON text, which `JSON.stringify` writes fast.
 */
import { types } from 'node:util';

import { plainDateText } from './datetime.ts';
import { formatUuid } from './uuid.ts';

/** What stands for a value with a `toJSON`: something with the same JSON text; the value itself where it has none. */
export type Convert = (value: object, key: string) => unknown;

/**
 * True where JSON.stringify writes an object's own keys and nothing else: no class instance, Map or boxed number.
 * @param value no proxy and no list.
 */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && (prototype !== null || isRawJson(value))) return false;
  // What is boxed stays boxed whatever prototype it is given.
  return !types.isBoxedPrimitive(value);
}

/** What `JSON.rawJSON` made: it looks like an object with one key, and is written as it is. */
function isRawJson(value: object): boolean {
  const { isRawJSON } = JSON as { isRawJSON?: (value: unknown) => boolean };
  return isRawJSON?.(value) === true;
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
