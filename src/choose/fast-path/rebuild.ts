/**
 * Makes the plain equivalent of a surveyed value: what it writes, without what takes it off the fast path.
 *
 * One kind of offence can be kept, to see what it costs by itself. Everything is a copy; texts are the same or, where a
 * key must have another name, of about the same size. Like the survey it uses no recursion.
 */
import { types } from 'node:util';

import type { OffenceKind } from '../../model/explanation.ts';
import { isAccessor, isIndexKey } from './classify.ts';
import type { FoundOffence, Survey } from './survey.ts';

/**
 * A string that stands where a rope was: JSON.stringify copies a rope together when it meets it for the first time, so
 * whoever calls it again must put the parts together again, as a program does that makes each response anew.
 */
interface Joint {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  readonly left: string;
  readonly right: string;
  readonly whole: string;
}

/** A value that can be written again and again. */
export interface Rebuilt {
  /** Holds the value under the empty key. */
  readonly root: { readonly '': unknown };
  /** To be put together before every call. */
  readonly ropes: readonly Joint[];
  /** Flat in this copy; written to before every call as well, so that copies differ in nothing else. */
  readonly flats: readonly Joint[];
}

/** Kinds that hold no values of ours to go into, or that cannot be made anew: kept as they are. */
const opaqueKinds: ReadonlySet<OffenceKind> = new Set([
  'date',
  'to-json',
  'function',
  'built-in',
  'boxed-primitive',
  'raw-json',
  'unexplained',
]);

/**
 * Named properties that one object can have and still keep a shape: about a thousand in V8, half of that to be safe.
 */
const mostShapedKeys = 512;

/** The value itself, with the ropes in it that can be put together again. */
export function keepAsItIs(survey: Survey): Rebuilt {
  const ropes = survey.found.flatMap(({ kind, place, holder }) => {
    const text = place.value;
    if (kind !== 'cons-string' || typeof text !== 'string') return [];
    // Writing to a frozen object or through a setter would change more than the string.
    const writable = Object.getOwnPropertyDescriptor(holder, place.key)?.writable === true && !types.isProxy(holder);
    return writable ? [createJoint({ holder, key: place.key, text })] : [];
  });
  return { root: survey.root, ropes, flats: [] };
}

/** A copy without offences, or with those of one kind. */
export function rebuildValue(survey: Survey, kept?: OffenceKind): Rebuilt {
  return new Builder(survey, kept).build();
}

interface CopyFrame {
  readonly node: object;
  /** Absent for what leaves nothing behind but its own fields. */
  readonly found: FoundOffence | undefined;
  readonly keys: readonly (string | number)[];
  next: number;
  readonly values: unknown[];
  readonly texts: { readonly position: number; readonly text: string }[];
}

class Builder {
  readonly #kept: OffenceKind | undefined;
  readonly #survey: Survey;
  readonly #found = new Map<object, Map<string | number, FoundOffence>>();
  readonly #ropes: Joint[] = [];
  readonly #flats: Joint[] = [];
  readonly #frames: CopyFrame[] = [];

  constructor(survey: Survey, kept: OffenceKind | undefined) {
    this.#survey = survey;
    this.#kept = kept;
    for (const found of survey.found) {
      const ofHolder = this.#found.get(found.holder) ?? new Map<string | number, FoundOffence>();
      // The first rule that a place breaks is the one that it is counted for.
      if (!ofHolder.has(found.place.key)) ofHolder.set(found.place.key, found);
      this.#found.set(found.holder, ofHolder);
    }
  }

