/**
 * The check that stands between a wrong output and the tables: it has to catch each kind of mistake and name its place.
 * Deliberately absent: real contenders (see test/contract).
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Uuid } from '../../../src/corpus/uuid.ts';
import { firstDifference } from '../../../src/measure/difference.ts';
import { displayValue, shorten } from '../../../src/measure/display.ts';
import { checkParsed, checkSerialized } from '../../../src/measure/worker/check.ts';
import { createSerializeOperation } from '../../../src/measure/worker/operations.ts';
import type { Equality, Serializer } from '../../../src/model/contender.ts';
import type { Payload } from '../../../src/model/payload.ts';
import type { Sink } from '../../../src/model/values.ts';

const uuid = (last: number): Uuid => new Uuid(Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? last : 0)));

describe('firstDifference', () => {
  const equal: [string, unknown, unknown][] = [
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['an object without a prototype and a plain one', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['an undefined value and an absent one', { a: undefined }, {}],
    ['an absent value and an undefined one', {}, { a: undefined }],
    ['NaN and NaN', Number.NaN, Number.NaN],
    ['Dates of one time', new Date(5), new Date(5)],
    ['invalid Dates', new Date(Number.NaN), new Date(Number.NaN)],
    ['UUIDs of the same bytes', uuid(1), uuid(1)],
    ['a UUID whose bytes are a Buffer', new Uuid(Buffer.alloc(16)), uuid(0)],
    ['a Buffer and a Uint8Array of the same bytes', Buffer.from([1, 2]), Uint8Array.of(1, 2)],
    ['Maps of equal entries', new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
  ];
  test.each(equal)('finds none between %s', (_, actual, expected) => {
    expect(firstDifference(actual, expected)).toBeUndefined();
  });

  const different: [string, unknown, unknown, string][] = [
    ['0 and -0', [0], [-0], '/0'],
    ['a number and its text', { a: 1 }, { a: '1' }, '/a'],
    ['null and an absent value', { a: null }, {}, '/a'],
    ['a missing key', { a: 1 }, { a: 1, b: 2 }, '/b'],
    ['an extra key', { a: 1, b: 2 }, { a: 1 }, '/b'],
    ['a missing key that every object inherits', {}, { constructor: 1 }, '/constructor'],
    ['a longer list', [1, 2], [1], '/1'],
    ['a list that ends in undefined', [1, undefined], [1], ''],
    ['a list and an object of its elements', [1], { 0: 1 }, ''],
    ['Dates a millisecond apart', { at: new Date(5) }, { at: new Date(6) }, '/at'],
    ['a Date and its text', new Date(5), new Date(5).toISOString(), ''],
    ['a Date and an empty object', {}, new Date(5), ''],
    ['UUIDs that differ in a byte', [uuid(1)], [uuid(2)], '/0'],
    ['a UUID and its text', uuid(1).toString(), uuid(1), ''],
    ['bytes that differ', Buffer.from([1]), Uint8Array.of(2), ''],
    ['numbers of different widths', Float32Array.of(0), Float64Array.of(0), ''],
    ['a Map and an object', { 1: 'a' }, new Map([[1, 'a']]), ''],
    ['a key that needs escaping', { 'a/b~c': { d: 1 } }, { 'a/b~c': { d: 2 } }, '/a~1b~0c/d'],
  ];
  test.each(different)('finds %s', (_, actual, expected, pointer) => {
    expect(firstDifference(actual, expected)).toMatchObject({ pointer });
  });

  test('compares instants by nanoseconds', (context) => {
    if (typeof Temporal === 'undefined') context.skip('this Node has no Temporal');
    const instant = Temporal.Instant.from('2025-01-02T03:04:05.000000001Z');
    expect(firstDifference(Temporal.Instant.from(String(instant)), instant)).toBeUndefined();
    expect(firstDifference(instant.add({ nanoseconds: 1 }), instant)).toMatchObject({ pointer: '' });
  });

  test('ends on cycles, and finds a difference beside one', () => {
    const loop = (name: string): unknown => {
      const node: { self?: unknown; name: string } = { name };
      node.self = node;
      return node;
    };
    expect(firstDifference(loop('a'), loop('a'))).toBeUndefined();
    expect(firstDifference(loop('a'), loop('b'))).toMatchObject({ pointer: '/name' });
  });

  test('names the first of several differences, in the order of the expected keys', () => {
    expect(firstDifference({ b: 0, a: 0 }, { a: 1, b: 1 })).toEqual({ pointer: '/a', actual: '0', expected: '1' });
  });

  test('finds none between a JSON value and its copy, and some after any one of its numbers has changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer(), (value, number) => {
        const holder = [value, { deep: [number] }];
        expect(firstDifference(structuredClone(holder), holder)).toBeUndefined();
        expect(firstDifference([value, { deep: [number + 1] }], holder)?.pointer).toBe('/1/deep/0');
      }),
    );
  });
});

describe('displayValue', () => {
  test('tells apart values whose JSON is the same', () => {
    expect(displayValue(undefined)).toBe('nothing');
    expect(displayValue(null)).toBe('null');
    expect(displayValue(new Date(0))).toBe('Date(1970-01-01T00:00:00.000Z)');
    expect(displayValue(uuid(1))).toBe('UUID(00000000000000000000000000000001)');
    expect(displayValue(-0)).toBe('-0');
    expect(displayValue(Uint8Array.of(1, 255))).toBe('bytes(01ff)');
  });

  test('says something of a value that has no JSON', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(displayValue(loop)).toContain('a list that has no JSON');
  });
});

describe('shorten', () => {
  test('leaves out the middle of a long text and gives its length', () => {
    const short = shorten(`start${'x'.repeat(500)}end`);
    expect(short).toMatch(/^startx+ … x+end \(508 characters\)$/);
    expect(short.length).toBeLessThan(90);
  });

  test('names what a terminal would obey or not show, and never cuts an emoji in half', () => {
    expect(shorten('\u001b[31m\u007f\ud800')).toBe('<U+001B>[31m<U+007F><U+D800>');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), (offset) => {
        expect(shorten('a'.repeat(offset) + '🛠'.repeat(50))).not.toContain('<U+');
      }),
    );
  });
});

/** Checks the operation that would be timed. */
function checkOn(
  serializer: Serializer,
  request: { equality: Equality; sink: Sink; value: unknown; text: string; frame?: Payload['frame'] },
): string | undefined {
  const { equality, sink, value, text, frame } = request;
  const operate = createSerializeOperation({ serializer, sink, frame });
  if (typeof operate === 'string') return operate;
  return checkSerialized({
    operate,
    value,
    form: { sink, equality, frame, decode: serializer.decode?.bind(serializer) },
    expected: { value, text },
  });
}

