/**
 * Turns what the load's process and the server's account say into one outcome, with its warnings.
 *
 * A pure function: no process, no clock. Deliberately absent: statistics over rounds (assemble.ts).
 */
import type { HttpCellId, HttpLoad, HttpMetricName, HttpMetrics, HttpOutcome } from '../model/http.ts';
import { describeFailures } from './failure.ts';
import type { LoadJob, LoadReport } from './generators/messages.ts';
import type { ServerAccount } from './servers/server.ts';

/** Above this share of a processor the generator, not the server, may be what limits the rate. */
const saturatedShare = 0.9;
/** Below this share of the rate that was asked for, the server has fallen behind. */
const keptUpShare = 0.95;
/** Lateness of the generator that is of no account: a timer's resolution, and a tenth of the latency that it is part of. */
const harmlessLatenessNs = 1e6;
const harmlessLatenessShare = 0.1;

/** The outcome of a load that ran to its end. */
export function makeOutcome(request: {
  id: HttpCellId;
  round: number;
  job: Pick<LoadJob, 'load' | 'client' | 'settings'>;
  report: LoadReport;
  /** `undefined` for a server that is not a process of ours. */
  account: ServerAccount | undefined;
  warnings: readonly string[];
}): HttpOutcome {
  const { id, round, job, report, account, warnings } = request;
  const base = { ...id, round, failures: report.failures, absent: {}, warnings: [] };
  const failed = Object.keys(report.failures).length > 0;
  if (failed) return { ...base, status: 'failed', reason: `requests failed: ${describeFailures(report.failures)}` };
  if (report.latencies === undefined || report.elapsedNs <= 0)
    return { ...base, status: 'failed', reason: 'answered too few requests to be measured' };
  const metrics = computeMetrics(report, report.latencies, account);
  return {
    ...base,
    status: 'ok',
    metrics,
    requests: report.requests,
    absent: explainAbsent(metrics, account),
    warnings: [...warnings, ...warnAboutLoad({ job, report, metrics })],
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

function computeMetrics(
  report: LoadReport,
  latencies: NonNullable<LoadReport['latencies']>,
  account: ServerAccount | undefined,
): HttpMetrics {
  const requestsPerSec = (report.requests / report.elapsedNs) * 1e9;
  const { reading, peakMemoryBytes } = account ?? {};
  return {
    requestsPerSec,
    ...latencies,
    wireBytesPerRequest: report.wireBytes / report.requests,
    ...(reading === undefined
      ? {}
      : {
          // Rates, because the server's window begins and ends a turn of its event loop later than the client's.
          cpuNsPerRequest: ((reading.cpuNs / Math.max(1, reading.elapsedNs)) * 1e9) / requestsPerSec,
          ...(reading.eventLoopDelayP99Ns === undefined ? {} : { eventLoopDelayP99Ns: reading.eventLoopDelayP99Ns }),
        }),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
  };
}

function explainAbsent(metrics: HttpMetrics, account: ServerAccount | undefined): HttpOutcome['absent'] {
  const foreign = 'the server is no process of this program';
  const reasons: Partial<Record<HttpMetricName, string>> = {
    p95Ns: 'too few requests',
    p99Ns: 'too few requests',
    p999Ns: 'too few requests',
    cpuNsPerRequest: foreign,
    eventLoopDelayP99Ns: account === undefined ? foreign : 'the event loop came round too seldom',
    peakMemoryBytes: account === undefined ? foreign : 'this system has no /proc',
  };
  return Object.fromEntries(Object.entries(reasons).filter(([name]) => metrics[name as HttpMetricName] === undefined));
}

function warnAboutLoad({
  job,
  report,
  metrics,
}: {
  job: Pick<LoadJob, 'load' | 'client' | 'settings'>;
  report: LoadReport;
  metrics: HttpMetrics;
}): string[] {
  const { load, client, settings } = job;
  const warnings: string[] = [];
  // An open loop waits busily and a sequence is its client's work too, so their processor time says nothing.
  if (load.kind === 'closed' && client === 'load' && report.cpuShare > saturatedShare) {
    warnings.push('the load generator was saturated, so the server may be faster than this');
  }
  const harmless = Math.max(harmlessLatenessNs, harmlessLatenessShare * (metrics.p99Ns ?? metrics.p50Ns));
  if ((report.latenessP99Ns ?? 0) > harmless)
    warnings.push('the load generator was saturated: it sent requests late, and latencies hold that');
  if (load.kind === 'open' && metrics.requestsPerSec < keptUpShare * load.requestsPerSec)
    warnings.push('the server did not keep up with the fixed rate');
  if (report.hasSettled === false)
    warnings.push('the server was still getting faster when the time for warming up was over');
  if (report.requests < settings.fewestRequests)
    warnings.push(`fewer than ${settings.fewestRequests} requests were answered in a window`);
  return warnings;
}
