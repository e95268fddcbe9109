/**
 * V8's own words on how a value is kept in memory, from a process that was started with --allow-natives-syntax.
 *
 * Natives syntax is no TypeScript, so V8 compiles each of these functions from a string. One that a V8 does not have is
 * `undefined`, and its rule is not applied.
 */
import { Script } from 'node:vm';

type NativeTest = ((value: unknown) => boolean) | undefined;

/** False for an object that is kept as a dictionary. */
export const hasFastProperties: NativeTest = compile('HasFastProperties');

/** False for a rope whose parts have not been copied together yet; true for a slice. */
export const isFlat: NativeTest = compile('StringIsFlat');

const hasElementsOf: NativeTest[] = ['HasSmiElements', 'HasObjectElements', 'HasDoubleElements'].map(compile);

/**
 * Whether an array's elements are of an ordinary kind, packed or with holes; frozen and dictionary elements are not.
 */
export function hasOrdinaryElements(array: unknown): boolean {
  return hasElementsOf.some((has) => has === undefined || has(array));
}

/** What a rope is copied together into; any other string is given back as it is. */
export const flatten = compile('FlattenString') as ((text: string) => string) | undefined;

function compile(name: string): NativeTest {
  try {
    return new Script(`(value) => %${name}(value)`).runInThisContext() as (value: unknown) => boolean;
  } catch {
    return undefined;
  }
}
