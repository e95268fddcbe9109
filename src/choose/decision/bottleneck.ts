/**
 * What gives out first when a gateway sends such responses, processor or network, and what a serializer is worth there.
 *
 * A bound, not a forecast: it counts serializing, compressing and sending only. Everything else that a handler does
 * comes on top of the processor's side and makes the serializer's share smaller. Pure arithmetic.
 */
import type { Candidate, Bottleneck, WireLoad } from '../../model/choice.ts';
import { assumedRequestsPerSec, busyShare } from '../settings.ts';

/** Bits of a byte on the wire; framing and TLS are left out, which is a few percent. */
const bitsPerByte = 8;
const nanosecondsPerSecond = 1e9;

export interface Resources {
  readonly cores: number;
  readonly bandwidthBitsPerSec: number;
  /** Absent where the user gave none. */
  readonly requestsPerSec: number | undefined;
}

/**
 * The load of one contender, plain first, then by encoding.
 * @returns `undefined` where cost or size were not measured.
 */
export function estimateBottleneck(candidate: Candidate, resources: Resources): Bottleneck | undefined {
  const { contender, costNs, outputBytes, encoded = [] } = candidate;
  if (costNs === undefined || outputBytes === undefined) return undefined;
  const requestsPerSec = resources.requestsPerSec ?? assumedRequestsPerSec;
  const serializeNs = costNs.median;
  const wires = [{ encoding: 'none' as const, sizeBytes: outputBytes, latencyNs: 0 }, ...encoded].map(
    ({ encoding, sizeBytes, latencyNs }) =>
      loadOf({ encoding, wireBytes: sizeBytes, serializeNs, compressNs: latencyNs }, resources),
  );
  return {
    contender,
    requestsPerSec,
    isRateGiven: resources.requestsPerSec !== undefined,
    cpuMsPerSec: (requestsPerSec * serializeNs) / 1e6,
    wires,
  };
}

function loadOf(
  response: { encoding: WireLoad['encoding']; wireBytes: number; serializeNs: number; compressNs: number },
  { cores, bandwidthBitsPerSec, requestsPerSec }: Resources,
): WireLoad {
  const { encoding, wireBytes, serializeNs, compressNs } = response;
  const cpuNs = serializeNs + compressNs;
  const cpuLimit = (cores * nanosecondsPerSecond) / cpuNs;
  const networkLimit = bandwidthBitsPerSec / (bitsPerByte * wireBytes);
  const isIdle = requestsPerSec !== undefined && requestsPerSec < busyShare * Math.min(cpuLimit, networkLimit);
  const first = cpuLimit < networkLimit ? 'cpu' : 'network';
  return {
    encoding,
    wireBytes,
    cpuNs,
    serializerShare: serializeNs / cpuNs,
    cpuLimit,
    networkLimit,
    limitedBy: isIdle ? 'neither' : first,
  };
}
