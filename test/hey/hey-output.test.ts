/**
 * What the program `hey` prints, read into the figures that our own engine gives.
 */
import { describe, expect, it } from 'vitest';

import { failedOf } from '../../src/hey/figures.ts';
import { parseHeyOutput } from '../../src/hey/hey-output.ts';
import { failedText, mixedText } from './hey-text.ts';

describe('parseHeyOutput', () => {
  it('reads figures, statuses and errors', () => {
    const figures = parseHeyOutput(mixedText);
    expect(figures).toMatchObject({
      sent: 1000,
      answered: 980,
      statuses: { 200: 980, 500: 10 },
      elapsedNs: 2.5e9,
      receivedBytes: 123_456,
      latencies: {
        fastestNs: 1.1e6,
        meanNs: 42.3e6,
        slowestNs: 900e6,
        percentiles: [
          { percent: 50, ns: 40.1e6 },
          { percent: 75, ns: 50e6 },
          { percent: 90, ns: 80e6 },
          { percent: 95, ns: 100e6 },
          { percent: 99, ns: 500e6 },
          // hey does not tell.
          { percent: 99.9 },
        ],
      },
    });
    expect(figures?.failures.map(({ kind, count }) => [kind, count])).toEqual([
      ['HTTP 500', 10],
      ['timeout', 4],
      ['ECONNREFUSED', 3],
      ['connection closed before an answer', 3],
    ]);
    expect(figures && figures.answered + failedOf(figures)).toBe(figures?.sent);
  });

  it('reads a load in which everything failed', () => {
    const figures = parseHeyOutput(failedText);
    expect(figures).toMatchObject({ sent: 200, answered: 0, failures: [{ kind: 'ECONNREFUSED', count: 200 }] });
    expect(figures?.latencies).toBeUndefined();
  });

  it('leaves out percentiles that hey has only zeros for', () => {
    const text = mixedText.replace('  99%% in 0.5000 secs', '  0%% in 0.0000 secs');
    expect(parseHeyOutput(text)?.latencies?.percentiles[4]).toEqual({ percent: 99 });
  });

  it('finds no figures in anything else', () => {
    expect(parseHeyOutput('')).toBeUndefined();
    expect(parseHeyOutput('Usage: hey [options...] <url>\n')).toBeUndefined();
  });
});