describe('checkSerialized', () => {
  const value = [{ id: 1, createdAt: new Date('2025-03-09T08:07:06.005Z'), text: 'a"b' }];
  const expectedText = JSON.stringify(value);
  const check = (serializer: Serializer, equality: Equality): string | undefined => {
    const sink = serializer.stringify === undefined ? 'bytes' : 'string';
    return checkOn(serializer, { equality, sink, value, text: expectedText });
  };

  test('accepts the reference under bytes and under json', () => {
    expect(check({ stringify: (input) => JSON.stringify(input) }, 'bytes')).toBeUndefined();
    expect(check({ stringify: (input) => JSON.stringify(input) }, 'json')).toBeUndefined();
  });

  test('catches a serializer that forgets to ask Dates for their text', () => {
    const forgetful: Serializer = {
      stringify: (input) =>
        JSON.stringify((input as typeof value).map(({ id, text }) => ({ id, createdAt: {}, text }))),
    };
    const reason = 'at /0/createdAt: wrote {} where "2025-03-09T08:07:06.005Z" was expected';
    expect(check(forgetful, 'json')).toBe(reason);
    expect(check(forgetful, 'bytes')).toBe(reason);
  });

  test('catches a serializer that drops a field, adds one, or writes one item of many', () => {
    const planted = (change: (items: typeof value) => unknown): Serializer => ({
      stringify: (input) => JSON.stringify(change(input as typeof value)),
    });
    const dropping = planted((items) => items.map(({ id, createdAt }) => ({ id, createdAt })));
    const adding = planted((items) => items.map(({ id, createdAt, text }) => ({ id, createdAt, text, x: 1 })));
    expect(check(dropping, 'json')).toMatch(/^at \/0\/text: wrote nothing/);
    expect(check(adding, 'json')).toMatch(/^at \/0\/x: wrote 1 where nothing/);
    expect(
      check(
        planted(() => []),
        'json',
      ),
    ).toMatch(/^at \/0: wrote nothing/);
  });

  test('tells the same value in other bytes from the same bytes', () => {
    const spaced: Serializer = { stringify: (input) => JSON.stringify(input).replace('":', '": ') };
    expect(check(spaced, 'json')).toBeUndefined();
    expect(check(spaced, 'bytes')).toMatch(/^same value, other bytes at offset 7: " 1,/);
  });

  test('catches text that is no JSON, no text, and no bytes', () => {
    expect(check({ stringify: () => '[{' }, 'json')).toMatch(/^wrote no JSON: /);
    expect(check({ stringify: () => undefined as never }, 'json')).toBe('wrote nothing, which is not text');
    expect(check({ encode: () => '[]' as never }, 'bytes')).toBe('wrote "[]", which is not bytes');
  });

  test('reports what is thrown by its first line', () => {
    const thrower: Serializer = {
      stringify() {
        throw new Error('no room\nstack of things');
      },
    };
    expect(check(thrower, 'bytes')).toBe('threw: no room');
  });

  test('asks a round trip to give Dates back', () => {
    const encode = (input: unknown): Uint8Array => Buffer.from(JSON.stringify(input));
    const forgetful: Serializer = { encode, decode: (output): unknown => JSON.parse(Buffer.from(output).toString()) };
    expect(check(forgetful, 'round-trip')).toBe(
      'at /0/createdAt: wrote "2025-03-09T08:07:06.005Z" where Date(2025-03-09T08:07:06.005Z) was expected',
    );
    expect(check({ encode, decode: () => structuredClone(value) }, 'round-trip')).toBeUndefined();
    expect(check({ encode }, 'round-trip')).toBe('has no decoder to check its output with');
  });

  test('checks the function that the sink uses', () => {
    const twoFaced: Serializer = { stringify: () => expectedText, encode: () => Buffer.from('[]') };
    const request = { equality: 'bytes', value, text: expectedText } as const;
    expect(checkOn(twoFaced, { ...request, sink: 'string' })).toBeUndefined();
    expect(checkOn(twoFaced, { ...request, sink: 'bytes' })).toMatch(/^at \/0: wrote nothing/);
  });

  test('sees a lone surrogate that does not survive UTF-8', () => {
    const raw: Serializer = { stringify: (input) => `"${String(input)}"` };
    expect(checkOn(raw, { equality: 'json', sink: 'string', value: '\ud800', text: '"\\ud800"' })).toMatch(
      /^at the root: wrote/,
    );
  });

  test('asks for the frame to the byte, and checks what stands inside it', () => {
    const frame = { prefix: 'data: ', suffix: '\n\n' };
    const request = { equality: 'bytes', value, text: expectedText, frame } as const;
    const form = { sink: 'string', equality: 'bytes', frame, decode: undefined } as const;
    const writing = (output: string) =>
      checkSerialized({ operate: () => output, value, form, expected: { value, text: expectedText } });
    for (const sink of ['string', 'bytes'] as const) {
      expect(checkOn({ stringify: (input) => JSON.stringify(input) }, { ...request, sink })).toBeUndefined();
    }
    expect(writing(`data: ${expectedText}\n\n`)).toBeUndefined();
    for (const wrong of [
      expectedText,
      `data: ${expectedText}`,
      `data:${expectedText}\n\n`,
      `data: ${expectedText}\n`,
      'data: \n',
      '\n\n',
      '',
    ]) {
      expect(writing(wrong)).toMatch(/does not stand between "data: " and "\\n\\n"$/);
    }
    expect(writing('data: [{}]\n\n')).toMatch(/^at \/0\/id: wrote nothing/);
  });
});

describe('checkParsed', () => {
  const value = { at: new Date(0), name: 'a' };
  const expectedText = JSON.stringify(value);

  test('expects the parsed text under json, and the live value of a round trip', () => {
    const result = (): unknown => JSON.parse(expectedText);
    const request = { parser: {}, result, expected: { value, text: expectedText } };
    expect(checkParsed({ ...request, equality: 'json' })).toBeUndefined();
    expect(checkParsed({ ...request, equality: 'round-trip' })).toMatch(/^at \/at: read "1970/);
  });

  test('expects of a partial parser the part that it names', () => {
    const parser = { expect: (whole: unknown) => (whole as typeof value).name };
    const request = { parser, equality: 'json', expected: { value, text: expectedText } } as const;
    expect(checkParsed({ ...request, result: () => 'a' })).toBeUndefined();
    expect(checkParsed({ ...request, result: () => 'b' })).toBe('at the root: read "b" where "a" was expected');
  });

  test('reports what a parser throws', () => {
    const result = (): never => {
      throw new SyntaxError('bad token');
    };
    expect(checkParsed({ parser: {}, equality: 'json', result, expected: { value, text: expectedText } })).toBe(
      'threw: bad token',
    );
  });
});
