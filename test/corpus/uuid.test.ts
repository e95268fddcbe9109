/**
 * UUIDs as bytes: what is read, what is written, what is refused.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nativeTypes, Uuid } from '../../src/corpus/uuid.ts';

describe('Uuid', () => {
  it('writes known bytes as canonical lower-case text', () => {
    const uuid = new Uuid(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 171, 205, 239, 254, 255]));
    expect(uuid.toString()).toBe('00010203-0405-0607-0809-0aabcdeffeff');
    expect(JSON.stringify({ uuid })).toBe('{"uuid":"00010203-0405-0607-0809-0aabcdeffeff"}');
  });

  it('reads back the text of any sixteen bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(Uuid.parse(new Uuid(bytes).toString()).bytes).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['upper case', '00010203-0405-0607-0809-0AABCDEFFEFF'],
    ['no hyphens', '0001020304050607080900aabcdeffef'],
    ['braces', '{00010203-0405-0607-0809-0aabcdeffeff}'],
    ['a line break at the end', '00010203-0405-0607-0809-0aabcdeffeff\n'],
    ['a letter that is no digit', '0001020g-0405-0607-0809-0aabcdeffeff'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => Uuid.parse(text)).toThrow(RangeError);
  });

  it('refuses other than sixteen bytes', () => {
    expect(() => new Uuid(new Uint8Array(15))).toThrow(RangeError);
    expect(() => new nativeTypes.Uuid(new Uint8Array(17))).toThrow(RangeError);
  });
});
