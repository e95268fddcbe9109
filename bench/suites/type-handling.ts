/**
 * What becomes of single values: everything a gateway relies on, and everything that goes wrong in practice.
 *
 * The accepted texts are what `JSON.stringify` of a value already converted by hand would be; where JSON allows more
 * than one spelling of the same characters, each is listed. Deliberately absent: any timing.
 * Source: RFC 8259 (JSON), RFC 3339 (datetimes), RFC 9562 (UUIDs), ECMA-262 (JSON.stringify).
 */
import type { TypeInput } from '../../src/model/payload.ts';
import type { ObservationSuite } from '../../src/model/suite.ts';
import type { JsonSchema } from '../../src/model/values.ts';

const anything: JsonSchema = {};
const string: JsonSchema = { type: 'string' };
const datetime: JsonSchema = { type: 'string', format: 'date-time' };
const integer: JsonSchema = { type: 'integer' };
const number: JsonSchema = { type: 'number' };
const openObject: JsonSchema = { type: 'object', additionalProperties: true };
const numbers: JsonSchema = { type: 'array', items: number };
const record = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Arbitrary version 4 UUID whose text has digits of all kinds. */
const UUID_TEXT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const UUID_BYTES = Uint8Array.from(UUID_TEXT.replaceAll('-', '').match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** A value that keeps all of its meaning in each of the texts. */
const kept = (title: string, schema: JsonSchema, rest: Pick<TypeInput, 'accepts' | 'value'>): TypeInput => ({
  title,
  schema,
  lossless: true,
  ...rest,
});

/** A value that JSON has no room for, and the text that stands in for it. */
const converted = (title: string, schema: JsonSchema, rest: Pick<TypeInput, 'accepts' | 'value'>): TypeInput => ({
  title,
  schema,
  lossless: false,
  ...rest,
});

class Point {
  readonly x = 1;
  readonly y = 2;
}

class Money {
  readonly cents = 1250;
  toJSON(): string {
    return '12.50 EUR';
  }
}

export default {
  title: 'Type handling',
  question: 'What is written for values that JSON has no type for, and is anything lost?',
  order: 4,
  reference: 'json-stringify',
  tier: 'quick',
  method: 'observation',
  // Representations and single values are those of JavaScript.
  contenders: ({ kind, python }) => kind === 'serialize' && python === undefined,
  inputs: [
    kept('Date', datetime, {
      value: () => new Date('2025-03-09T08:07:06.005Z'),
      accepts: ['"2025-03-09T08:07:06.005Z"', '"2025-03-09T08:07:06.005+00:00"'],
    }),
    converted('invalid Date', datetime, { value: () => new Date(Number.NaN), accepts: ['null'] }),
    {
      ...kept('Temporal.Instant', datetime, {
        value: () => Temporal.Instant.from('2025-03-09T08:07:06.005004003Z'),
        accepts: ['"2025-03-09T08:07:06.005004003Z"'],
      }),
      unsupported: () => (typeof Temporal === 'undefined' ? 'this Node has no Temporal' : undefined),
    },
    kept(
      'UUID object',
      { type: 'string', format: 'uuid' },
      {
        value: ({ Uuid }) => new Uuid(UUID_BYTES),
        accepts: [`"${UUID_TEXT}"`],
      },
    ),
    kept('integer', integer, { value: () => 9_007_199_254_740_991, accepts: ['9007199254740991'] }),
    kept('float', number, { value: () => 0.1, accepts: ['0.1'] }),
    converted('-0', number, { value: () => -0, accepts: ['0'] }),
    kept('1e21', number, { value: () => 1e21, accepts: ['1e+21', '1e21', '1000000000000000000000'] }),
    kept('1e-7', number, { value: () => 1e-7, accepts: ['1e-7', '1e-07', '0.0000001'] }),
    kept('true', { type: 'boolean' }, { value: () => true, accepts: ['true'] }),
    kept('false', { type: 'boolean' }, { value: () => false, accepts: ['false'] }),
    kept('null', { type: ['string', 'null'] }, { value: () => null, accepts: ['null'] }),
    converted('NaN', number, { value: () => Number.NaN, accepts: ['null'] }),
    converted('Infinity', number, { value: () => Number.POSITIVE_INFINITY, accepts: ['null'] }),
    kept('BigInt inside 64 bits', integer, { value: () => 2n ** 63n - 1n, accepts: ['9223372036854775807'] }),
    kept('BigInt outside 64 bits', integer, { value: () => 2n ** 80n, accepts: ['1208925819614629174706176'] }),
    kept('empty list', { type: 'array', items: anything }, { value: () => [], accepts: ['[]'] }),
    kept('empty object', openObject, { value: () => ({}), accepts: ['{}'] }),
    kept('10 levels deep', openObject, { value: () => nest(10), accepts: [nestedText(10)] }),
    kept('250 levels deep', openObject, { value: () => nest(250), accepts: [nestedText(250)] }),
    kept('Chinese, Japanese, emoji', string, { value: () => '工具 ツール 🛠️', accepts: ['"工具 ツール 🛠️"'] }),
    kept('10,000 characters', string, { value: () => 'x'.repeat(10_000), accepts: [`"${'x'.repeat(10_000)}"`] }),
    kept('quotes, backslash, controls', string, {
      value: () => 'a"b\\c\n\u0001',
      accepts: [String.raw`"a\"b\\c\n\u0001"`],
    }),
    kept('backslash alone', string, { value: () => 'C:\\temp', accepts: [String.raw`"C:\\temp"`] }),
    kept('lone surrogate', string, { value: () => '\ud800', accepts: [String.raw`"\ud800"`] }),
    kept('U+2028', string, { value: () => '\u2028', accepts: ['"\u2028"', String.raw`"\u2028"`] }),
    kept('slash', string, { value: () => '</', accepts: ['"</"', String.raw`"<\/"`, String.raw`"\u003c/"`] }),
    kept('DEL', string, { value: () => '\u007f', accepts: ['"\u007f"', String.raw`"\u007f"`] }),
    kept('Map with integer keys', openObject, {
      value: () =>
        new Map([
          [1, 'one'],
          [2, 'two'],
        ]),
      accepts: ['{"1":"one","2":"two"}'],
    }),
    kept('Map with UUID keys', openObject, {
      value: ({ Uuid }) => new Map([[new Uuid(UUID_BYTES), 'tool']]),
      accepts: [`{"${UUID_TEXT}":"tool"}`],
    }),
    kept('Float64Array', numbers, { value: () => Float64Array.of(0.5, 1.5), accepts: ['[0.5,1.5]'] }),
    kept('Int32Array', { type: 'array', items: integer }, { value: () => Int32Array.of(-1, 2), accepts: ['[-1,2]'] }),
    converted('undefined property', record({ a: integer, b: integer }, ['a']), {
      value: () => ({ a: 1, b: undefined }),
      accepts: ['{"a":1}'],
    }),
    converted(
      'undefined element',
      { type: 'array', items: anything },
      {
        value: () => [undefined, 1],
        accepts: ['[null,1]'],
      },
    ),
    converted('function property', openObject, { value: () => ({ a: 1, b: () => 2 }), accepts: ['{"a":1}'] }),
    {
      title: 'circular reference',
      schema: openObject,
      lossless: false,
      accepts: [],
      value() {
        const loop: { self?: unknown } = {};
        loop.self = loop;
        return loop;
      },
    },
    kept('class instance', record({ x: integer, y: integer }, ['x', 'y']), {
      value: () => new Point(),
      accepts: ['{"x":1,"y":2}'],
    }),
    converted('class instance with toJSON', string, { value: () => new Money(), accepts: ['"12.50 EUR"'] }),
  ],
} satisfies ObservationSuite;

/** Objects inside objects; the innermost is empty. */
function nest(levels: number): unknown {
  let value = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

function nestedText(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}
