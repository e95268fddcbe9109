/**
 * Waiting awake ends by itself, and is given up where answers do not come by then.
 */
import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { AwakeWait } from '../../src/hey/generator/wait-awake.ts';

/** Lets it wait until it sleeps: while it is awake, each round of the event loop adds to its time. */
async function untilAsleep(wait: AwakeWait): Promise<number> {
  for (;;) {
    const before = wait.idleMs;
    for (let round = 0; round < 5; round += 1) await setImmediate();
    if (wait.idleMs === before) return before;
  }
}

describe('AwakeWait', () => {
  it('ends by itself, and knows how long it had nothing to do', async () => {
    const wait = new AwakeWait();
    expect(wait.idleMs).toBe(0);
    wait.answerCame();
    const first = await untilAsleep(wait);
    expect(first).toBeGreaterThan(0);
    wait.answerCame();
    expect(await untilAsleep(wait)).toBeGreaterThan(first);
  });

  it('is given up where no answer comes, and tried again now and then', async () => {
    const wait = new AwakeWait();
    const times: number[] = [];
    for (let answer = 0; answer < 200; answer += 1) {
      wait.answerCame();
      times.push(await untilAsleep(wait));
    }
    const waits = times.filter((time, index) => time > (times[index - 1] ?? 0)).length;
    expect(waits).toBeGreaterThan(1);
    expect(waits).toBeLessThan(50);
    expect(times.findLastIndex((time, index) => time > (times[index - 1] ?? 0))).toBeGreaterThan(60);
  });
});
