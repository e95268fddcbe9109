/**
 * Long text is written in chunks where that keeps characters beyond ASCII to a few of them, and at once where every chunk
 * would have some.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createResponseSerializer } from '../src/response-serializer.ts';

const itemCount = 4000;
/** About 250 bytes each, a megabyte together; every n-th has a character beyond Latin-1. */
function listWith(every: number): { name: string; description: string }[] {
  return Array.from({ length: itemCount }, (_, index) => ({
    name: `item ${index}`,
    description: `${'a text of some length, '.repeat(10)}${index % every === 0 ? '→' : ''}`,
  }));
}

afterEach(() => vi.restoreAllMocks());

/** Calls of JSON.stringify for one more response like those before. */
function countCalls(serializer: ReturnType<typeof createResponseSerializer>, value: unknown): number {
  const expected = JSON.stringify(value);
  const spy = vi.spyOn(JSON, 'stringify');
  const written = serializer.toBuffer(value).toString();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  expect(written).toBe(expected);
  return length;
}

describe('long text', () => {
  it('is written in chunks where few of them have characters beyond ASCII', () => {
    const serializer = createResponseSerializer();
    const rare = listWith(1000);
    for (let call = 0; call < 3; call += 1) expect(countCalls(serializer, rare)).toBeGreaterThan(10);
  });

  it('is written at once where every chunk has some, once a response in chunks has shown it', () => {
    const serializer = createResponseSerializer();
    const everywhere = listWith(5);
    expect(countCalls(serializer, everywhere)).toBeGreaterThan(10);
    for (let call = 0; call < 3; call += 1) expect(countCalls(serializer, everywhere)).toBe(1);
  });

  it('is written in chunks again when such characters have become rare', () => {
    const serializer = createResponseSerializer();
    for (let call = 0; call < 3; call += 1) countCalls(serializer, listWith(5));
    const rare = listWith(1000);
    expect(countCalls(serializer, rare)).toBe(1);
    expect(countCalls(serializer, rare)).toBeGreaterThan(10);
  });
});
