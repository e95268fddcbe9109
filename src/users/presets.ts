/**
 * Loads with a name: how many users, how fast they come and how long they stay.
 *
 * Source of the figures: the reference page's commands.
 */

export interface Preset {
  readonly summary: string;
  readonly users: number;
  readonly spawnRatePerSec: number;
  /** Without it the load goes on until somebody ends it. */
  readonly runTimeMs?: number;
  /** Names of the only classes; without it those that have a weight. */
  readonly classes?: readonly string[];
}

export const presets: Readonly<Record<string, Preset>> = {
  light: { summary: 'a first look', users: 10, spawnRatePerSec: 2, runTimeMs: 30_000 },
  heavy: { summary: 'a busy hour', users: 200, spawnRatePerSec: 20, runTimeMs: 120_000 },
  sustained: { summary: 'few users for a long time', users: 25, spawnRatePerSec: 5, runTimeMs: 300_000 },
  stress: { summary: 'more than comes on an ordinary day', users: 500, spawnRatePerSec: 50, runTimeMs: 60_000 },
  ui: { summary: 'thousands, until somebody ends it', users: 4000, spawnRatePerSec: 200 },
  // The page has no figures for it; arbitrary: 400 requests a second, which one process sends without effort.
  throughput: {
    summary: 'lists at a constant rate',
    users: 200,
    spawnRatePerSec: 20,
    runTimeMs: 60_000,
    classes: ['HighThroughputUser'],
  },
};

/** What a load is where nothing is asked for. */
export const defaultPreset = 'light';
