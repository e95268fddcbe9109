import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatUuid } from '../src/uuid.ts';

describe('a UUID', () => {
  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(formatUuid(Buffer.from(uuid.replaceAll('-', ''), 'hex'))).toBe(uuid);
      }),
    );
  });

  it('has every byte in its place, in two lower-case digits', () => {
    expect(formatUuid(Uint8Array.from({ length: 16 }, (_, n) => n))).toBe('00010203-0405-0607-0809-0a0b0c0d0e0f');
    expect(formatUuid(new Uint8Array(16))).toBe('00000000-0000-0000-0000-000000000000');
    expect(formatUuid(new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff');
  });

  it('is read from where its view begins, and no further than sixteen bytes', () => {
    const memory = Uint8Array.from({ length: 40 }, (_, n) => n);
    expect(formatUuid(memory.subarray(16, 33))).toBe('10111213-1415-1617-1819-1a1b1c1d1e1f');
  });
});
