import { describe, expect, it } from 'vitest';

import { reportCeiling } from '../../../src/report/run/ceiling.ts';
import { toRun } from '../../records.ts';
import { metadata, syntheticRun } from './synthetic-run.ts';

const run = toRun(syntheticRun());

/** What the table has in a contender's only row, without the payload's name. */
function shares(contender: string): (number | undefined)[] {
  const [table] = reportCeiling({ run, registry: metadata, suite: 'speed', contender }).blocks;
  if (table?.kind !== 'table') throw new Error('the first block is no table');
  expect(table.columns.map(({ title }) => title)).toEqual(['payload', '10', '100', '1,000']);
  const [row, ...others] = table.groups.flatMap(({ rows }) => rows);
  expect(others).toEqual([]);
  return (row ?? []).slice(1).map(({ value }) => (typeof value === 'number' ? value : undefined));
}

describe('the ceiling of a serializer', () => {
  it('is the speed of the reference on the same values as text', () => {
    // Objects take the reference four times as long as text.
    for (const share of shares('plain')) expect(share).toBeCloseTo(1 / 4, 1);
    const [ten, hundred, thousand] = shares('compiled');
    expect(ten).toBeCloseTo(1 / (4 * 0.5), 1);
    expect(hundred).toBeCloseTo(1 / (4 * 0.45), 1);
    expect(thousand).toBeCloseTo(1 / (4 * 0.4), 1);
  });

  it('says nothing of what was not timed', () => {
    expect(shares('forgetful')).toEqual([undefined, undefined, undefined]);
  });
});
