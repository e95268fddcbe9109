/**
 * What the published package is built of has everything that the program finds by listing.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import build from '../../tsconfig.build.json' with { type: 'json' };

const bench = fileURLToPath(new URL('../../bench/', import.meta.url));

it('every room of bench is built, but for what only a checkout runs', () => {
  const rooms = readdirSync(bench, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'reference')
    .map(({ name }) => `bench/${name}`);
  expect(rooms.length).toBeGreaterThan(8);
  expect(build.include.filter((name) => name.startsWith('bench/')).toSorted()).toEqual(rooms.toSorted());
});