  build(): Rebuilt {
    const { root } = this.#survey;
    this.#frames.push({ node: root, found: undefined, keys: [''], next: 0, values: [], texts: [] });
    for (;;) {
      const frame = this.#frames.at(-1) as CopyFrame;
      const key = frame.keys[frame.next];
      if (key !== undefined) {
        frame.next += 1;
        this.#enter(frame, key);
        continue;
      }
      this.#frames.pop();
      const made = this.#finish(frame);
      const parent = this.#frames.at(-1);
      if (parent === undefined) return { root: made as { '': unknown }, ropes: this.#ropes, flats: this.#flats };
      parent.values.push(made);
    }
  }

  /** Adds one value to its frame, or opens a frame for it. */
  #enter(frame: CopyFrame, key: string | number): void {
    const original = (frame.node as Record<string | number, unknown>)[key];
    const found = this.#found.get(frame.node)?.get(key);
    const isKept = found !== undefined && found.kind === this.#kept;
    if (isKept && opaqueKinds.has(found.kind)) {
      frame.values.push(original);
      return;
    }
    const value = found === undefined ? original : writtenBy(found, original);
    if (typeof value === 'string') {
      frame.values.push(this.#enterText({ frame, text: value, found }));
    } else if (typeof value === 'object' && value !== null && !types.isBoxedPrimitive(value)) {
      const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
      this.#frames.push({ node: value, found, keys, next: 0, values: [], texts: [] });
    } else {
      frame.values.push(value);
    }
  }

  #enterText(request: { frame: CopyFrame; text: string; found: FoundOffence | undefined }): string {
    const { frame, text, found } = request;
    if (found === undefined || (found.kind === this.#kept && found.kind === 'sliced-string')) return text;
    if (found.kind !== 'cons-string') return copyFlat(text);
    frame.texts.push({ position: frame.values.length, text });
    return found.kind === this.#kept ? text : copyFlat(text);
  }

  #finish(frame: CopyFrame): unknown {
    const { node, found, keys, values } = frame;
    const kept = found !== undefined && found.kind === this.#kept ? found.kind : undefined;
    const array = Array.isArray(node);
    const made = array
      ? finishArray({ node, values, kept })
      : finishObject({ node, keys: keys as string[], values, kept });
    const holder = made.holder as Record<string | number, unknown>;
    for (const { position, text } of frame.texts) {
      const key = array ? position : made.names[position];
      if (key === undefined) continue;
      const joint = createJoint({ holder, key, text });
      if (this.#kept === 'cons-string') this.#ropes.push(joint);
      else this.#flats.push(joint);
    }
    return made.value;
  }
}

interface Finished {
  /** What stands in the copy. */
  readonly value: object;
  /** What holds the values: behind a proxy, the object itself. */
  readonly holder: object;
  /** Names of the values in their order; of a list of parts none. */
  readonly names: readonly string[];
}

function finishArray(request: { node: unknown[]; values: unknown[]; kept: OffenceKind | undefined }): Finished {
  const { node, values, kept } = request;
  const array = kept === 'sparse-array' ? thinOut(node, values) : values;
  if (kept === 'class-instance' || kept === 'other-realm' || kept === 'no-prototype')
    Object.setPrototypeOf(array, Object.getPrototypeOf(node) as object | null);
  if (kept === 'frozen-array') Object.freeze(array);
  if (kept === 'reserved-name') copyMarks(node, array);
  return { value: kept === 'proxy' ? new Proxy(array, {}) : array, holder: array, names: [] };
}

function thinOut(node: unknown[], values: readonly unknown[]): unknown[] {
  const array: unknown[] = [];
  // From the end: an element far behind the others is what makes V8 keep a dictionary.
  for (let index = values.length - 1; index >= 0; index -= 1) if (index in node) array[index] = values[index];
  array.length = node.length;
  return array;
}

function finishObject(request: {
  node: object;
  keys: readonly string[];
  values: readonly unknown[];
  kept: OffenceKind | undefined;
}): Finished {
  const { node, keys, values, kept } = request;
  const names = keys.map((key) => renameKey(key, kept));
  if (kept === undefined && names.length > mostShapedKeys)
    return { value: splitIntoParts(names, values), holder: {}, names: [] };
  // Shapes are shared this way, and it makes none of the dictionaries that keys added one by one make.
  const object = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const prototype = Object.getPrototypeOf(node) as object | null;
  if (kept === 'class-instance' || kept === 'other-realm' || kept === 'no-prototype')
    Object.setPrototypeOf(object, prototype);
  if (kept === 'reserved-name') copyMarks(node, object);
  if (kept === 'dictionary-mode') forgetShape(object);
  if (kept === 'accessor') {
    for (const [index, key] of keys.entries()) {
      if (isAccessor(node, key))
        Object.defineProperty(object, key, { get: () => values[index], enumerable: true, configurable: true });
    }
  }
  return { value: kept === 'proxy' ? new Proxy(object, {}) : object, holder: object, names };
}

/** Another name of about the same length for a key that the fast path refuses. */
function renameKey(key: string, kept: OffenceKind | undefined): string {
  const isRefused =
    (kept !== 'indexed-keys' && isIndexKey(key)) || (kept !== 'reserved-name' && key === 'get') || key === 'toJSON';
  return isRefused ? `_${key}` : key;
}

function splitIntoParts(names: readonly string[], values: readonly unknown[]): object[] {
  const parts: object[] = [];
  for (let from = 0; from < names.length; from += mostShapedKeys) {
    const some = names.slice(from, from + mostShapedKeys);
    parts.push(Object.fromEntries(some.map((name, index) => [name, values[from + index]])));
  }
  return parts;
}

function copyMarks(from: object, to: object): void {
  for (const symbol of [Symbol.toStringTag, Symbol.toPrimitive]) {
    if (Object.hasOwn(from, symbol))
      Object.defineProperty(to, symbol, { value: Reflect.get(from, symbol), configurable: true });
  }
}

/** Deleting a property that is not the last one turns an object into a dictionary. */
function forgetShape(object: Record<string, unknown>): void {
  const [first, second] = ['\u0000first', '\u0000second'];
  object[first] = 0;
  object[second] = 0;
  delete object[first];
  delete object[second];
}

/** What JSON.stringify writes in place of an offence, where that is no copy of its own fields. */
function writtenBy(found: FoundOffence, original: unknown): unknown {
  if (found.written !== undefined) return found.written.value;
  if (found.kind === 'function') return undefined;
  if (found.kind === 'raw-json') return JSON.parse((original as { rawJSON: string }).rawJSON);
  // The object of a symbol is written as an empty object.
  if (found.kind === 'boxed-primitive') return types.isSymbolObject(original) ? {} : (original as object).valueOf();
  return original;
}

/** A string of its own in one piece. */
function copyFlat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function createJoint(request: { holder: object; key: string | number; text: string }): Joint {
  const { holder, key, text } = request;
  // This copies the rope together where it stands; from here on the joint takes its place.
  const whole = copyFlat(text);
  const middle = Math.floor(whole.length / 2);
  return {
    holder: holder as Joint['holder'],
    key,
    left: copyFlat(whole.slice(0, middle)),
    right: copyFlat(whole.slice(middle)),
    whole,
  };
}
