/**
 * Tables are made of columns and rows: every row has a cell for each column, in the columns' order.
 */
import { describe, expect, it } from 'vitest';

import { left, right, tabulate, tabulateGroups } from '../../../src/report/parts/table.ts';

const rows = [
  { name: 'first', count: 1 },
  { name: 'second', count: 2 },
];

describe('a table', () => {
  it('has a cell of each column for each row, and text alone becomes a cell', () => {
    const table = tabulate(rows, {
      caption: 'Counts',
      columns: [
        left('name', ({ name }) => name, { overflow: 'truncate' }),
        right('count', ({ count }) => ({ text: `${count}`, value: count, tone: 'good' }), { contender: 'ours' }),
      ],
    });
    expect(table).toEqual({
      kind: 'table',
      caption: 'Counts',
      columns: [
        { title: 'name', align: 'left', overflow: 'truncate' },
        { title: 'count', align: 'right', contender: 'ours' },
      ],
      groups: [
        {
          rows: [
            [{ text: 'first' }, { text: '1', value: 1, tone: 'good' }],
            [{ text: 'second' }, { text: '2', value: 2, tone: 'good' }],
          ],
        },
      ],
    });
  });

  it('keeps its groups with their labels', () => {
    const groups = rows.map((row) => ({ label: { text: row.name, tone: 'strong' as const }, rows: [row] }));
    const table = tabulateGroups(groups, { labelTitle: 'who', columns: [right('count', ({ count }) => `${count}`)] });
    expect(table.labelTitle).toBe('who');
    expect(table.groups).toEqual([
      { label: { text: 'first', tone: 'strong' }, rows: [[{ text: '1' }]] },
      { label: { text: 'second', tone: 'strong' }, rows: [[{ text: '2' }]] },
    ]);
  });

  it('may have no rows and still has its columns', () => {
    const table = tabulate<{ name: string }>([], { columns: [left('name', ({ name }) => name)] });
    expect(table.columns).toEqual([{ title: 'name', align: 'left' }]);
    expect(table.groups).toEqual([{ rows: [] }]);
  });
});
