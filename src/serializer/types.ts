/**
 * Types beyond JSON.stringify, each of them opt-in: what the text of a value is where JSON.stringify has none or
 * another one.
 *
 * Such a value can stand anywhere, so with one of these on, every value is visited. Deliberately absent: anything that
 * is on by default; without options the serializer's text is JSON.stringify's.
 */
import type { Convert } from './substitute.ts';
import { formatUuid } from './uuid.ts';

/** Types that JSON.stringify does not write in a useful way. Each is off unless it is set. */
export interface ExtendedTypes {
  /** `Uint8Array`s and Buffers of 16 bytes become canonical UUID text. */
  readonly uuidBytes?: boolean;
  /** Maps become objects; keys become text, in the order that objects have (integer-like keys first, ascending). */
  readonly map?: boolean;
  /** Typed arrays become lists of numbers; NaN and infinities become null, as everywhere in JSON. */
  readonly typedArrays?: boolean;
  /** BigInts become integers of any length. A client that reads numbers as doubles loses digits beyond 2^53. */
  readonly bigint?: boolean;
}

/** Gives the value itself, or a copy in which every extended type is replaced. */
export type Extend = (value: unknown, key: string) => unknown;

/** `undefined` where no type is on. @throws {TypeError} for `bigint` on a runtime without `JSON.rawJSON`. */
export function createExtend(types: ExtendedTypes, convert: Convert): Extend | undefined {
  if (types.uuidBytes !== true && types.map !== true && types.typedArrays !== true && types.bigint !== true) return undefined;
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  if (types.bigint === true && rawJSON === undefined) throw new TypeError('types.bigint needs a runtime with JSON.rawJSON');

  const extend: Extend = (value, key) => {
    if (typeof value === 'bigint') return types.bigint === true ? rawJSON?.(String(value)) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (ArrayBuffer.isView(value)) return extendView(value, key);
    if (value instanceof Map && types.map === true) return extendMap(value);
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return convert(value, key);
    if (Array.isArray(value)) return value.map((element, index) => extend(element, String(index)));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null && !isOrdinary(value)) return value;
    const copy = { ...value } as Record<string, unknown>;
    for (const name of Object.keys(copy)) {
      if (name === '__proto__') continue;
      const replaced = extend(copy[name], name);
      if (replaced !== copy[name]) copy[name] = replaced;
    }
    return copy;
  };

  const extendView = (view: ArrayBufferView, key: string): unknown => {
    if (types.uuidBytes === true && view instanceof Uint8Array && view.length === 16) return formatUuid(view);
    if (types.typedArrays === true && !(view instanceof DataView)) {
      return Array.from(view as unknown as ArrayLike<number | bigint>, (element, index) => extend(element, String(index)));
    }
    return typeof (view as { toJSON?: unknown }).toJSON === 'function' ? convert(view, key) : view;
  };

  const extendMap = (map: Map<unknown, unknown>): unknown => {
    const entries = [...map].map(([key, value]): [string, unknown] => {
      const name = nameOf(key);
      return [name, extend(value, name)];
    });
    // Object.fromEntries defines properties, so that `__proto__` is a key like any other.
    return Object.fromEntries(entries);
  };

  const nameOf = (key: unknown): string => {
    if (typeof key === 'string') return key;
    if (typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') return String(key);
    const text: unknown = typeof key === 'object' && key !== null ? extend(key, '') : undefined;
    if (typeof text === 'string') return text;
    throw new TypeError('a key of a Map has no text: only strings, numbers, booleans, BigInts, dates and UUIDs do');
  };

  return extend;
}

/** True for instances of user classes, false for boxed primitives and other objects with an inner value. */
function isOrdinary(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}
