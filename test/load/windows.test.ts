/**
 * Windows of one load on one server, put together: what is added up, which of them count, and what is never left out.
 */
import { describe, expect, it } from 'vitest';

import { type LoadWindow, mergeWindows } from '../../src/load/windows.ts';

/** A window of so many requests of a millisecond each. */
function windowOf(requests: number, changes: Partial<LoadWindow['report']> = {}, excess = 0): LoadWindow {
  return {
    excess,
    report: {
      requests,
      elapsedNs: requests * 1e6,
      wireBytes: requests * 100,
      latenciesNs: Array.from({ length: requests }, () => 1e6),
      failures: {},
      cpuShare: 0.5,
      ...changes,
    },
    account: {
      reading: {
        type: 'wirebench-reading',
        elapsedNs: requests * 1e6,
        cpuNs: requests * 5e5,
        eventLoopDelayP99Ns: requests,
      },
      peakMemoryBytes: requests,
    },
  };
}

describe('mergeWindows', () => {
  it('adds up requests, times, bytes and latencies as if the windows were one', () => {
    const { report, account, windows, cleanShare } = mergeWindows([
      windowOf(1, { cpuShare: 0.9, latenessP99Ns: 3, latenciesNs: [7] }),
      windowOf(3, { cpuShare: 0.1, latenessP99Ns: 5 }),
    ]);
    expect(report).toMatchObject({ requests: 4, elapsedNs: 4e6, wireBytes: 400, latenessP99Ns: 5 });
    expect(report.latenciesNs).toEqual([7, 1e6, 1e6, 1e6]);
    // A longer window has more weight.
    expect(report.cpuShare).toBeCloseTo(0.3);
    expect(account).toEqual({
      reading: { type: 'wirebench-reading', elapsedNs: 4e6, cpuNs: 2e6, eventLoopDelayP99Ns: 2 },
      peakMemoryBytes: 3,
    });
    expect({ windows, cleanShare }).toEqual({ windows: 2, cleanShare: 1 });
  });

  it('adds up what the server behind took, of clean windows alone', () => {
    const behind = (window: LoadWindow, behindCpuNs: number): LoadWindow => ({
      ...window,
      account: { ...window.account, behindCpuNs },
    });
    const clean = [behind(windowOf(1, {}), 5), behind(windowOf(1, {}), 7), behind(windowOf(1, {}), 8)];
    expect(mergeWindows([...clean, behind(windowOf(1, {}, 0.5), 100)]).account?.behindCpuNs).toBe(20);
    expect(mergeWindows([windowOf(1, {})]).account).not.toHaveProperty('behindCpuNs');
  });

  it('counts clean windows alone, whatever was read in them', () => {
    const slow = windowOf(10, { elapsedNs: 1e9 });
    const { report, windows, cleanShare } = mergeWindows([
      windowOf(100, {}, 0.5),
      slow,
      slow,
      windowOf(100, {}, 0.4),
      slow,
      slow,
    ]);
    expect({ requests: report.requests, windows }).toEqual({ requests: 40, windows: 4 });
    expect(cleanShare).toBeCloseTo(4 / 6);
  });

  it('takes the least disturbed ones where too few are clean', () => {
    const { report, windows } = mergeWindows([windowOf(1, {}, 0.9), windowOf(10, {}, 0.3), windowOf(100, {}, 0.2)]);
    expect({ requests: report.requests, windows }).toEqual({ requests: 110, windows: 2 });
  });

  it('forgets no failure, in whatever window it was', () => {
    const failed = windowOf(1, { failures: { timeout: 2 } }, 0.9);
    const { report } = mergeWindows([windowOf(1, { failures: { timeout: 1, 'HTTP 500': 1 } }), windowOf(1), failed]);
    expect(report.failures).toEqual({ timeout: 3, 'HTTP 500': 1 });
  });

  it('has no account of a server that gave none', () => {
    expect(mergeWindows([{ ...windowOf(1), account: undefined }]).account).toBeUndefined();
    expect(mergeWindows([{ ...windowOf(1), account: {} }]).account).toEqual({});
  });
});
