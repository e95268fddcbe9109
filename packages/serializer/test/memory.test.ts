/**
 * What memory is asked for: it follows what has been written, whatever earlier responses were like.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createResponseSerializer } from '../src/response-serializer.ts';
import { ResponseTooLargeError, Writer } from '../src/writer.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const times = (count: number, make: (index: number) => object): object[] =>
  Array.from({ length: count }, (_, index) => make(index));
const large = (count: number, length: number): object[] =>
  times(count, (id) => ({ id, text: 'x'.repeat(length), at: new Date(id) }));
const small = (count: number): object[] => times(count, (id) => ({ id, name: `user ${id}`, at: new Date(id) }));

/** The largest Buffer that is asked for while something runs. */
function largestAskedFor(work: () => void): number {
  let largest = 0;
  const real = Buffer.allocUnsafeSlow.bind(Buffer);
  vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
    largest = Math.max(largest, size);
    return real(size);
  });
  work();
  return largest;
}

describe('memory for a response', () => {
  it.each(['toBuffer', 'toBody'] as const)(
    'follows its own size after lists of large items with the same first key, by %s',
    (way) => {
      const serializer = createResponseSerializer();
      const users = small(5_000);
      for (let count = 0; count < 20; count += 1) serializer[way](users);
      const written = serializer.toBuffer(users).length;
      const documents = large(20, 200_000);
      const largest = largestAskedFor(() => {
        for (let count = 0; count < 10; count += 1) {
          expect(String(serializer[way](documents))).toBe(JSON.stringify(documents));
          expect(String(serializer[way](users))).toBe(JSON.stringify(users));
        }
      });
      // The documents alone have 4 MB; five thousand of them would have a thousand.
      expect(largest).toBeGreaterThan(written);
      expect(largest).toBeLessThan(20e6);
    },
  );

  it('follows what is written where a list begins with its large items', () => {
    const serializer = createResponseSerializer();
    const mixed = [...large(3, 300_000), ...small(10_000)];
    const text = JSON.stringify(mixed);
    const largest = largestAskedFor(() => {
      for (let count = 0; count < 5; count += 1) expect(serializer.toBuffer(mixed).toString()).toBe(text);
    });
    expect(largest).toBeLessThan(text.length * 5);
  });

  it('grows where a list ends with its large items', () => {
    const serializer = createResponseSerializer();
    const mixed = [...small(2_000), ...large(30, 300_000)];
    for (let count = 0; count < 3; count += 1)
      expect(serializer.toBuffer(mixed).toString()).toBe(JSON.stringify(mixed));
  });
});

describe('a Writer', () => {
  it('asks for no Buffer of 2 GiB, whatever is expected, and says what to do beyond it', () => {
    const sizes: number[] = [];
    // Stands for memory of any size, so that the test needs none.
    vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
      sizes.push(size);
      return Object.defineProperty(Buffer.alloc(16), 'length', { value: size });
    });
    const writer = new Writer(2 ** 33);
    expect(() => writer.writeBytes({ length: 2 ** 31 } as Uint8Array)).toThrow(ResponseTooLargeError);
    expect(new ResponseTooLargeError().message).toMatch(/use chunks\(\) or stream\(\)/);
    expect(new ResponseTooLargeError()).toBeInstanceOf(RangeError);
    expect(Math.max(...sizes)).toBeLessThan(2 ** 31);
  });
});
