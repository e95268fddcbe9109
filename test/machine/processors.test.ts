import { expect, it } from 'vitest';

import { parseProcessorList } from '../../src/machine/processors.ts';

it('reads lists of processors as Linux writes them, and nothing else', () => {
  expect([parseProcessorList('0-2,7'), parseProcessorList('3'), parseProcessorList('all')]).toEqual([
    [0, 1, 2, 7],
    [3],
    [],
  ]);
});
