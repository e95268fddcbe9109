/**
 * Makes the one function that is timed out of what a contender offers and the sink that is asked for.
 *
 * This is the only code of ours between the clock and the library, so each variant is a single closure without
 * branches.
 */
import type { Parser, Serializer } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import type { Sink } from '../../model/values.ts';

/**
 * The timed operation of a serializer.
 * @returns a function from value to string or Buffer, or the reason why the contender cannot reach the sink.
 */
export function createSerializeOperation(request: {
  serializer: Serializer;
  sink: Sink;
  frame: Payload['frame'];
}): ((value: unknown) => string | Uint8Array) | string {
  const { serializer, sink, frame } = request;
  const stringify = serializer.stringify?.bind(serializer);
  const encode = serializer.encode?.bind(serializer);
  if (sink === 'string') {
    if (stringify === undefined) return 'writes bytes, not a string';
    if (frame === undefined) return stringify;
    return (value) => frame.prefix + stringify(value) + frame.suffix;
  }
  // A frame is text, so text is put into it as text where the library has both.
  if (encode !== undefined && (frame === undefined || stringify === undefined)) {
    if (frame === undefined) return encode;
    const prefix = Buffer.from(frame.prefix);
    const suffix = Buffer.from(frame.suffix);
    return (value) => Buffer.concat([prefix, encode(value), suffix]);
  }
  if (stringify === undefined) return 'offers neither a string nor bytes';
  if (frame === undefined) return (value) => Buffer.from(stringify(value), 'utf8');
  return (value) => Buffer.from(frame.prefix + stringify(value) + frame.suffix, 'utf8');
}

/** A parser's timed half and the untimed making of its input. */
export interface ParseOperation {
  /** @param text the JSON text of `value`; used where the parser has no encoder of its own. */
  readonly encode: (value: unknown, text: string) => string | Uint8Array;
  readonly parse: (wire: string | Uint8Array) => unknown;
}

/** The timed operation of a parser, or the reason why it cannot read from this end of the wire. */
export function createParseOperation(request: { parser: Parser; sink: Sink }): ParseOperation | string {
  const { parser, sink } = request;
  const parseText = parser.parseText?.bind(parser) as ((text: unknown) => unknown) | undefined;
  const parseBytes = parser.parseBytes?.bind(parser) as ((bytes: unknown) => unknown) | undefined;
  if (sink === 'string') {
    if (parseText === undefined) return 'reads bytes, not a string';
    return { encode: (_value, text) => text, parse: parseText };
  }
  const encode: ParseOperation['encode'] = (value, text) =>
    // A Buffer of its own memory, as one filled from a socket; encoders may return a view of a buffer they reuse.
    Buffer.from(parser.encode === undefined ? Buffer.from(text, 'utf8') : parser.encode(value));
  if (parseBytes !== undefined) return { encode, parse: parseBytes };
  if (parseText === undefined) return 'offers no way to parse';
  return { encode, parse: (wire) => parseText((wire as Buffer).toString('utf8')) };
}
