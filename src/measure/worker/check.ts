/**
 * Holds what a contender wrote or read against the truth, before anything is timed.
 *
 * A contender's own idea of equality does not count, and nothing is tolerated: `equality` in src/model/contender.ts is
 * the contract.
 */
import type { Equality, Parser, Serializer } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Sink } from '../../model/values.ts';
import { type ValueDifference, firstDifference } from '../difference.ts';
import { bytesOf, describeThrown, displayValue } from '../display.ts';

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
 * It takes the operation and no serializer on purpose: a contender whose `encode` is right and whose `stringify` is
 * wrong passes only where the clock runs on `encode` too.
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
  return JSON.stringify(bytesOf(bytes).toString('utf8', offset, offset + shownBytes));
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

function sentence(verb: 'read' | 'wrote', found: ValueDifference | undefined): string | undefined {
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

/** Bytes shown of an output. Arbitrary: enough to find the place. */
const shownBytes = 20;
