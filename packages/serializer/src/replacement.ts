/**
 * What JSON.stringify is given in place of a value: the same text, and a faster way to it.
 *
 * Values with a `toJSON` are replaced by what it gives, and types that were opted in to by their JSON. Whatever needs no
 * replacing is handed on as it is.
 */
import type { Shape, ShapeMemory } from './shapes.ts';
import type { Convert } from './substitute.ts';
import { callToJson } from './substitute.ts';
import type { ReplaceTypes } from './types.ts';

/** Items of one list that are written together, from `start` up to and without `end`, at least one. */
export interface Chunk {
  readonly list: readonly unknown[];
  readonly start: number;
  readonly end: number;
  readonly shape: Shape;
}

export class Replacement {
  readonly #convert: Convert;
  readonly #replaceTypes: ReplaceTypes | undefined;
  readonly #shapes: ShapeMemory;

  constructor(request: { convert: Convert; replaceTypes: ReplaceTypes | undefined; shapes: ShapeMemory }) {
    this.#convert = request.convert;
    this.#replaceTypes = request.replaceTypes;
    this.#shapes = request.shapes;
  }

  /** True where a type was opted in to, so that JSON.stringify alone would write another text. */
  get hasTypes(): boolean {
    return this.#replaceTypes !== undefined;
  }

  /** For a value that is not looked into; only types that were opted in to are replaced. */
  ofOpaque(value: unknown): unknown {
    return this.#replaceTypes === undefined ? value : this.#replaceTypes(value, '');
  }

  /** A whole response, with everything replaced that JSON.stringify would be slow at; itself where there is nothing. */
  ofAll(value: object): unknown {
    if (this.#replaceTypes !== undefined) return this.#replaceTypes(value, '');
    if (!Array.isArray(value)) return this.ofRest(value);
    const shape = this.#shapes.learn(value[0], value);
    return shape.places === undefined ? value : this.ofItems({ list: value, start: 0, end: value.length, shape });
  }

  /** What is around lists, or a response without one. */
  ofRest(value: object): unknown {
    if (this.#replaceTypes !== undefined) return this.#replaceTypes(value, '');
    const { copy } = this.#shapes.learn(value);
    return copy === undefined ? value : copy(value, '');
  }

  ofItems({ list, start, end, shape }: Chunk): unknown[] {
    const items: unknown[] = [];
    // Most lists need no more than a look at each item; the loop is kept small, since it is all that text costs.
    if (shape.copy === undefined && this.#replaceTypes === undefined && !needsIndexes(list, start, end)) {
      // By index, since a list's own methods are no business of JSON.
      for (let index = start; index < end; index += 1) items.push(list[index]);
    } else {
      for (let index = start; index < end; index += 1) items.push(this.ofItem(list[index], index, shape));
    }
    return items;
  }

  /** Positional, since it is called for every item. */
  ofItem(item: unknown, index: number, { copy }: Shape): unknown {
    if (this.#replaceTypes !== undefined) return this.#replaceTypes(item, String(index));
    if (typeof item === 'bigint') return callToJson(item, String(index));
    if (typeof item !== 'object' || item === null) return item;
    // Here and not in JSON.stringify, which would not know the item's index.
    if (typeof (item as { toJSON?: unknown }).toJSON === 'function') return this.#convert(item, String(index));
    return copy === undefined ? item : copy(item, '');
  }
}

/** True where an item has a `toJSON`, which is given the item's index in the whole list. */
function needsIndexes(list: readonly unknown[], start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const item = list[index];
    if (typeof item === 'bigint') return true;
    if (typeof item === 'object' && item !== null && (item as { toJSON?: unknown }).toJSON !== undefined) return true;
  }
  return false;
}
