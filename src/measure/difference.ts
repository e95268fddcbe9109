/**
 * Where two values differ first, named by a JSON Pointer, so that a reader can look it up.
 */
import { pointerTo } from '../json.ts';
import type { UuidValue } from '../model/values.ts';
import { bytesOf, displayValue, type Kind, kindOf } from './display.ts';

/** The first place where two values differ. */
export interface ValueDifference {
  /** RFC 6901; empty where the values themselves differ and no part of them. */
  readonly pointer: string;
  /** Both sides shortened for display; `nothing` where a side has no such part. */
  readonly actual: string;
  readonly expected: string;
}

/**
 * Compares two values part by part, keys of the expected value first and in its order.
 *
 * Own enumerable string keys count, in any order, and an undefined value equals an absent one; prototypes of plain
 * objects do not count. Numbers are equal as `Object.is` has it (NaN equals NaN, 0 and -0 differ). Dates compare by
 * time, UUIDs by their bytes, instants by nanoseconds, Buffers and typed arrays by content, Maps and Sets by entries
 * in order. Cycles are followed once.
 * @returns undefined where the values are equal.
 */
export function firstDifference(actual: unknown, expected: unknown): ValueDifference | undefined {
  return compare(actual, expected, { path: [], open: new Map() });
}

/** Where a comparison stands: the keys that lead here, and the pairs of objects that are being compared. */
interface Comparison {
  readonly path: (string | number)[];
  readonly open: Map<object, unknown>;
}

function compare(actual: unknown, expected: unknown, comparison: Comparison): ValueDifference | undefined {
  if (Object.is(actual, expected)) return undefined;
  const kind = kindOf(expected);
  if (kind === 'primitive' || kindOf(actual) !== kind) return difference(actual, expected, comparison);
  // Inside a cycle the pair is being compared further up already.
  if (comparison.open.get(actual as object) === expected) return undefined;
  const before = comparison.open.get(actual as object);
  comparison.open.set(actual as object, expected);
  const found = compareParts(actual, expected, { kind, comparison });
  if (before === undefined) comparison.open.delete(actual as object);
  else comparison.open.set(actual as object, before);
  return found;
}

function compareParts(
  actual: unknown,
  expected: unknown,
  { kind, comparison }: { kind: Kind; comparison: Comparison },
): ValueDifference | undefined {
  if (kind === 'array') return compareLists(actual as unknown[], expected as unknown[], comparison);
  if (kind === 'map' || kind === 'set') {
    return compareLists([...(actual as Iterable<unknown>)], [...(expected as Iterable<unknown>)], comparison);
  }
  if (kind === 'object') {
    return compareObjects(actual as Record<string, unknown>, expected as Record<string, unknown>, comparison);
  }
  return isSameLeaf(actual, expected, kind) ? undefined : difference(actual, expected, comparison);
}

/** For objects that count as one value, without parts of their own. */
function isSameLeaf(actual: unknown, expected: unknown, kind: Kind): boolean {
  if (kind === 'date') return Object.is((actual as Date).getTime(), (expected as Date).getTime());
  if (kind === 'uuid') return isSameView((actual as UuidValue).bytes, (expected as UuidValue).bytes);
  if (kind === 'view') return isSameView(actual as Uint8Array, expected as Uint8Array);
  return (actual as Temporal.Instant).epochNanoseconds === (expected as Temporal.Instant).epochNanoseconds;
}

/** A Buffer is a Uint8Array with another name, while numbers of another width are another value. */
function isSameView(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual[Symbol.toStringTag] === expected[Symbol.toStringTag] && bytesOf(actual).equals(bytesOf(expected));
}

function compareLists(
  actual: readonly unknown[],
  expected: readonly unknown[],
  comparison: Comparison,
): ValueDifference | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    const found = comparePart(index, [actual[index], expected[index]], comparison);
    if (found !== undefined) return found;
  }
  // Only lists that end in undefined get here with different lengths.
  return actual.length === expected.length ? undefined : difference(actual, expected, comparison);
}

function compareObjects(
  actual: Record<string, unknown>,
  expected: Record<string, unknown>,
  comparison: Comparison,
): ValueDifference | undefined {
  for (const key of Object.keys(expected)) {
    const found = comparePart(key, [ownValue(actual, key), expected[key]], comparison);
    if (found !== undefined) return found;
  }
  for (const key of Object.keys(actual)) {
    if (Object.hasOwn(expected, key)) continue;
    const found = comparePart(key, [actual[key], undefined], comparison);
    if (found !== undefined) return found;
  }
  return undefined;
}

function comparePart(
  key: string | number,
  [actual, expected]: readonly [unknown, unknown],
  comparison: Comparison,
): ValueDifference | undefined {
  comparison.path.push(key);
  const found = compare(actual, expected, comparison);
  comparison.path.pop();
  return found;
}

/** Not `object[key]`, which finds `constructor` and the like in every object. */
function ownValue(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function difference(actual: unknown, expected: unknown, { path }: Comparison): ValueDifference {
  return { pointer: pointerTo(...path), actual: displayValue(actual), expected: displayValue(expected) };
}
