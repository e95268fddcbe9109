/**
 * Parts of a report that pages quote: the ones that were asked for, and an error where there are none.
 */
import { describe, expect, it } from 'vitest';

import type { Block, TableCell } from '../../src/report/document.ts';
import { contendersIn, excerptOf } from '../../src/report/excerpt.ts';

const cells = (...texts: string[]): TableCell[] => texts.map((text) => ({ text }));
const table = (caption: string): Block => ({
  kind: 'table',
  caption,
  columns: ['contender', 'flags', 'time'].map((title) => ({ title, align: 'left' })),
  groups: [{ rows: [[{ text: 'quick-one', contender: 'quick-one' }, ...cells('s', '1 [1]')]] }],
});
const items = (...texts: string[]): Block => ({ kind: 'list', items: texts.map((text) => ({ text })) });
const report: Block[] = [
  items('outside'),
  {
    kind: 'section',
    title: "The section's parts, 2",
    blocks: [
      table('first'),
      items('[1] noisy', 'quick-one is ahead'),
      table('second'),
      { kind: 'section', title: 'Inner', blocks: [items('one is behind', 'quick-one is ahead by much')] },
    ],
  },
];
const section = ['the-section-s-parts-2'];

describe('an excerpt', () => {
  it('is one table with its notes', () => {
    expect(excerptOf(report, { section, table: 1 })).toEqual([table('first'), items('[1] noisy')]);
    expect(excerptOf(report, { section, table: 2 })).toEqual([table('second')]);
  });

  it('is the sentences that have the words, as words and not as parts of longer names', () => {
    expect(excerptOf(report, { section: [...section, 'inner'], words: ['one'] })).toEqual([items('one is behind')]);
    expect(excerptOf(report, { section: [...section, 'inner'], words: ['quick-one', 'much'] })).toEqual([
      items('quick-one is ahead by much'),
    ]);
    expect(excerptOf(report, { section: [...section, 'inner'] })).toHaveLength(1);
  });

  it('is refused where there is nothing of the kind', () => {
    expect(() => excerptOf(report, { section: ['nowhere'] })).toThrow("unknown section 'nowhere'");
    expect(() => excerptOf(report, { section, table: 3 })).toThrow('no table 3 in the-section-s-parts-2');
    expect(() => excerptOf(report, { section, words: ['nobody'] })).toThrow('no sentence with nobody');
  });

  it('names the contenders whose flags it shows', () => {
    expect(contendersIn(excerptOf(report, { section, table: 1 }))).toEqual(['quick-one']);
    expect(contendersIn(report.slice(0, 1))).toEqual([]);
  });
});
