/**
 * Holds what a contender wrote or read against the truth, before anything is timed.
 *
 * A wrong output is named by the first place where it differs, as a JSON Pointer, so that a reader can look it up.
 * Deliberately absent: the contenders' own idea of equality, and any tolerance; `equality` in model.ts is the contract.
 * Source: RFC 6901 (JSON Pointer).
 */
import { messageOf, replaceUnsafe } from '../foreign-text.ts';
import type { Equality, Parser, Serializer } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { Sink, UuidValue } from '../model/values.ts';

/** The first place where two values differ. */
export interface Difference {
  /** RFC 6901; empty where the values themselves differ and no part of them. */
  readonly pointer: string;
  /** Both sides shortened for display; `nothing` where a side has no such part. */
  readonly actual: string;
  readonly expected: string;
}

/**
 * Compares two values part by part, keys of the expected value first and in its order.
 *
 * Own enumerable string keys count, in any order, and an undefined value equals an absent one; prototypes of plain
 * objects do not count. Numbers are equal as `Object.is` has it (NaN equals NaN, 0 and -0 differ). Dates compare by
 * time, UUIDs by their bytes, instants by nanoseconds, Buffers and typed arrays by content, Maps and Sets by entries
 * in order. Cycles are followed once.
 * @returns undefined where the values are equal.
 */
export function firstDifference(actual: unknown, expected: unknown): Difference | undefined {
  return compare(actual, expected, { path: [], open: new Map() });
}

/** What an output has to hold. */
export interface Expected {
  /** The live value, Dates and UUIDs included in the native variant; what a round trip has to give back. */
  readonly value: unknown;
  /** The JSON text that a client must read, without the payload's frame. */
  readonly text: string;
}

/** The form in which a contender has to write. */
export interface WrittenForm {
  readonly sink: Sink;
  readonly equality: Equality;
  /** Text around the JSON, which has to be there to the byte. */
  readonly frame: Payload['frame'];
  /** Needed for `round-trip` equality. */
  readonly decode: Serializer['decode'];
}

/**
 * Runs the operation that is going to be timed, and checks what it gives.
 *
 * It takes the operation and no serializer on purpose: a contender whose `encode` is right and whose `stringify` is wrong
 * passes only where the clock runs on `encode` too.
 * @returns undefined where the output is right, else the reason, e.g. `at /0/createdAt: wrote {} where "…" was
 *   expected`; what the contender throws becomes `threw: message`.
 */
export function checkSerialized(request: {
  operate: (value: unknown) => unknown;
  value: unknown;
  form: WrittenForm;
  expected: Expected;
}): string | undefined {
  const { operate, value, form, expected } = request;
  return reasonOrThrown(() => judgeOutput(operate(value), form, expected));
}

/** The same for an output that is there already, such as the last one of a timed block. */
export function checkOutput(output: unknown, form: WrittenForm, expected: Expected): string | undefined {
  return reasonOrThrown(() => judgeOutput(output, form, expected));
}

/**
 * Checks what a parser has read.
 * @param request.result runs the operation that is timed, or gives what it gave.
 * @param request.expected.value what a round trip has to give back.
 * @param request.expected.text what every other parser has to give back, parsed.
 * @returns undefined where the result is right, else the reason, as `checkSerialized` does.
 */
export function checkParsed(request: {
  parser: Parser;
  equality: Equality;
  result: () => unknown;
  expected: Expected;
}): string | undefined {
  const { parser, equality, result, expected } = request;
  return reasonOrThrown(() => {
    const read = result();
    if (equality === 'json' && parser.expect === undefined && isSameText(read, expected.text)) return undefined;
    const whole: unknown = equality === 'round-trip' ? expected.value : JSON.parse(expected.text);
    const part = parser.expect === undefined ? whole : parser.expect(whole);
    return sentence('read', firstDifference(read, part));
  });
}

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
export function shorten(text: string, limit: number = DISPLAY_LENGTH): string {
  if (text.length <= limit) return nameInvisible(text);
  const side = Math.floor(limit / 2);
  // Half of an emoji at a cut would show as a broken character.
  const head = text.slice(0, side).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(-side).replace(/^[\udc00-\udfff]/, '');
  return `${nameInvisible(head)} … ${nameInvisible(tail)} (${text.length} characters)`;
}

