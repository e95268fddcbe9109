/**
 * Values and errors of contenders as short lines for a reader.
 */
import { messageOf, replaceUnsafe } from '../foreign-text.ts';
import type { UuidValue } from '../model/values.ts';

/**
 * A value as a short line: JSON-like, Dates, UUIDs and bytes by name, long ones with the middle left out and their
 * length given; `nothing` for undefined.
 */
export function displayValue(value: unknown): string {
  return shorten(render(value));
}

/**
 * The text itself up to `limit` characters; longer ones lose their middle and have their length given. Characters that
 * a terminal would not show, or would obey, are named instead: `<U+007F>`.
 */
export function shorten(text: string, limit: number = shownCharacters): string {
  if (text.length <= limit) return nameInvisible(text);
  const side = Math.floor(limit / 2);
  // Half of an emoji at a cut would show as a broken character.
  const head = text.slice(0, side).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(-side).replace(/^[\udc00-\udfff]/, '');
  return `${nameInvisible(head)} … ${nameInvisible(tail)} (${text.length} characters)`;
}

/** The first line of what was thrown, shortened, since messages of generated code may quote all of it. */
export function describeThrown(error: unknown): string {
  return shorten(messageOf(error).split('\n')[0] || 'an error without a message', shownMessage);
}

/** Characters shown of a value: arbitrary, so that a reason with two of them fits two lines of a terminal. */
const shownCharacters = 60;
/** Characters shown of an error's message: arbitrary, enough for the place that JSON.parse names at the end. */
const shownMessage = 120;

/** What a value counts as where two of them are compared or one is shown. */
export type Kind = 'primitive' | 'array' | 'date' | 'uuid' | 'instant' | 'view' | 'map' | 'set' | 'object';

export function kindOf(value: unknown): Kind {
  if (typeof value !== 'object' || value === null) return 'primitive';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof Map) return 'map';
  if (value instanceof Set) return 'set';
  if (ArrayBuffer.isView(value)) return 'view';
  if (Object.prototype.toString.call(value) === '[object Temporal.Instant]') return 'instant';
  return 'bytes' in value && value.bytes instanceof Uint8Array ? 'uuid' : 'object';
}

export function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function nameInvisible(text: string): string {
  return replaceUnsafe(text, (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `<U+${digits.padStart(4, '0')}>`;
  });
}

function render(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const kind = kindOf(value);
  if (kind === 'date') {
    const isValid = !Number.isNaN((value as Date).getTime());
    return `Date(${isValid ? (value as Date).toISOString() : 'invalid'})`;
  }
  if (kind === 'uuid') return `UUID(${bytesOf((value as UuidValue).bytes).toString('hex')})`;
  if (kind === 'instant') return `Instant(${(value as Temporal.Instant).toString()})`;
  if (kind === 'view') return renderView(value as Uint8Array);
  if (kind === 'map') return `Map(${renderJson([...(value as Map<unknown, unknown>)])})`;
  if (kind === 'set') return `Set(${renderJson([...(value as Set<unknown>)])})`;
  return renderJson(value);
}

/** Bytes as hexadecimal digits, numbers of more than a byte as a list. */
function renderView(view: Uint8Array): string {
  const name = view[Symbol.toStringTag];
  return name === 'Uint8Array' ? `bytes(${bytesOf(view).toString('hex')})` : `${String(name)}(${view.toString()})`;
}

function renderJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch (error) {
    // A cycle or a BigInt inside: the kind of value is all that can be said shortly.
    return `${Array.isArray(value) ? 'a list' : 'an object'} that has no JSON (${describeThrown(error)})`;
  }
}
