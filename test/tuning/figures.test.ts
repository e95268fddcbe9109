/**
 * Values as figures: what is read, and that nothing gets worse when they are put together.
 */
import { describe, expect, it } from 'vitest';

import { isBeyondInAll, readFigures, standingOf, takeBetter, toPlainText } from '../../src/tuning/figures.ts';
import { settings } from '../../src/tuning/settings.ts';

const higher = { wanted: 10, better: 'higher' } as const;
const lower = { wanted: 10, better: 'lower' } as const;
const exactly = { wanted: 1, better: 'exactly' } as const;

describe('a value', () => {
  it.each([
    ['4096\n', 1, [4096]],
    ['32768\t60999\n', 2, [32_768, 60_999]],
    [' 1  2\t3 \n', 3, [1, 2, 3]],
    ['0', 1, [0]],
    ['1 2', 1, undefined],
    ['1', 2, undefined],
    ['', 1, undefined],
    ['-1', 1, undefined],
    ['0x10', 1, undefined],
    ['many', 1, undefined],
  ])('reads %j of %i figures as %j', (text, count, figures) => {
    expect(readFigures(text, count)).toEqual(figures);
  });

  it('keeps figures that no number holds exactly, as text', () => {
    expect(toPlainText('9223372036854775807\n')).toBe('9223372036854775807');
  });
});

describe('the better one', () => {
  it.each([
    ['a higher one that is lower', [higher], [5], [10], 'below'],
    ['a higher one that is higher', [higher], [15], [15], 'beyond'],
    ['a higher one as it is wanted', [higher], [10], [10], 'as wanted'],
    ['a lower one that is higher', [lower], [15], [10], 'below'],
    ['a lower one that is lower', [lower], [5], [5], 'beyond'],
    ['a choice that is another, though a higher figure', [exactly], [2], [1], 'below'],
    ['a choice that is another, though a lower figure', [exactly], [0], [1], 'below'],
    ['a range inside the wanted one', [lower, higher], [12, 9], [10, 10], 'below'],
    ['a range that reaches further on one side', [lower, higher], [5, 9], [5, 10], 'below'],
    ['a range that holds the wanted one', [lower, higher], [5, 15], [5, 15], 'beyond'],
    ['three figures, some of them higher', [higher, higher, higher], [10, 15, 5], [10, 15, 10], 'below'],
    ['three figures, none of them lower', [higher, higher, higher], [10, 15, 15], [10, 15, 15], 'beyond'],
  ] as const)('of %s', (_what, figures, now, target, standing) => {
    expect(takeBetter(now, figures)).toEqual(target);
    expect(standingOf(now, figures)).toBe(standing);
  });

  it('is beyond in all only where no figure is as wanted', () => {
    expect(isBeyondInAll([15], [higher])).toBe(true);
    expect(isBeyondInAll([10], [higher])).toBe(false);
    expect(isBeyondInAll([10, 15], [higher, higher])).toBe(false);
    expect(isBeyondInAll([15, 5], [higher, higher])).toBe(false);
  });
});

describe('the table', () => {
  it('has every setting once, with a word on what it bounds', () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    expect(settings.filter(({ why }) => why === '' || why.endsWith('.'))).toEqual([]);
    expect(settings.filter(({ note }) => note !== undefined && !note.endsWith('.'))).toEqual([]);
  });

  it('says that no setting shortens TIME_WAIT', () => {
    const { note } = settings.find(({ name }) => name === 'net.ipv4.tcp_fin_timeout') ?? {};
    expect(note).toContain('does not shorten TIME_WAIT');
  });
});
