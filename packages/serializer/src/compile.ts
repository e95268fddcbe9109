/**
 * Makes code that copies one shape of item with its places replaced: `replacePlaces` with the keys written out.
 *
 * Keys in the code are constants, which the optimising compiler turns into loads at fixed offsets. A key goes into the
 * code as a JSON string literal and nowhere else, so whatever a schema or a response calls its keys, it stays a name.
 * Where code may not be generated (a Content-Security-Policy, `--disallow-code-generation-from-strings`), `replacePlaces`
 * itself is used.
 */
import { types } from 'node:util';

import type { Places } from './places.ts';
import type { Convert } from './substitute.ts';
import { isRawJson, replacePlaces } from './substitute.ts';

/** Gives a list's item with its places replaced; the item itself where nothing can be. */
export type CopyItem = (item: object) => unknown;

/** More keys than this make code that is compiled longer than it saves. Arbitrary; no entity comes near. */
const mostKeys = 100;

/** @param places of an item; a leaf, a list or a very large object is left to `replacePlaces`. */
export function compileCopy(places: Places, convert: Convert): CopyItem {
  const interpret: CopyItem = (item) => replacePlaces(item, places, '', convert);
  if (places.leaf || places.keys.length === 0 || places.keys.length > mostKeys) return interpret;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the code is ours, keys go in as string literals only
    const make = new Function(
      'replacePlaces',
      'convert',
      'isRawJson',
      'isProxy',
      'isBoxed',
      'below',
      writeCode(places),
    ) as (...args: unknown[]) => CopyItem;
    return make(replacePlaces, convert, isRawJson, types.isProxy, types.isBoxedPrimitive, places.below);
  } catch {
    return interpret;
  }
}

function writeCode({ keys, below }: Places): string {
  const steps = keys.map((key, index) => {
    const name = JSON.stringify(key);
    const { leaf, keys: inner, element } = below[index] as Places;
    const isLeafOnly = leaf && inner.length === 0 && element === undefined;
    const replaced = isLeafOnly ? `convert(field, ${name})` : `replacePlaces(field, below[${index}], ${name}, convert)`;
    return `
      field = copy[${name}];
      if (typeof field === 'object' && field !== null) {
        const replaced = ${replaced};
        if (replaced !== field) copy[${name}] = replaced;
      }`;
  });
  return `
    'use strict';
    const plain = Object.prototype;
    return (item) => {
      if (typeof item.toJSON === 'function' || isProxy(item) || Array.isArray(item)) return item;
      const prototype = Object.getPrototypeOf(item);
      if ((prototype !== plain && (prototype !== null || isRawJson(item))) || isBoxed(item)) return item;
      const copy = { ...item };
      let field;${steps.join('')}
      return copy;
    };`;
}
