/**
 * Settings that pages name in words are those of the code.
 */
import { expect, it } from 'vitest';

import { defaultMargin, leastSavingNs } from '../../src/choose/settings.ts';
import { defaultTolerance } from '../../src/gate/settings.ts';
import { formatSetting } from '../../src/report/quantities.ts';
import { fewestForBounds } from '../../src/stats/intervals.ts';
import { readDocument } from './read-documents.ts';

it.each([
  ['docs/guides/choose.md', `by enough to matter: ${formatSetting(defaultMargin)} and a microsecond a response`],
  ['docs/guides/gate.md', `The tolerance for time is ${formatSetting(defaultTolerance.time)} unless`],
  ['docs/reference/numbers.md', `With fewer than ${['no', 'one', 'two', 'three', 'four'][fewestForBounds]} rounds`],
])('%s says: %s', (file, sentence) => {
  expect(readDocument(file).replaceAll(/\s+/g, ' ')).toContain(sentence);
});

it('a microsecond is what a choice has to save at least', () => {
  expect(leastSavingNs).toBe(1000);
});
