/**
 * Short responses of nothing but text are left to JSON.stringify unseen; what could be written faster is found all the same.
 */
import { describe, expect, it, vi } from 'vitest';

import { Looks } from '../src/looks.ts';
import { createResponseSerializer } from '../src/response-serializer.ts';

/** A value that counts how often somebody else than JSON.stringify reads it. */
function withCounter(): { value: object; reads: () => number } {
  let reads = 0;
  const value = {
    get jsonrpc() {
      reads += 1;
      return '2.0';
    },
    result: { content: [{ type: 'text', text: 'It rains.' }] },
  };
  return { value, reads: () => reads };
}

function readsOfCalls(calls: number, work: (value: object) => void): number {
  const { value, reads } = withCounter();
  for (let call = 0; call < calls; call += 1) work(value);
  return reads();
}

function longListOfDates(): object {
  return { result: { tools: Array.from({ length: 1000 }, (_, index) => ({ id: index, at: new Date(index * 1e9) })) } };
}

describe('looks', () => {
  it('are many at first, then few while nothing is found', () => {
    const looks = new Looks({ isAlways: false });
    const due = Array.from({ length: 2000 }, () => {
      const isDue = looks.isDue();
      looks.foundNothing(500);
      return isDue;
    });
    expect(due.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => true));
    expect(due.slice(-1000).filter(Boolean).length).toBeLessThan(50);
    expect(due.slice(-1000)).toContain(true);
  });

  it('are paid for by what was found', () => {
    const looks = new Looks({ isAlways: false });
    while (looks.isDue()) looks.foundNothing(0);
    looks.found(10_000);
    expect(Array.from({ length: 100 }, () => looks.isDue())).not.toContain(false);
  });

  it('after long texts are paid for by those alone, the first one at once', () => {
    const looks = new Looks({ isAlways: false });
    expect(looks.isDueAfter(40_000)).toBe(true);
    const due = Array.from({ length: 40 }, () => looks.isDueAfter(40_000)).filter(Boolean);
    expect(due.length).toBeGreaterThan(4);
    expect(due.length).toBeLessThan(20);
    // What others pay is no matter.
    const others = new Looks({ isAlways: false });
    others.isDueAfter(40_000);
    others.foundNothing(1e9);
    expect(others.isDueAfter(40_000)).toBe(false);
  });

  it('are always due where more than speed depends on them', () => {
    const always = new Looks({ isAlways: true });
    expect(Array.from({ length: 1000 }, () => always.isDue())).not.toContain(false);
  });
});

describe('a serializer of short texts', () => {
  it('reads most of them no more often than JSON.stringify', () => {
    const serializer = createResponseSerializer();
    const calls = 2000;
    const byJson = readsOfCalls(calls, (value) => void JSON.stringify(value));
    const byOurs = readsOfCalls(calls, (value) => void serializer.toBuffer(value));
    expect(byOurs).toBeLessThan(byJson * 1.2);
  });

  it('finds the lists of dates among them from the second one on', () => {
    const serializer = createResponseSerializer();
    const { value } = withCounter();
    for (let call = 0; call < 1000; call += 1) serializer.toBuffer(value);
    const dates = longListOfDates();
    const wholeByJson = Array.from({ length: 5 }, () => {
      const spy = vi.spyOn(JSON, 'stringify');
      const written = serializer.toBuffer(dates).toString();
      const isWhole = spy.mock.calls.some(([given]) => given === dates);
      spy.mockRestore();
      expect(written).toBe(JSON.stringify(dates));
      for (let call = 0; call < 100; call += 1) serializer.toBuffer(value);
      return isWhole;
    });
    expect(wholeByJson.slice(1)).toEqual([false, false, false, false]);
  });
});
