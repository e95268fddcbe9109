/**
 * Made-up entries of a history, for tests: one contender over a reference, run after run. Nothing here is a measurement.
 */
import type { Environment } from '../../src/model/environment.ts';
import type { HistoryCell, HistoryEntry } from '../../src/model/history.ts';

/** What an invented run is made of; everything else is the same in all of them. */
interface InventedRun {
  readonly ratio?: number;
  /** Half of the interval's width, as a share of the ratio; 0 leaves the bounds out. */
  readonly halfWidth?: number;
  readonly environment?: Partial<Environment>;
  readonly seed?: number;
  readonly cell?: Partial<HistoryCell>;
  /** Other contenders of the same group. */
  readonly others?: readonly HistoryCell[];
}

const environment: Environment = {
  node: '24.1.0',
  v8: '13.6',
  os: 'Linux 6.1',
  arch: 'x64',
  cpuModel: 'Invented CPU',
  cores: 4,
  memoryBytes: 8e9,
  packages: { 'ours-package': '1.0.0' },
};

/** One run a day, in the order given; the second of two runs names another commit. */
export function historyOf(runs: readonly InventedRun[]): HistoryEntry[] {
  return runs.map(
    ({ ratio = 2, halfWidth = 0.02, environment: own = {}, seed = 1, cell = {}, others = [] }, day): HistoryEntry => ({
      historyVersion: 1,
      startedAt: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
      seed,
      profile: 'standard',
      environment: { ...environment, commit: `commit${String(day).padStart(6, '0')}`, ...own },
      groups: [
        {
          suite: 'serialize',
          payload: 'tools',
          items: 100,
          variant: 'native',
          sink: 'bytes',
          reference: 'plain',
          confidence: 0.95,
          cells: [
            { contender: 'plain', status: 'ok', latencyNs: 1000, outputBytes: 500 },
            {
              contender: 'ours',
              status: 'ok',
              latencyNs: 1000 / ratio,
              outputBytes: 500,
              ratio,
              ...(halfWidth === 0 ? {} : { lo: ratio * (1 - halfWidth), hi: ratio * (1 + halfWidth) }),
              ...cell,
            },
            ...others,
          ],
        },
      ],
    }),
  );
}

/** Small differences from run to run that are the same in every test. */
const wobbles = [1, 1.012, 0.991, 1.006, 0.985, 1.009, 0.996];

/** `count` runs of a level, each a little off it. */
export function levelOf(ratio: number, count: number, more: InventedRun = {}): InventedRun[] {
  return Array.from({ length: count }, (_value, index) => ({
    ...more,
    ratio: ratio * (wobbles[index % wobbles.length] ?? 1),
  }));
}
