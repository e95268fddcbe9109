/**
 * How figures are written, at the places where rounding could mislead.
 */
import { describe, expect, it } from 'vitest';

import {
  formatBytes,
  formatChange,
  formatChanges,
  formatDuration,
  formatInterval,
  formatList,
  formatPerSecond,
  formatRatio,
  formatSetting,
  formatSpeedup,
  formatSpread,
  formatTime,
} from '../../src/report/quantities.ts';

describe('formatTime', () => {
  it.each([
    [0, '0 ns'],
    [7.25, '7.25 ns'],
    [812, '812 ns'],
    [999.7, '1.00 µs'],
    [23_149, '23.1 µs'],
    [4_444_444, '4.44 ms'],
    [12e9, '12.0 s'],
  ])('writes %d ns as %s', (ns, text) => {
    expect(formatTime(ns)).toBe(text);
  });

  it('writes a dash for what is not finite', () => {
    expect(formatTime(Number.NaN)).toBe('–');
    expect(formatTime(Number.POSITIVE_INFINITY)).toBe('–');
  });
});

describe('formatBytes', () => {
  it('counts in powers of 1,000 and leaves whole bytes without decimals', () => {
    const texts = [0, 7, 999, 1000, 12_400, 1.2e6].map(formatBytes);
    expect(texts).toEqual(['0 B', '7 B', '999 B', '1.00 KB', '12.4 KB', '1.20 MB']);
  });
});

describe('formatPerSecond', () => {
  it('gives small rates the decimals that they need, and large ones thousands', () => {
    expect([5.208, 65.34, 99.96, 594.4, 22_894.2, Number.NaN].map(formatPerSecond)).toEqual([
      '5.21',
      '65.3',
      '100',
      '594',
      '22,894',
      '–',
    ]);
  });
});

describe('formatSpeedup', () => {
  it('gives both forms', () => {
    expect(formatSpeedup(7.23)).toBe('7.2x (+623%)');
    expect(formatSpeedup(0.55)).toBe('0.55x (-45%)');
    expect(formatSpeedup(1.039)).toBe('1.04x (+3.9%)');
  });

  it('writes large ratios without decimals and a dash for none', () => {
    expect(formatRatio(123.4)).toBe('123x');
    expect(formatRatio(Number.NaN)).toBe('–');
  });
});

describe('formatInterval', () => {
  it('uses the same decimals on both sides', () => {
    expect(formatInterval({ lo: 6.91, hi: 7.52 })).toBe('6.9–7.5x');
  });

  it('never lets an interval that excludes 1 look as if it held it', () => {
    expect(formatInterval({ lo: 1.0004, hi: 1.02 })).toBe('1.0004–1.0200x');
    expect(formatInterval({ lo: 0.98, hi: 0.998 })).toBe('0.980–0.998x');
  });

  it('never rounds a lower bound to nothing', () => {
    expect(formatInterval({ lo: 0.04, hi: 13.2 })).toBe('0.040–13.2x');
  });
});

describe('the other quantities', () => {
  it('signs a change', () => {
    expect([-0.07, 0, 0.5].map(formatChange)).toEqual(['-7.0%', '+0.0%', '+50%']);
  });

  it('writes what somebody set without decimals of its own', () => {
    expect([0.03, 0.025, 0.07, 1, 0, Number.NaN].map(formatSetting)).toEqual(['3%', '2.5%', '7%', '100%', '0%', '–']);
  });

  it('signs both bounds of a change', () => {
    expect(formatChanges({ lo: -0.012, hi: 0.0341 })).toBe('-1.2% to +3.4%');
  });

  it('tells how far an interval reaches', () => {
    expect(formatSpread({ lo: 0.97, hi: 1 / 0.97 })).toBe('±3.1%');
  });

  it('joins lists with an and', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(formatList)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });

  it('writes durations in minutes from one minute on', () => {
    expect([42_000, 252_000].map(formatDuration)).toEqual(['42 s', '4 min 12 s']);
  });
});
