/**
 * Looks at what a serializer makes of a single value: one row of the type-handling table.
 *
 * A text is held against the accepted texts, character by character; a format with a decoder of its own by what it
 * gives back. Nothing is timed. A value that hangs or ends the process is charged by the parent.
 */
import { toJtd } from '../../corpus/jtd.ts';
import type { Observation } from '../../model/cell.ts';
import type { CompileInput, Contender, Serializer } from '../../model/contender.ts';
import type { TypeInput } from '../../model/payload.ts';
import type { NativeTypes } from '../../model/values.ts';
import { firstDifference } from '../difference.ts';
import { describeThrown, displayValue, shorten } from '../display.ts';

/**
 * Compiles the serializer for the input's schema, serializes the input once and classifies the result.
 * @param request.compile what the contender's `load` resolved to.
 * @returns never throws; what the contender throws is an `error`, or `rejected` where an error is right. A compiler
 *   that refuses the schema is an `error` too.
 */
export function observe(request: {
  input: TypeInput;
  contender: Pick<Contender, 'equality'>;
  compile: (input: CompileInput) => Serializer;
  types: NativeTypes;
}): Observation {
  const { input, contender, compile, types } = request;
  const { schema } = input;
  const unsupported = input.unsupported?.();
  if (unsupported !== undefined) return { input: input.title, outcome: 'unsupported', output: unsupported };

  let serializer: Serializer;
  try {
    serializer = compile({ schema, jtd: () => toJtd(schema), types, variant: 'native' });
  } catch (error) {
    return { input: input.title, outcome: 'error', output: `does not compile: ${describeThrown(error)}` };
  }
  const value = input.value(types);
  try {
    const result = contender.equality === 'round-trip' ? observeRoundTrip : observeText;
    return { input: input.title, ...result({ input, serializer, value }) };
  } catch (error) {
    const outcome = input.accepts.length === 0 ? 'rejected' : 'error';
    return { input: input.title, outcome, output: describeThrown(error) };
  }
}

type Result = Omit<Observation, 'input'>;

interface Trial {
  readonly input: TypeInput;
  readonly serializer: Serializer;
  readonly value: unknown;
}

function observeText({ input, serializer, value }: Trial): Result {
  const output = write(serializer, value);
  if (output === undefined) return { outcome: 'changed', output: 'nothing' };
  // As a client reads it: a lone surrogate that was not escaped does not survive UTF-8.
  const text = Buffer.from(output).toString('utf8');
  if (!input.accepts.includes(text)) return { outcome: 'changed', output: shorten(text) };
  return { outcome: input.lossless ? 'kept' : 'converted', output: shorten(text) };
}

function observeRoundTrip({ input, serializer, value }: Trial): Result {
  const output = write(serializer, value);
  if (output === undefined) return { outcome: 'changed', output: 'nothing' };
  const decoded: unknown = serializer.decode?.(Buffer.from(output));
  const shown = typeof output === 'string' ? shorten(output) : `${output.length} bytes for ${displayValue(decoded)}`;
  if (firstDifference(decoded, value) === undefined) return { outcome: 'kept', output: shown };
  return { outcome: input.accepts.includes(jsonOf(decoded)) ? 'converted' : 'changed', output: shown };
}

/** Text where the library has it, else its bytes; undefined where it gives neither. */
function write(serializer: Serializer, value: unknown): string | Uint8Array | undefined {
  const output: unknown = serializer.stringify === undefined ? serializer.encode?.(value) : serializer.stringify(value);
  return typeof output === 'string' || output instanceof Uint8Array ? output : undefined;
}

/** JSON text of a decoded value, by which it can be compared with the accepted ones; empty where it has none. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A BigInt or a cycle: whatever it is, no accepted text says it.
    return '';
  }
}
