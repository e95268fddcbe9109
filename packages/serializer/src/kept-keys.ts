/**
 * Keys of objects as they stand in JSON text, ready to be written in words of eight bytes, and found by the order in
 * which they came last time.
 *
 * There is one table for all. When it is full, everything is forgotten, which costs time and nothing else.
 */

/** Keys that are kept, all together and in one place; others are written by JSON.stringify each time. */
const mostKeys = 4096;
const mostKeysOfPlace = 64;
const longestKey = 200;
const wordBytes = 8;

/** Texts of keys, `,"name":` each, from a whole word on. */
const keyWords = new Float64Array(mostKeys * 4);
const keyBytes = Buffer.from(keyWords.buffer);
let keysKept = 0;
let wordsKept = 0;
/** Whether a key found no room. */
let isFull = false;
/** Counts how often all keys were forgotten, since there was no room for more. */
let epoch = 0;

/** A key that stands where it stood before. All have all fields, so that code that follows them stays monomorphic. */
export class Key {
  readonly name: string;
  /** Word in `keyWords`; `length` is that of the text, -1 where it is not kept. */
  readonly word: number;
  readonly length: number;
  /** The key after it, last time. */
  next: Key | undefined;
  /** Of the objects below it. */
  below: Keys | undefined;

  /** @param isWanted whether it is to be kept, where there is room. */
  constructor(name: string, isWanted: boolean) {
    this.name = name;
    const text = Buffer.from(`,${JSON.stringify(name)}:`);
    const words = Math.max(3, Math.ceil(text.length / wordBytes));
    // A word with DEL in its last byte could be a NaN, and those have many forms and no certain bytes.
    const isKeepable = isWanted && text.length <= longestKey && !text.includes(0x7f);
    isFull ||= isKeepable && (keysKept === mostKeys || wordsKept + words > keyWords.length);
    const isKept = isKeepable && !isFull;
    this.word = wordsKept;
    this.length = isKept ? text.length : -1;
    this.next = undefined;
    this.below = undefined;
    if (!isKept) return;
    keyBytes.set(text, wordsKept * wordBytes);
    keysKept += 1;
    wordsKept += words;
  }
}

/** Keys of the objects that stand in one place, as they came last time. */
export class Keys {
  first: Key | undefined = undefined;
  readonly epoch = epoch;
  readonly all = new Map<string, Key>();
  element: Keys | undefined = undefined;

  /** @param before the key that came before it; `undefined` for the first. */
  find(name: string, before: Key | undefined): Key {
    let key = this.all.get(name);
    if (key === undefined) {
      key = new Key(name, this.all.size < mostKeysOfPlace);
      // What is not kept would pile up here all the same.
      if (key.length !== -1) this.all.set(name, key);
    }
    if (before === undefined) this.first = key;
    else before.next = key;
    return key;
  }
}

/** Makes room where a key found none: whoever has keys of an earlier epoch has to begin anew. @returns the epoch. */
export function currentEpoch(): number {
  if (isFull) {
    [keysKept, wordsKept] = [0, 0];
    epoch += 1;
    isFull = false;
  }
  return epoch;
}

/** @returns the position behind it. Writes up to three words, whatever the key's length. */
export function writeKey({ word, length }: Key, view: DataView, at: number): number {
  const words = keyWords as unknown as number[];
  view.setFloat64(at, words[word]!, true);
  view.setFloat64(at + 8, words[word + 1]!, true);
  view.setFloat64(at + 16, words[word + 2]!, true);
  for (let place = 24; place < length; place += wordBytes)
    view.setFloat64(at + place, words[word + (place >> 3)]!, true);
  return at + length;
}