/** The first line of what was thrown, shortened, since messages of generated code may quote all of it. */
export function describeThrown(error: unknown): string {
  return shorten(messageOf(error).split('\n')[0] || 'an error without a message', MESSAGE_LENGTH);
}

/** Characters shown of a value: arbitrary, so that a reason with two of them fits two lines of a terminal. */
const DISPLAY_LENGTH = 60;
/** Characters shown of an error's message: arbitrary, enough for the place that JSON.parse names at the end. */
const MESSAGE_LENGTH = 120;

/** Where a comparison stands: the keys that lead here, and the pairs of objects that are being compared. */
interface Position {
  readonly path: (string | number)[];
  readonly open: Map<object, unknown>;
}

function compare(actual: unknown, expected: unknown, position: Position): Difference | undefined {
  if (Object.is(actual, expected)) return undefined;
  const kind = kindOf(expected);
  if (kind === 'primitive' || kindOf(actual) !== kind) return difference(actual, expected, position);
  // Inside a cycle the pair is being compared further up already.
  if (position.open.get(actual as object) === expected) return undefined;
  const before = position.open.get(actual as object);
  position.open.set(actual as object, expected);
  const found = compareParts(actual, expected, { kind, position });
  if (before === undefined) position.open.delete(actual as object);
  else position.open.set(actual as object, before);
  return found;
}

type Kind = 'primitive' | 'array' | 'date' | 'uuid' | 'instant' | 'view' | 'map' | 'set' | 'object';

function kindOf(value: unknown): Kind {
  if (typeof value !== 'object' || value === null) return 'primitive';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof Map) return 'map';
  if (value instanceof Set) return 'set';
  if (ArrayBuffer.isView(value)) return 'view';
  if (Object.prototype.toString.call(value) === '[object Temporal.Instant]') return 'instant';
  return 'bytes' in value && value.bytes instanceof Uint8Array ? 'uuid' : 'object';
}

function compareParts(
  actual: unknown,
  expected: unknown,
  { kind, position }: { kind: Kind; position: Position },
): Difference | undefined {
  if (kind === 'array') return compareLists(actual as unknown[], expected as unknown[], position);
  if (kind === 'map' || kind === 'set') {
    return compareLists([...(actual as Iterable<unknown>)], [...(expected as Iterable<unknown>)], position);
  }
  if (kind === 'object') {
    return compareObjects(actual as Record<string, unknown>, expected as Record<string, unknown>, position);
  }
  return isSameLeaf(actual, expected, kind) ? undefined : difference(actual, expected, position);
}

/** For objects that count as one value, without parts of their own. */
function isSameLeaf(actual: unknown, expected: unknown, kind: Kind): boolean {
  if (kind === 'date') return Object.is((actual as Date).getTime(), (expected as Date).getTime());
  if (kind === 'uuid') return isSameView((actual as UuidValue).bytes, (expected as UuidValue).bytes);
  if (kind === 'view') return isSameView(actual as Uint8Array, expected as Uint8Array);
  return (actual as Temporal.Instant).epochNanoseconds === (expected as Temporal.Instant).epochNanoseconds;
}

/** A Buffer is a Uint8Array with another name, while numbers of another width are another value. */
function isSameView(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual[Symbol.toStringTag] === expected[Symbol.toStringTag] && bytesOf(actual).equals(bytesOf(expected));
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function compareLists(
  actual: readonly unknown[],
  expected: readonly unknown[],
  position: Position,
): Difference | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    const found = comparePart(index, [actual[index], expected[index]], position);
    if (found !== undefined) return found;
  }
  // Only lists that end in undefined get here with different lengths.
  return actual.length === expected.length ? undefined : difference(actual, expected, position);
}

function compareObjects(
  actual: Record<string, unknown>,
  expected: Record<string, unknown>,
  position: Position,
): Difference | undefined {
  for (const key of Object.keys(expected)) {
    const found = comparePart(key, [ownValue(actual, key), expected[key]], position);
    if (found !== undefined) return found;
  }
  for (const key of Object.keys(actual)) {
    if (Object.hasOwn(expected, key)) continue;
    const found = comparePart(key, [actual[key], undefined], position);
    if (found !== undefined) return found;
  }
  return undefined;
}

