import { describe, expect, it } from 'vitest';

import { estimateBottleneck } from '../../../src/choose/decision/bottleneck.ts';
import type { Candidate } from '../../../src/model/choice.ts';

const candidate: Candidate = {
  contender: 'it',
  title: 'it',
  standing: 'recommended',
  burdens: [],
  rounds: 5,
  warnings: [],
  costNs: { median: 1e6 },
  outputBytes: 1e6,
  encoded: [{ encoding: 'br', level: 4, sizeBytes: 1e5, latencyNs: 9e6 }],
};
const machine = { cores: 2, bandwidthBitsPerSec: 1e9, requestsPerSec: undefined };

describe('the bottleneck', () => {
  it('is the network for large responses that are quickly written', () => {
    // 1 MB is 8 Mbit, of which a gigabit holds 125 a second; two cores write 2,000 a second at 1 ms each.
    const [plain] = estimateBottleneck(candidate, machine)?.wires ?? [];
    expect(plain).toMatchObject({
      encoding: 'none',
      cpuLimit: 2000,
      networkLimit: 125,
      limitedBy: 'network',
      serializerShare: 1,
    });
  });

  it('is the processor once compressing takes its time, of which serializing is a small share', () => {
    const [, brotli] = estimateBottleneck(candidate, machine)?.wires ?? [];
    expect(brotli).toMatchObject({ encoding: 'br', cpuNs: 1e7, cpuLimit: 200, networkLimit: 1250, limitedBy: 'cpu' });
    expect(brotli?.serializerShare).toBeCloseTo(0.1);
  });

  it('is neither where the rate is far below both', () => {
    const limits = (requestsPerSec: number) =>
      estimateBottleneck(candidate, { ...machine, requestsPerSec })?.wires[0]?.limitedBy;
    expect(limits(10)).toBe('neither');
    expect(limits(100)).toBe('network');
  });

  it('costs processor time by the rate, or by a thousand responses a second where there is none', () => {
    expect(estimateBottleneck(candidate, { ...machine, requestsPerSec: 50 })).toMatchObject({
      cpuMsPerSec: 50,
      isRateGiven: true,
    });
    expect(estimateBottleneck(candidate, machine)).toMatchObject({
      cpuMsPerSec: 1000,
      requestsPerSec: 1000,
      isRateGiven: false,
    });
  });

  it('cannot be told without a cost or a size', () => {
    const { costNs: _cost, ...costless } = candidate;
    expect(estimateBottleneck(costless, machine)).toBeUndefined();
    const { outputBytes: _bytes, ...sizeless } = candidate;
    expect(estimateBottleneck(sizeless, machine)).toBeUndefined();
  });
});
