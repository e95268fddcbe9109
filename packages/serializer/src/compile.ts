/**
 * Makes the functions that copy values with their places replaced, one for each place of a tree, so that `JSON.stringify`
 * stays on its fast path.
 *
 * A copy has the same keys in the same order, unknown ones included, and its text is that of the original: a place is
 * replaced only where the outcome is certain, everything else is left to `JSON.stringify`. The original is never changed
 * and may be frozen. Objects with known keys are copied by generated code of their own: the engine remembers one layout for
 * each place in code where objects are copied, and keys that are constants become loads at fixed offsets. A key goes into
 * the code as a JSON string literal and nowhere else, so whatever a schema or a response calls its keys, it stays a name.
 * Where code may not be generated (a Content-Security-Policy, `--disallow-code-generation-from-strings`), a loop does it.
 */
import { types } from 'node:util';

import type { Places } from './places.ts';
import type { Convert } from './substitute.ts';
import { isPlainObject } from './substitute.ts';

/**
 * Gives a value with what stands at its places replaced; the value itself where there is nothing to replace. Positional,
 * since it is called for every item and every place.
 * @param key the key or index, as text, under which the value stands; `toJSON` gets it.
 */
export type Replace = (value: unknown, key: string) => unknown;

type Copy = (value: object) => object;

/** More keys than this make code that is compiled longer than it saves. Arbitrary; no entity comes near. */
const mostKeys = 100;
/** Functions that are generated at most, for a serializer whose responses go on changing. Arbitrary. */
const mostGenerated = 500;

/** Makes each function once: places that were merged share what they have in common. */
export class Replacers {
  readonly #convert: Convert;
  readonly #made = new WeakMap<Places, Replace>();
  #generated = 0;

  constructor(convert: Convert) {
    this.#convert = convert;
  }

  of(places: Places): Replace {
    let replace = this.#made.get(places);
    if (replace === undefined) {
      replace = this.#make(places);
      this.#made.set(places, replace);
    }
    return replace;
  }

  #make(places: Places): Replace {
    const { leaf, element } = places;
    const convert = this.#convert;
    const inObject = this.#makeCopy(places);
    const inList = element === undefined ? undefined : this.of(element);
    return (value, key) => {
      if (typeof value !== 'object' || value === null) return value;
      if (leaf) {
        const converted = convert(value, key);
        if (converted !== value) return converted;
      }
      // A proxy notices every look.
      if (types.isProxy(value) || typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
      if (Array.isArray(value)) return inList === undefined ? value : replaceInList(value, inList);
      return inObject === undefined || !isPlainObject(value) ? value : inObject(value);
    };
  }

  #makeCopy({ keys, below, anyKey }: Places): Copy | undefined {
    if (anyKey !== undefined) return copyWithAnyKey(this.of(anyKey));
    if (keys.length === 0) return undefined;
    const replacers = below.map((place) => (isLeafOnly(place) ? this.#convert : this.of(place)));
    this.#generated += 1;
    const mayGenerate = keys.length <= mostKeys && this.#generated <= mostGenerated;
    return (mayGenerate ? generateCopy(keys, replacers) : undefined) ?? copyWithKeys(keys, replacers);
  }
}

type ReplaceField = (value: object, key: string) => unknown;

function isLeafOnly({ leaf, keys, element, anyKey }: Places): boolean {
  return leaf && keys.length === 0 && element === undefined && anyKey === undefined;
}

/** @returns `undefined` where code may not be generated. */
function generateCopy(keys: readonly string[], replacers: readonly ReplaceField[]): Copy | undefined {
  const names = replacers.map((_, index) => `replace${index}`);
  const steps = keys.map((key, index) => {
    const name = JSON.stringify(key);
    return `
      field = copy[${name}];
      if (typeof field === 'object' && field !== null) {
        const replaced = replace${index}(field, ${name});
        if (replaced !== field) copy[${name}] = replaced;
      }`;
  });
  // Copied first, so that a getter runs once, as it does under JSON.stringify.
  const code = `
    'use strict';
    return (value) => {
      const copy = { ...value };
      let field;${steps.join('')}
      return copy;
    };`;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the code is ours, keys go in as string literals only
    return (new Function(...names, code) as (...args: unknown[]) => Copy)(...replacers);
  } catch {
    return undefined;
  }
}

function copyWithKeys(keys: readonly string[], replacers: readonly ReplaceField[]): Copy {
  return (value) => {
    const copy = { ...value } as Record<string, unknown>;
    for (const [index, key] of keys.entries()) replaceField(copy, key, replacers[index] as ReplaceField);
    return copy;
  };
}

function copyWithAnyKey(replace: ReplaceField): Copy {
  return (value) => {
    const copy = { ...value } as Record<string, unknown>;
    for (const key of Object.keys(copy)) replaceField(copy, key, replace);
    return copy;
  };
}

function replaceField(copy: Record<string, unknown>, key: string, replace: ReplaceField): void {
  const field = copy[key];
  if (typeof field !== 'object' || field === null) return;
  const replaced = replace(field, key);
  if (replaced !== field) copy[key] = replaced;
}

function replaceInList(list: readonly unknown[], replace: Replace): unknown {
  const { length } = list;
  // Pushed, not made with a length: an array with holes leaves the fast path, and so would everything around it.
  const copy: unknown[] = [];
  for (let index = 0; index < length; index += 1) copy.push(replace(list[index], String(index)));
  return copy;
}
