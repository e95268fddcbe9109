/**
 * What can take a value off the fast path of JSON.stringify: one entry a kind, with the reason and the remedy.
 *
 * The reasons come from V8's FastJsonStringifier (src/json/json-stringifier.cc) and each one is held against the
 * running V8 by test/choose/fast-path/survey.test.ts. V8 checks while it writes, and at the first offence it throws the
 * text away and begins again with the general serializer.
 */
import type { Offence, OffenceKind } from '../../model/explanation.ts';

/** The texts of one kind. */
export type KindTexts = Pick<Offence, 'title' | 'why' | 'remedy'>;

/** In the order in which a value that is of several kinds is given to one of them. */
export const kinds: { readonly [kind in OffenceKind]: KindTexts } = {
  proxy: {
    title: 'a Proxy',
    why: 'Its traps are code that may run for every key.',
    remedy: 'Serialize the object behind the proxy, or a plain copy of it.',
  },
  date: {
    title: 'a Date',
    why: 'It has an inherited toJSON, which is code that V8 must call.',
    remedy:
      'Write the text before: put date.toISOString() into the value, or let a serializer do it that knows where the Dates are.',
  },
  'to-json': {
    title: 'a value with a property named toJSON',
    why: 'A property of this name, own or inherited, sends the call to the code that looks it up, whether it is a function or not.',
    remedy: 'Put what toJSON would return into the value; rename the property where it is data.',
  },
  'reserved-name': {
    title: 'an object with a property named get, Symbol.toStringTag or Symbol.toPrimitive',
    why: 'V8 marks the shapes of objects with these names as it marks those with toJSON, and the fast path refuses the mark.',
    remedy:
      'Rename the key where the format is yours; an OpenAPI path item has to be called get, so send such documents as text that was serialized once.',
  },
  'frozen-array': {
    title: 'a frozen, sealed or non-extensible array',
    why: 'Its elements are of a kind that the fast path does not read. Frozen objects do no harm.',
    remedy: 'Do not freeze arrays that are serialized, or serialize a copy: array.slice().',
  },
  'sparse-array': {
    title: 'an array so sparse that V8 keeps it as a dictionary',
    why: 'The fast path reads arrays that are stored one element after the other. A few holes do no harm.',
    remedy: 'Fill arrays from the front with push, or copy it with Array.from(array) before.',
  },
  'built-in': {
    title: 'an object of a built-in class such as Map, Set, RegExp, Error or a typed array',
    why: 'The fast path knows plain objects and arrays only.',
    remedy:
      'Convert it to what the client should read, such as Object.fromEntries(map); JSON.stringify writes most of these as {}.',
  },
  'raw-json': {
    title: 'the result of JSON.rawJSON',
    why: 'It is an object of a type of its own that the fast path does not know.',
    remedy: 'Use it only where its exact digits are needed.',
  },
  'boxed-primitive': {
    title: 'an object around a primitive, such as new String or Object(Symbol())',
    why: 'The fast path takes most of these objects, but not this one.',
    remedy: 'Use the primitive itself.',
  },
  function: {
    title: 'a function as the value of a property or an element',
    why: 'JSON.stringify leaves it out, but the fast path does not know functions.',
    remedy: 'Keep functions out of what is serialized; undefined does no harm.',
  },
  'no-prototype': {
    title: 'an object without a prototype',
    why: 'The fast path takes objects whose prototype is Object.prototype; Object.create(null), the groups of a regular expression and Object.groupBy make others.',
    remedy: 'Copy it into a plain object: { ...object }.',
  },
  'other-realm': {
    title: 'an object or array from another realm',
    why: 'Code in a node:vm context has an Object.prototype of its own, and the fast path takes the one of the caller only.',
    remedy: 'Copy it into a plain object or array of the realm that serializes, or serialize it where it was made.',
  },
  'class-instance': {
    title: 'an instance of a class',
    why: 'The fast path takes objects whose prototype is Object.prototype and arrays whose prototype is Array.prototype.',
    remedy: 'Make a plain object or array of it: { ...instance } has the same own fields.',
  },
  'indexed-keys': {
    title: 'an object with a key that is a whole number, such as "0"',
    why: 'V8 keeps such keys apart from named ones, and the fast path reads named ones only.',
    remedy: 'Use an array, a list of entries, or a prefix: { id_7: … } instead of { 7: … }.',
  },
  'dictionary-mode': {
    title: 'an object that V8 keeps as a dictionary',
    why: 'A deleted property or many keys added one by one (or about a thousand at once) turn an object into a dictionary, which has no shape that the fast path could read.',
    remedy:
      'Assign undefined instead of delete, build objects at once with a literal, { ...spread } or Object.fromEntries, and send very many keys as a list.',
  },
  accessor: {
    title: 'an object with an enumerable getter or setter',
    why: 'A getter is code that V8 must call.',
    remedy: 'Put the value into the object instead of the getter, or define the getter as not enumerable.',
  },
  'cons-string': {
    title: 'a string put together from parts',
    why:
      'V8 keeps what +, template literals, repeat, padStart, replace or crypto.randomUUID make as a tree of parts, from 13 characters on. ' +
      'It stays a tree of one part when something has read it, until a garbage collection tidies up.',
    remedy:
      "Make it flat where it is made: [a, b].join('') is, and so is what a database driver, JSON.parse or Buffer.toString gives.",
  },
  'sliced-string': {
    title: 'a string cut out of a longer one',
    why: 'V8 keeps what slice, substring, split, trim or a regular expression cut out, from 13 characters on, as a window on the longer text.',
    remedy: 'Make it flat where it is made: Buffer.from(text).toString() copies it, and lets the longer text go.',
  },
  unexplained: {
    title: 'something that no rule here knows',
    why: 'V8 itself says that it leaves the fast path, for instance over an object that once had a key such as "0" or toJSON: its shape remembers.',
    remedy: 'Make a plain copy of it: { ...object } has a new shape.',
  },
};
