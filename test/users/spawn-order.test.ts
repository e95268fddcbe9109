import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countNames, shareOut, spawnOrder } from '../../src/users/spawn-order.ts';

const classes = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.integer({ min: 1, max: 100 }).map((weight) => ({ name, weight })))),
  );

describe('the shares of classes', () => {
  it('sum to all users, and each is within one of its exact share', () => {
    fc.assert(
      fc.property(classes, fc.nat(5000), (all, users) => {
        const counts = shareOut(users, all);
        const total = all.reduce((sum, { weight }) => sum + weight, 0);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(users);
        for (const { name, weight } of all)
          expect(Math.abs((counts[name] ?? 0) - (users * weight) / total)).toBeLessThan(1);
      }),
    );
  });

  it('gives the largest remainder what is left', () => {
    expect(
      shareOut(10, [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 1 },
        { name: 'c', weight: 1 },
      ]),
    ).toEqual({ a: 4, b: 3, c: 3 });
  });
});

describe('the order in which users come', () => {
  it('has every user once, and after any of them each class has about its share', () => {
    fc.assert(
      fc.property(classes, fc.integer({ min: 1, max: 300 }), (all, users) => {
        const counts = shareOut(users, all);
        const order = spawnOrder(counts);
        expect(order).toHaveLength(users);
        for (const [name, count] of Object.entries(counts)) expect(countNames(order)[name] ?? 0).toBe(count);
        const half = countNames(order.slice(0, Math.ceil(users / 2)));
        for (const [name, count] of Object.entries(counts))
          expect(Math.abs((half[name] ?? 0) - count / 2)).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  it('has nobody where there are no users', () => expect(spawnOrder({ a: 0 })).toEqual([]));
});
