/**
 * Loads that somebody else might put on the machine: endless loops beside a measurement.
 */
import { type Child, startChild } from '../../src/process/child.ts';

/** How many endless loops run beside a measurement, by name. */
export const busyLoops = { quiet: 0, 'one core busy': 1, 'both cores busy': 2 } as const;

export type Load = keyof typeof busyLoops;

export const loads = Object.keys(busyLoops) as Load[];

/** Runs `action` beside so many of them. */
export async function underLoad<T>(load: Load, action: () => Promise<T>): Promise<T> {
  const running: Child[] = Array.from({ length: busyLoops[load] }, () =>
    startChild({ command: [process.execPath, '--eval', 'for (;;);'], env: process.env, talksOver: 'nothing' }),
  );
  try {
    return await action();
  } finally {
    await Promise.all(running.map((child) => child.kill()));
  }
}
