import { expect, it } from 'vitest';

import { RecentMap } from '../../src/gateway/recent-map.ts';

it('lets go of what was not used for longest, and of nothing as long as there is room', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.has('a'), map.has('b'), map.has('c')]).toEqual([true, false, true]);
  map.set('a', 4);
  map.set('d', 5);
  expect([map.get('a'), map.get('c'), map.get('d')]).toEqual([4, undefined, 5]);
  map.clear();
  expect(map.has('a')).toBe(false);
});
