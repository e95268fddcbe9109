/**
 * Settings of a gate for tests of what its command does with a session: the figures may be poor, and patience is short.
 */
import type { GateSettings } from '../../src/gate/settings.ts';

/** The module of the gate's settings with quick ones, for `vi.mock`. */
export function withQuickSettings<T extends { readonly gateSettings: GateSettings }>(original: T): T {
  const { gateSettings } = original;
  const sampler = {
    ...gateSettings.sampler,
    warmupNs: 5e6,
    warmupCapNs: 20e6,
    blockNs: 2e6,
    peakNs: 0,
    catalogs: 1,
  };
  return {
    ...original,
    gateSettings: { ...gateSettings, screenForks: 3, looks: [10], screenTurns: 4, confirmTurns: 6, sampler },
    duetTimeLimitMs: 5000,
  };
}
