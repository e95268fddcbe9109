/**
 * What the windows of one load on one server come to in a round: those that count, put together as if they were one.
 *
 * A pure function of what was recorded. Which windows count is decided by the processor's state alone.
 */
import { type Probed, selectClean } from '../machine/clean.ts';
import { median } from '../stats/center.ts';
import type { LoadReport } from './generators/messages.ts';
import { extraWindows } from './profiles.ts';
import type { ServerAccount } from './servers/server.ts';
import type { WatchReading } from './servers/watch-messages.ts';

/** One window, with the account that the server gave of it; `undefined` for a server that is no process of ours. */
export interface LoadWindow extends Probed {
  readonly report: LoadReport;
  readonly account: ServerAccount | undefined;
}

export interface MergedWindows {
  readonly report: LoadReport;
  readonly account: ServerAccount | undefined;
  /** How many count. */
  readonly windows: number;
  /** Share of all windows that found the processor at its floor, in [0, 1]. */
  readonly cleanShare: number;
}

/**
 * Adds up the clean windows; where there are too few of them, as many of the least disturbed ones as were wanted
 * without those taken in place of others.
 * @param windows in any order, length >= 1. Failures of all of them stay, whether they count or not.
 */
export function mergeWindows(windows: readonly LoadWindow[]): MergedWindows {
  const { counted, cleanShare } = selectClean(windows, Math.ceil(windows.length / (1 + extraWindows)));
  const reports = counted.map(({ report }) => report);
  const elapsedNs = sumOf(reports.map((report) => report.elapsedNs));
  const lateness = reports.flatMap(({ latenessP99Ns }) => latenessP99Ns ?? []);
  return {
    report: {
      requests: sumOf(reports.map(({ requests }) => requests)),
      elapsedNs,
      wireBytes: sumOf(reports.map(({ wireBytes }) => wireBytes)),
      latenciesNs: reports.flatMap(({ latenciesNs }) => latenciesNs),
      failures: addFailures(windows.map(({ report }) => report.failures)),
      cpuShare: sumOf(reports.map((report) => report.cpuShare * report.elapsedNs)) / Math.max(1, elapsedNs),
      // One late window is what makes the latest hundredth of all requests late.
      ...(lateness.length === 0 ? {} : { latenessP99Ns: Math.max(...lateness) }),
    },
    account: mergeAccounts(counted.flatMap(({ account }) => account ?? [])),
    windows: counted.length,
    cleanShare,
  };
}

/** `undefined` for no account at all. */
function mergeAccounts(accounts: readonly ServerAccount[]): ServerAccount | undefined {
  if (accounts.length === 0) return undefined;
  const reading = mergeReadings(accounts.flatMap((account) => account.reading ?? []));
  const peaks = accounts.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
  const behind = accounts.flatMap(({ behindCpuNs }) => behindCpuNs ?? []);
  return {
    ...(reading === undefined ? {} : { reading }),
    ...(peaks.length === 0 ? {} : { peakMemoryBytes: Math.max(...peaks) }),
    ...(behind.length === 0 ? {} : { behindCpuNs: sumOf(behind) }),
  };
}

function mergeReadings(readings: readonly WatchReading[]): WatchReading | undefined {
  if (readings.length === 0) return undefined;
  const delays = readings.flatMap(({ eventLoopDelayP99Ns }) => eventLoopDelayP99Ns ?? []);
  return {
    type: 'wirebench-reading',
    elapsedNs: sumOf(readings.map(({ elapsedNs }) => elapsedNs)),
    cpuNs: sumOf(readings.map(({ cpuNs }) => cpuNs)),
    // Percentiles cannot be added up, and the greatest of them would be that of the unluckiest window.
    ...(delays.length === 0 ? {} : { eventLoopDelayP99Ns: median(delays) }),
  };
}

function addFailures(all: readonly LoadReport['failures'][]): LoadReport['failures'] {
  const sums: Record<string, number> = {};
  for (const failures of all)
    for (const [kind, count] of Object.entries(failures)) sums[kind] = (sums[kind] ?? 0) + count;
  return sums;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
