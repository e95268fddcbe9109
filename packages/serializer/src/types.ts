/**
 * Types beyond JSON.stringify, each of them opt-in: what the text of a value is where JSON.stringify has none or
 * another one.
 *
 * Such a value can stand anywhere, so with one of these on, every value is looked at.
 */
import { types as nodeTypes } from 'node:util';

import type { Convert } from './substitute.ts';
import { formatUuid } from './uuid.ts';

/** Types that JSON.stringify does not write in a useful way. Each is off unless it is set. */
export interface ExtendedTypes {
  /** `Uint8Array`s and Buffers of 16 bytes become canonical UUID text. */
  readonly uuidBytes?: boolean;
  /**
   * Maps without a `toJSON` become objects; keys become text, in the order that objects have (integer-like keys first,
   * ascending). Two keys with the same text are an error.
   */
  readonly map?: boolean;
  /** Typed arrays become lists of numbers; NaN and infinities become null, as everywhere in JSON. */
  readonly typedArrays?: boolean;
  /** BigInts become integers of any length. A client that reads numbers as doubles loses digits beyond 2^53. */
  readonly bigint?: boolean;
}

/** Gives the value itself, or a copy in which every extended type is replaced. */
export type ReplaceTypes = (value: unknown, key: string) => unknown;

/** Levels from which on objects that are open are remembered, to find a cycle; fewer cost nothing. Arbitrary. */
const suspiciousDepth = 200;

/**
 * `undefined` where no type is on. What it gives throws a TypeError for a cycle and a RangeError for a value that is nested
 * too deeply, as `JSON.stringify` does, and what a method of the value throws.
 * @throws {TypeError} for `bigint` on a runtime without `JSON.rawJSON`.
 */
export function createReplaceTypes(types: ExtendedTypes, convert: Convert): ReplaceTypes | undefined {
  if (types.uuidBytes !== true && types.map !== true && types.typedArrays !== true && types.bigint !== true)
    return undefined;
  const { rawJSON, isRawJSON } = JSON as {
    rawJSON?: (text: string) => unknown;
    isRawJSON?: (value: unknown) => boolean;
  };
  if (types.bigint === true && rawJSON === undefined)
    throw new TypeError('types.bigint needs a runtime with JSON.rawJSON');

  const replace: ReplaceTypes = (value, key) => {
    if (typeof value === 'bigint') return types.bigint === true ? rawJSON?.(String(value)) : value;
    if (typeof value !== 'object' || value === null) return value;
    const replaced = ArrayBuffer.isView(value) ? replaceView(value) : undefined;
    if (replaced !== undefined) return replaced;
    return typeof (value as { toJSON?: unknown }).toJSON === 'function'
      ? replaceConverted(value, key)
      : copyInside(value);
  };

  /** What a `toJSON` gives may hold extended types again, but its own `toJSON` is not called. */
  const replaceConverted = (value: object, key: string): unknown => {
    const converted = convert(value, key);
    if (typeof converted !== 'object' || converted === null) return converted;
    const result: unknown = (converted as { toJSON(): unknown }).toJSON();
    if (typeof result === 'bigint') return types.bigint === true ? replace(result, key) : converted;
    if (typeof result !== 'object' || result === null) return converted;
    if (ArrayBuffer.isView(result)) return replaceView(result) ?? converted;
    return copyInside(result);
  };

  let depth = 0;
  const open = new Set<object>();

  /** A copy without a `toJSON`, which has been called or is not callable; the value itself where it is like a primitive. */
  const copyInside = (value: object): unknown => {
    depth += 1;
    if (depth > suspiciousDepth) {
      if (open.has(value)) throw new TypeError('Converting circular structure to JSON: an object stands inside itself');
      open.add(value);
    }
    const copy = copyFields(value);
    if (depth > suspiciousDepth) open.delete(value);
    depth -= 1;
    return copy;
  };

  const copyFields = (value: object): unknown => {
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      const { length } = list;
      // By index, since a list's own methods are no business of JSON.
      const items: unknown[] = [];
      for (let index = 0; index < length; index += 1) items.push(replace(list[index], String(index)));
      return items;
    }
    if (types.map === true && nodeTypes.isMap(value)) return mapToObject(value);
    if (isBoxed(value) || isRawJSON?.(value) === true) return value;
    const copy = { ...value } as Record<string, unknown>;
    for (const name of Object.keys(copy)) {
      const field = copy[name];
      const replaced = replace(field, name);
      if (name === '__proto__') Object.defineProperty(copy, name, { value: replaced });
      else if (replaced !== field) copy[name] = replaced;
    }
    // Functions are not written in any case, and one of this name would be called.
    if (typeof copy['toJSON'] === 'function') delete copy['toJSON'];
    return copy;
  };

  /** `undefined` for a view that is left to JSON.stringify. */
  const replaceView = (view: ArrayBufferView): unknown => {
    if (types.uuidBytes === true && nodeTypes.isUint8Array(view) && lengthOf(view) === 16) return formatUuid(view);
    if (types.typedArrays !== true || nodeTypes.isDataView(view)) return undefined;
    const elements = view as unknown as ArrayLike<number | bigint>;
    const items: unknown[] = [];
    for (let index = 0; index < lengthOf(view); index += 1) items.push(replace(elements[index], ''));
    return items;
  };

  const mapToObject = (map: Map<unknown, unknown>): unknown => {
    const fields = new Map<string, unknown>();
    // The language's own way through a Map: a class may have put another in its place.
    forEachOf.call(map, (value: unknown, key: unknown) => {
      const name = nameOf(key);
      if (fields.has(name))
        throw new TypeError(
          `two keys of a Map have the same text, ${JSON.stringify(name)}, and one value would be lost`,
        );
      fields.set(name, typeof value === 'function' ? undefined : replace(value, name));
    });
    // Object.fromEntries defines properties, so that `__proto__` is a key like any other.
    return Object.fromEntries(fields);
  };

  const nameOf = (key: unknown): string => {
    if (typeof key === 'string') return key;
    if (typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') return String(key);
    const text: unknown = typeof key === 'object' && key !== null ? replace(key, '') : undefined;
    if (typeof text === 'string') return text;
    throw new TypeError(
      'a key of a Map has no text: only strings, numbers, booleans, BigInts, valid dates and UUIDs do',
    );
  };

  return (value, key) => {
    // A toJSON may call this very serializer.
    const outerDepth = depth;
    const outerOpen = [...(depth > suspiciousDepth ? open : [])];
    depth = 0;
    open.clear();
    try {
      return replace(value, key);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      throw new RangeError('the value is nested too deeply for types beyond those of JSON.stringify', { cause: error });
    } finally {
      depth = outerDepth;
      open.clear();
      for (const one of outerOpen) open.add(one);
    }
  };
}

// oxlint-disable-next-line typescript/unbound-method -- called with a Map each time
const forEachOf = Map.prototype.forEach;
// oxlint-disable-next-line typescript/unbound-method -- called with a view each time
const readLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype) as object, 'length')
  ?.get as () => number;

/** Elements of a typed array, whatever a class has put in the place of its `length`. */
function lengthOf(view: ArrayBufferView): number {
  return readLength.call(view);
}

/** True for objects that JSON.stringify writes as the primitive inside them. */
function isBoxed(value: object): boolean {
  return (
    nodeTypes.isNumberObject(value) ||
    nodeTypes.isStringObject(value) ||
    nodeTypes.isBooleanObject(value) ||
    nodeTypes.isBigIntObject(value)
  );
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}