function comparePart(
  key: string | number,
  [actual, expected]: readonly [unknown, unknown],
  position: Position,
): Difference | undefined {
  position.path.push(key);
  const found = compare(actual, expected, position);
  position.path.pop();
  return found;
}

/** Not `object[key]`, which finds `constructor` and the like in every object. */
function ownValue(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function difference(actual: unknown, expected: unknown, { path }: Position): Difference {
  const pointer = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { pointer, actual: displayValue(actual), expected: displayValue(expected) };
}

function judgeOutput(
  output: unknown,
  { sink, equality, frame, decode }: WrittenForm,
  expected: Expected,
): string | undefined {
  if (sink === 'string' && typeof output !== 'string') return `wrote ${displayValue(output)}, which is not text`;
  if (sink === 'bytes' && !(output instanceof Uint8Array)) return `wrote ${displayValue(output)}, which is not bytes`;
  const framed = typeof output === 'string' ? Buffer.from(output) : bytesOf(output as Uint8Array);
  const bytes = frame === undefined ? framed : withoutFrame(framed, frame);
  if (typeof bytes === 'string') return bytes;
  if (equality === 'bytes') return compareBytes(bytes, Buffer.from(expected.text));
  if (equality === 'json') return compareText(bytes, expected.text);
  if (decode === undefined) return 'has no decoder to check its output with';
  return sentence('wrote', firstDifference(decode(bytes), expected.value));
}

/** What stands inside the frame, or the reason why there is no such thing. */
function withoutFrame(bytes: Buffer, frame: NonNullable<Payload['frame']>): Buffer | string {
  const prefix = Buffer.from(frame.prefix);
  const suffix = Buffer.from(frame.suffix);
  const isFramed =
    bytes.length >= prefix.length + suffix.length &&
    bytes.subarray(0, prefix.length).equals(prefix) &&
    bytes.subarray(bytes.length - suffix.length).equals(suffix);
  if (!isFramed)
    return `wrote ${displayValue(bytes.toString())}, which does not stand between ${JSON.stringify(frame.prefix)} and ${JSON.stringify(frame.suffix)}`;
  return bytes.subarray(prefix.length, bytes.length - suffix.length);
}

function compareBytes(output: Buffer, expected: Buffer): string | undefined {
  if (expected.equals(output)) return undefined;
  const reason = compareText(output, expected.toString());
  if (reason !== undefined) return reason;
  const offset = expected.findIndex((byte, index) => output[index] !== byte);
  const at = offset === -1 ? expected.length : offset;
  return `same value, other bytes at offset ${at}: ${excerpt(output, at)} where ${excerpt(expected, at)} was expected`;
}

/** A few characters from the offset on; a character cut in half shows as U+FFFD. */
function excerpt(bytes: Uint8Array, offset: number): string {
  return JSON.stringify(bytesOf(bytes).toString('utf8', offset, offset + DISPLAY_LENGTH / 3));
}

/** The short way to a yes, for values of megabytes; a no is looked into part by part. */
function isSameText(value: unknown, expectedText: string): boolean {
  return JSON.stringify(value) === expectedText;
}

function compareText(output: Buffer, expectedText: string): string | undefined {
  const text = output.toString();
  // Beside being quick, this needs no stack: the way part by part calls itself at every level.
  if (text === expectedText) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `wrote no JSON: ${describeThrown(error)}`;
  }
  return sentence('wrote', firstDifference(value, JSON.parse(expectedText)));
}

function sentence(verb: 'read' | 'wrote', found: Difference | undefined): string | undefined {
  if (found === undefined) return undefined;
  const place = found.pointer === '' ? 'the root' : found.pointer;
  return `at ${place}: ${verb} ${found.actual} where ${found.expected} was expected`;
}

/** A contender may throw anything; what it throws is a finding about it, not a bug of ours. */
function reasonOrThrown(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return `threw: ${describeThrown(error)}`;
  }
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
