/**
 * The rules: what one value by itself is to the fast path of JSON.stringify, without what it holds.
 *
 * They follow the checks of V8's FastJsonStringifier and are held against the running V8 by tests. Nothing here runs
 * code of the value or changes how it is kept. Strings, and traces in shapes that no rule can see, are left to the
 * probe (survey.ts).
 */
import { types } from 'node:util';

import type { OffenceKind } from '../../model/explanation.ts';
import { hasFastProperties, hasOrdinaryElements } from './natives.ts';

/** What a rule found; `detail` is a name from the value itself, such as that of its class. */
export interface Classified {
  readonly kind: OffenceKind;
  readonly detail?: string;
}

/** Names that V8 marks in the shapes of objects, beside toJSON. */
const reservedNames: readonly PropertyKey[] = ['get', Symbol.toStringTag, Symbol.toPrimitive];

/** Whole numbers below 2^32 - 1 in their shortest form: what V8 keeps among the elements. */
const indexKey = /^(?:0|[1-9]\d{0,9})$/;

const isOfBuiltInClass: readonly ((value: unknown) => boolean)[] = [
  types.isMap,
  types.isSet,
  types.isWeakMap,
  types.isWeakSet,
  types.isRegExp,
  types.isNativeError,
  types.isDate,
  types.isArrayBufferView,
  types.isAnyArrayBuffer,
  types.isPromise,
  types.isGeneratorObject,
  types.isArgumentsObject,
  types.isMapIterator,
  types.isSetIterator,
  types.isModuleNamespaceObject,
];

/** The rule that a value breaks; `undefined` where it breaks none. Strings break none here. */
export function classify(value: unknown): Classified | undefined {
  if (typeof value === 'function') return { kind: callsToJson(value) ? 'to-json' : 'function' };
  // The walk refuses a BigInt without toJSON before.
  if (typeof value === 'bigint') return { kind: 'to-json', detail: 'BigInt' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isProxy(value)) return { kind: 'proxy' };
  if ('toJSON' in value)
    return types.isDate(value) && callsToJson(value) ? { kind: 'date' } : { kind: 'to-json', ...nameOf(value) };
  const reserved = reservedNames.find((name) => Object.hasOwn(value, name));
  if (reserved !== undefined) return { kind: 'reserved-name', detail: String(reserved) };
  return Array.isArray(value) ? classifyArray(value) : classifyObject(value);
}

/** Whether JSON.stringify would call its toJSON. */
export function callsToJson(value: unknown): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

/** Whether a key is one that V8 keeps apart from named ones. */
export function isIndexKey(key: PropertyKey): boolean {
  return typeof key === 'string' && indexKey.test(key) && Number(key) < 2 ** 32 - 1;
}

function classifyArray(array: readonly unknown[]): Classified | undefined {
  const inherited = classifyPrototype(array, Array.prototype);
  if (inherited !== undefined) return inherited;
  if (hasOrdinaryElements(array)) return undefined;
  return { kind: Object.isExtensible(array) ? 'sparse-array' : 'frozen-array' };
}

function classifyObject(value: object): Classified | undefined {
  if (isRawJson(value)) return { kind: 'raw-json' };
  // The fast path takes most of these, so the probe decides.
  if (types.isBoxedPrimitive(value)) return undefined;
  if (isOfBuiltInClass.some((is) => is(value))) return { kind: 'built-in', ...nameOf(value) };
  const inherited = classifyPrototype(value, Object.prototype);
  if (inherited !== undefined) return inherited;
  // Keys that are whole numbers come first, whatever the order they were added in.
  const [firstKey] = Reflect.ownKeys(value);
  if (firstKey !== undefined && isIndexKey(firstKey)) return { kind: 'indexed-keys', detail: JSON.stringify(firstKey) };
  // Before the dictionary, because a literal with a getter in it may be one, and without the getter would not.
  const accessor = Object.keys(value).find((key) => isAccessor(value, key));
  if (accessor !== undefined) return { kind: 'accessor', detail: accessor };
  return hasFastProperties?.(value) === false ? { kind: 'dictionary-mode' } : undefined;
}

function isRawJson(value: object): boolean {
  // Newer than TypeScript's library and than some runtimes.
  return (JSON as { isRawJSON?: (value: object) => boolean }).isRawJSON?.(value) === true;
}

/** Whether an own property is a getter or a setter. */
export function isAccessor(value: object, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  return descriptor !== undefined && !Object.hasOwn(descriptor, 'value');
}

function classifyPrototype(value: object, expected: object): Classified | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === expected) return undefined;
  if (prototype === null) return { kind: 'no-prototype' };
  return isPrototypeOfAnotherRealm(prototype) ? { kind: 'other-realm' } : { kind: 'class-instance', ...nameOf(value) };
}

/** Another realm's Object.prototype or Array.prototype: it looks like ours and is a different object. */
function isPrototypeOfAnotherRealm(prototype: object): boolean {
  const ours = Array.isArray(prototype) ? Array.prototype : Object.prototype;
  // A prototype of Object.create({…}) has no constructor of its own.
  const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  return (
    prototype !== ours &&
    typeof constructor === 'function' &&
    constructor !== ours.constructor &&
    constructor.name === ours.constructor.name &&
    Function.prototype.toString.call(constructor).includes('[native code]')
  );
}

/** The name of the class, read without running a getter; absent where there is none. */
function nameOf(value: object): { detail?: string } {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return {};
  const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  if (typeof constructor !== 'function' || constructor === Object) return {};
  const name = Object.getOwnPropertyDescriptor(constructor, 'name')?.value as unknown;
  return typeof name === 'string' && name !== '' ? { detail: name } : {};
}
