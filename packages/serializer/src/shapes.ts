/**
 * What was learned from earlier responses about those that look like them: hints, every one of them.
 *
 * A shape is told by the first key of an item, so different lists pass for the same one. That costs time and nothing
 * else: no memory is got and no work is cut to size by a shape alone.
 */
import { types } from 'node:util';

import type { Learned } from './byte-writer.ts';
import { type Replace, Replacers } from './compile.ts';
import type { Places } from './places.ts';
import { findPlaces, mergePlaces, placesOfSchema } from './places.ts';
import type { Convert } from './substitute.ts';

// oxlint-disable-next-line typescript/unbound-method -- called with an object each time; see lists.ts
const { hasOwnProperty } = Object.prototype;

/** What has been learned about responses that look alike. */
export interface Shape {
  places: Places | undefined;
  /** Made from `places`; absent where there are no places. */
  copy: Replace | undefined;
  /** Whether items are best written byte by byte, as far as is known. */
  writesBytes: boolean;
  /** Of items that were written byte by byte. */
  learned: Learned | undefined;
  calls: number;
  nextLook: number;
  lookEvery: number;
  bytesPerItem: number;
  /** Whether the last response was; a guess before the first. */
  isAscii: boolean;
  /** Share of the chunks of the last list in chunks that held characters beyond ASCII, in [0, 1]; a guess before it. */
  mixedShare: number;
}

/**
 * Items that the first look takes in, spread over the list, and later ones, where there is something to find: one Date that
 * is null in most items is enough to take all of them off the fast path.
 */
const firstLookItems = 32;
const laterLookItems = 8;
/** Looks become rarer while they find nothing new, down to one in this many calls. */
const rarestLook = 64;
/** Shapes that are remembered; beyond, all are forgotten, which costs looks and nothing else. */
const mostShapes = 256;
/** A first guess at an item's size. */
const guessedBytesPerItem = 1024;

/** Remembers what responses that look alike have in common; all of it hints. */
export class ShapeMemory {
  readonly #hint: Places | undefined;
  readonly #replacers: Replacers;
  readonly #shapes = new Map<string, Shape>();

  constructor(schema: unknown, convert: Convert) {
    const schemaPlaces = placesOfSchema(schema);
    this.#replacers = new Replacers(convert);
    this.#hint = mergePlaces(schemaPlaces, elementPlaces(schemaPlaces));
  }

  /** The shape of a value, or of a list's items by the first, after a look at some of them where one is due. */
  learn(first: unknown, list?: readonly unknown[]): Shape {
    const shape = this.#shapeOf(first);
    shape.calls += 1;
    if (shape.calls >= shape.nextLook) this.#look(list ?? [first], shape);
    return shape;
  }

  #look(list: readonly unknown[], shape: Shape): void {
    const most = shape.calls === 1 ? firstLookItems : shape.places === undefined ? 1 : laterLookItems;
    const count = Math.min(list.length, most);
    let { places } = shape;
    for (let seen = 0; seen < count; seen += 1) {
      // Spread over the list, and somewhere else at every look.
      const index = Math.floor(((seen + (shape.calls % 7) / 7) * list.length) / count) % list.length;
      places = mergePlaces(places, findPlaces(list[index]));
    }
    shape.lookEvery = places === shape.places ? Math.min(shape.lookEvery * 2, rarestLook) : 1;
    if (places !== shape.places) this.#setPlaces(shape, places);
    shape.nextLook = shape.calls + shape.lookEvery;
  }

  #setPlaces(shape: Shape, places: Places | undefined): void {
    shape.places = places;
    shape.copy = places === undefined ? undefined : this.#replacers.of(places);
    shape.writesBytes = places !== undefined;
  }

  /** By the first item's first key: cheap, and a shape that is mistaken for another costs time and nothing else. */
  #shapeOf(first: unknown): Shape {
    const key = firstKeyOf(first);
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    if (this.#shapes.size >= mostShapes) this.#shapes.clear();
    const shape: Shape = {
      places: undefined,
      copy: undefined,
      writesBytes: false,
      learned: undefined,
      calls: 0,
      nextLook: 1,
      lookEvery: 1,
      bytesPerItem: guessedBytesPerItem,
      isAscii: false,
      mixedShare: 0,
    };
    this.#setPlaces(shape, this.#hint);
    this.#shapes.set(key, shape);
    return shape;
  }
}

function firstKeyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return '';
  // An own key: what is inherited is no business of JSON, and may have a getter.
  for (const key in value) if (hasOwnProperty.call(value, key)) return key;
  return '';
}

/** Places of the elements of every list in a tree, as one tree. */
function elementPlaces(places: Places | undefined): Places | undefined {
  if (places === undefined) return undefined;
  let found = mergePlaces(places.element, elementPlaces(places.anyKey));
  for (const below of places.below) found = mergePlaces(found, elementPlaces(below));
  return found;
}
