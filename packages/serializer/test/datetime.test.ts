import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatDatetime, plainDateText } from '../src/datetime.ts';

const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 10_000);
/** The last millisecond that a Date can hold, on either side of 1970. */
const most = 8.64e15;

describe('a datetime', () => {
  it('is written as toISOString writes it, over the whole range of Date', () => {
    const anywhere = fc.integer({ min: -most, max: most });
    const fourDigits = fc.integer({ min: Date.UTC(-1, 0), max: Date.UTC(10_000, 1) });
    const recent = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(fc.oneof(anywhere, fourDigits, recent), (ms) => {
        expect(formatDatetime(ms)).toBe(new Date(ms).toISOString());
      }),
      { numRuns },
    );
  });

  it('is right on both sides of every boundary', () => {
    const yearZero = new Date(0).setUTCFullYear(0, 0, 1);
    const marchOfYearZero = new Date(0).setUTCFullYear(0, 2, 1);
    const boundaries = [
      yearZero,
      marchOfYearZero,
      Date.UTC(10_000, 0),
      0,
      Date.UTC(1900, 2),
      Date.UTC(2000, 2),
      Date.UTC(2024, 2),
      Date.UTC(2100, 2),
      Date.UTC(2001, 0),
    ];
    for (const boundary of boundaries) {
      for (const ms of [-1, 0, 1]) expect(formatDatetime(boundary + ms)).toBe(new Date(boundary + ms).toISOString());
    }
    for (const ms of [most, -most, most - 1, 1 - most]) expect(formatDatetime(ms)).toBe(new Date(ms).toISOString());
    expect(formatDatetime(-0)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is right on each day of four hundred years', () => {
    const wrong: string[] = [];
    for (let ms = Date.UTC(1800, 0); ms < Date.UTC(2201, 0); ms += 86_400_000) {
      if (formatDatetime(ms) !== new Date(ms).toISOString()) wrong.push(new Date(ms).toISOString());
    }
    expect(wrong).toEqual([]);
  });

  it('that does not exist is refused as toISOString refuses it', () => {
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, most + 1, -most - 1])
      expect(() => formatDatetime(ms)).toThrow(RangeError);
  });
});

describe('a Date', () => {
  it('has the text that JSON.stringify gives it', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: false }), (date) => {
        expect(JSON.stringify(plainDateText(date))).toBe(JSON.stringify(date));
      }),
    );
  });

  it('with methods of its own is left to JSON.stringify', () => {
    const own = { toJSON: () => 'own', toISOString: () => 'own', valueOf: () => 1, [Symbol.toPrimitive]: () => 1 };
    for (const key of Reflect.ownKeys(own) as (keyof typeof own)[]) {
      expect(plainDateText(Object.defineProperty(new Date(0), key, { value: own[key] }))).toBeUndefined();
    }
  });

  it('of a subclass with a method of its own is left to JSON.stringify', () => {
    class Day extends Date {
      override toISOString(): string {
        return super.toISOString().slice(0, 10);
      }
    }
    expect(plainDateText(new Day(0))).toBeUndefined();
    class Same extends Date {}
    expect(plainDateText(new Same(0))).toBe('1970-01-01T00:00:00.000Z');
  });
});
