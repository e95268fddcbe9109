/**
 * Contenders and cells for tests of a choice, with times that are given and not measured.
 */
import type { Registered } from '../../src/model/bench-module.ts';
import type { MicroCell } from '../../src/model/cell.ts';
import type { Capability, SerializeContender, Usage } from '../../src/model/contender.ts';
import type { DecideRequest } from '../../src/choose/decision/decide.ts';
import type { MicroCellRecord } from '../../src/run-file/records.ts';
import { toMicroRecord } from '../../src/run-file/write.ts';
import { toMicro } from '../records.ts';

export const reference = 'plain';

/** A usage that installs a package; what else it says does not matter here. */
const packaged: Usage = { install: ['some-package'], imports: [], setup: [], serializer: 'write' };

export function contender(id: string, capabilities: readonly Capability[] = []): Registered<SerializeContender> {
  return {
    id,
    url: `file:///${id}.ts`,
    kind: 'serialize',
    title: id,
    package: null,
    tier: 'quick',
    capabilities,
    equality: 'json',
    load: () => Promise.reject(new Error('never loaded')),
    ...(id === reference ? {} : { usage: packaged }),
  };
}

/** A cell with one fork a time given, rounds from 0. */
export function cell(of: string, times: readonly number[], more: Partial<MicroCellRecord> = {}): MicroCell {
  const forks = times.map((latencyNs, round) => ({
    round,
    latencyNs,
    blocks: [latencyNs],
    opsPerBlock: 1,
    peakBlockNs: latencyNs * 2,
    compileNs: 1000,
    outputBytes: 100,
    allocatedBytesPerOp: 50,
    gcTimeShare: 0,
    warnings: [],
  }));
  return toMicro({
    suite: 'serialize',
    contender: of,
    payload: 'sample/it',
    items: 1,
    variant: 'text',
    sink: 'bytes',
    status: 'ok',
    forks,
    latencyNs: { median: times[0] ?? 0 },
    compileNs: 1000,
    peakBlockNs: Math.max(...times) * 2,
    outputBytes: 100,
    allocatedBytesPerOp: 50,
    warnings: [],
    ...more,
  });
}

/** Six rounds around a time, with a spread of about a percent that is the same for nobody. */
export function rounds(around: number, phase = 0): number[] {
  return [0.99, 1.01, 1, 1.005, 0.995, 1.002].map(
    (factor, index, all) => around * (all[(index + phase) % all.length] ?? factor),
  );
}

export const part = { payload: 'sample/it', items: 1, variant: 'text' as const, share: 1 };

/** A request with one part, in which everybody was looked at once and measured in six rounds. */
export function request(
  contenders: readonly Registered<SerializeContender>[],
  cells: readonly MicroCell[],
  more: Partial<DecideRequest> = {},
): DecideRequest {
  return {
    contenders,
    reference,
    parts: [part],
    firstLook: cells.map((own) => {
      const record = toMicroRecord(own);
      return toMicro({ ...record, forks: record.forks.slice(0, 1) });
    }),
    cells,
    sizes: [],
    refused: new Map(),
    accepted: ['needs-schema', 'compiles-schema', 'drops-unknown-fields', 'sorts-keys', 'native-code'],
    margin: 0.05,
    leastSavingNs: 0,
    resources: { cores: 2, bandwidthBitsPerSec: 1e9, requestsPerSec: undefined },
    ...more,
  };
}
