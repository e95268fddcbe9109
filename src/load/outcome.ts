/**
 * Turns what the load's process and the server's account say into one outcome, with its warnings.
 *
 * A pure function: no process, no clock. What metrics there are, and how they are read, is handed in.
 */
import { keptUpShare } from '../compare/carried.ts';
import { readLoad } from '../compare/outcomes.ts';
import type { HttpCellId, HttpLoad, HttpOutcome, LoadReading } from '../model/http.ts';
import type { KnownMetric } from '../model/metric-definition.ts';
import { describeFailures } from './failure.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import { percentileOf } from './generators/recorder.ts';
import type { ServerAccount } from './servers/server.ts';

/** Above this share of a processor the generator, not the server, may be what limits the rate. */
const saturatedShare = 0.9;
/**
 * Lateness of the generator that is of no account: a timer's resolution, and a tenth of the latency that it is part of.
 */
const harmlessLatenessNs = 1e6;
const harmlessLatenessShare = 0.1;

/** The outcome of a load whose windows were taken. */
export function makeOutcome(request: {
  id: HttpCellId;
  round: number;
  job: Pick<LoadJob, 'load' | 'client' | 'settings'>;
  report: LoadReport;
  /** `undefined` for a server that is not a process of ours. */
  account: ServerAccount | undefined;
  /** How many the report is made of. */
  windows: number;
  warnings: readonly string[];
  metrics: readonly KnownMetric[];
}): HttpOutcome {
  const { id, round, job, report, account, windows, warnings, metrics } = request;
  const base = { ...id, round, failures: report.failures, absent: {}, warnings: [] };
  const failed = Object.keys(report.failures).length > 0;
  if (failed) return { ...base, status: 'failed', reason: `requests failed: ${describeFailures(report.failures)}` };
  if (report.requests === 0 || report.elapsedNs <= 0)
    return { ...base, status: 'failed', reason: 'answered too few requests to be measured' };
  const reading = readingOf(report, account);
  const { values, absent } = readLoad(reading, metrics);
  return {
    ...base,
    status: 'ok',
    metrics: values,
    requests: report.requests,
    absent,
    warnings: [...warnings, ...warnAboutLoad({ job, report, reading, windows })],
  };
}

/** The outcome of a load that was not measured, or not to its end. */
export function makeFailedOutcome(request: {
  id: HttpCellId;
  round: number;
  status: 'failed' | 'incorrect' | 'unsupported';
  reason: string;
}): HttpOutcome {
  const { id, round, status, reason } = request;
  return { ...id, round, status, reason, failures: {}, absent: {}, warnings: [] };
}

/** Equal for two loads exactly where their requests arrive in the same way. */
export function loadKey(load: HttpLoad): string {
  return load.kind === 'open' ? `open ${load.requestsPerSec}` : `closed ${load.connections}`;
}

function readingOf(report: LoadReport, account: ServerAccount | undefined): LoadReading {
  const { requests, elapsedNs, wireBytes, latenciesNs } = report;
  const ascending = latenciesNs.toSorted((a, b) => a - b);
  const { reading, peakMemoryBytes, behindCpuNs } = account ?? {};
  return {
    requests,
    elapsedNs,
    wireBytes,
    latencyNs: (percent) => percentileOf({ ascending, percent }),
    ...(account === undefined
      ? {}
      : {
          server: {
            ...reading,
            ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
            ...(behindCpuNs === undefined ? {} : { behindCpuNs }),
          },
        }),
  };
}

function warnAboutLoad({
  job,
  report,
  reading,
  windows,
}: {
  job: Pick<LoadJob, 'load' | 'client' | 'settings'>;
  report: LoadReport;
  reading: LoadReading;
  windows: number;
}): string[] {
  const { load, client, settings } = job;
  const warnings: string[] = [];
  // An open loop waits busily and a sequence is its client's work too, so their processor time says nothing.
  if (load.kind === 'closed' && client === 'load' && report.cpuShare > saturatedShare) {
    warnings.push('the load generator was saturated, so the server may be faster than this');
  }
  const harmless = Math.max(
    harmlessLatenessNs,
    harmlessLatenessShare * (reading.latencyNs(99) ?? reading.latencyNs(50) ?? 0),
  );
  if ((report.latenessP99Ns ?? 0) > harmless)
    warnings.push('the load generator was saturated: it sent requests late, and latencies hold that');
  const requestsPerSec = (report.requests / report.elapsedNs) * 1e9;
  if (load.kind === 'open' && requestsPerSec < keptUpShare * load.requestsPerSec)
    warnings.push('the server did not keep up with the fixed rate');
  if (report.hasSettled === false)
    warnings.push('the server was still getting faster when the time for warming up was over');
  if (report.requests < windows * settings.fewestRequests)
    warnings.push(`fewer than ${settings.fewestRequests} requests were answered in a window`);
  return warnings;
}
