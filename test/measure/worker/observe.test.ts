/**
 * Each outcome of the type-handling table, from serializers that are wrong on purpose; and the inputs themselves, which
 * have to be such that the table can be trusted. Deliberately absent: real contenders, apart from JSON.stringify.
 */
import { describe, expect, test } from 'vitest';

import suite from '../../../bench/suites/type-handling.ts';
import { nativeTypes } from '../../../src/corpus/uuid.ts';
import { observe } from '../../../src/measure/worker/observe.ts';
import type { Observation } from '../../../src/model/cell.ts';
import type { Serializer } from '../../../src/model/contender.ts';
import type { TypeInput } from '../../../src/model/payload.ts';

const input: TypeInput = {
  title: 'a Date',
  schema: { type: 'string', format: 'date-time' },
  value: () => new Date(0),
  accepts: ['"1970-01-01T00:00:00.000Z"'],
  lossless: true,
};

const throwing = (): never => {
  throw new TypeError('not this one');
};

function observeText(stringify: (value: unknown) => string, changes: Partial<TypeInput> = {}): Observation {
  const compile = (): Serializer => ({ stringify });
  return observe({ input: { ...input, ...changes }, contender: { equality: 'json' }, compile, types: nativeTypes });
}

function observeDecoded(decoded: unknown): Observation {
  const compile = (): Serializer => ({ encode: () => Uint8Array.of(1, 2), decode: () => decoded });
  return observe({ input, contender: { equality: 'round-trip' }, compile, types: nativeTypes });
}

describe('observe', () => {
  test('calls an accepted text of a lossless input kept, and of another one converted', () => {
    const [output] = input.accepts;
    expect(observeText(JSON.stringify)).toEqual({ input: 'a Date', outcome: 'kept', output });
    expect(observeText(JSON.stringify, { lossless: false }).outcome).toBe('converted');
  });

  test('calls any other text changed, and no text as well', () => {
    expect(observeText(() => '{}')).toEqual({ input: 'a Date', outcome: 'changed', output: '{}' });
    expect(observeText(() => undefined as never)).toMatchObject({ outcome: 'changed', output: 'nothing' });
  });

  test('calls an exception an error, and rejected where an error is right', () => {
    expect(observeText(throwing)).toEqual({ input: 'a Date', outcome: 'error', output: 'not this one' });
    expect(observeText(throwing, { accepts: [] }).outcome).toBe('rejected');
    expect(observeText(JSON.stringify, { accepts: [] }).outcome).toBe('changed');
  });

  test('calls a compiler that refuses the schema an error, even where an error is right for the value', () => {
    const observation = observe({
      input: { ...input, accepts: [] },
      contender: { equality: 'json' },
      compile: throwing,
      types: nativeTypes,
    });
    expect(observation).toMatchObject({ outcome: 'error', output: 'does not compile: not this one' });
  });

  test('gives the reason where the runtime has no such value, and asks for none', () => {
    const observation = observeText(JSON.stringify, { unsupported: () => 'too old', value: throwing });
    expect(observation).toMatchObject({ outcome: 'unsupported', output: 'too old' });
  });

  test('judges a round trip by what comes back', () => {
    expect(observeDecoded(new Date(0))).toMatchObject({
      outcome: 'kept',
      output: '2 bytes for Date(1970-01-01T00:00:00.000Z)',
    });
    expect(observeDecoded('1970-01-01T00:00:00.000Z').outcome).toBe('converted');
    expect(observeDecoded({}).outcome).toBe('changed');
    expect(observeDecoded(1n).outcome).toBe('changed');
  });

  test('reads text as a client does, after UTF-8', () => {
    expect(observeText(() => '"\ud800"', { accepts: ['"\ud800"'] }).outcome).toBe('changed');
  });

  test('shortens a long output and names its invisible characters', () => {
    expect(observeText(() => `"${'x'.repeat(1000)}"`).output).toMatch(/ … x+" \(1002 characters\)$/);
    expect(observeText(() => '"\u007f"').output).toBe('"<U+007F>"');
  });
});

describe('the inputs of the type-handling suite', () => {
  const inputs: readonly TypeInput[] = suite.inputs;

  test('have distinct titles', () => {
    expect(new Set(inputs.map(({ title }) => title)).size).toBe(inputs.length);
  });

  test.each(inputs)('accept for "$title" only JSON in well-formed Unicode', ({ accepts }) => {
    for (const text of accepts) {
      expect(text.isWellFormed()).toBe(true);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });

  test('show each outcome that JSON.stringify is known for', () => {
    const compile = (): Serializer => ({ stringify: (value) => JSON.stringify(value) });
    const outcomes = Object.fromEntries(
      inputs.map((one) => {
        const { outcome } = observe({ input: one, contender: { equality: 'bytes' }, compile, types: nativeTypes });
        return [one.title, outcome];
      }),
    );
    expect(outcomes).toMatchObject({
      Date: 'kept',
      'UUID object': 'kept',
      '250 levels deep': 'kept',
      'lone surrogate': 'kept',
      NaN: 'converted',
      Float64Array: 'changed',
      'Map with integer keys': 'changed',
      'BigInt inside 64 bits': 'error',
      'circular reference': 'rejected',
    });
  });
});
