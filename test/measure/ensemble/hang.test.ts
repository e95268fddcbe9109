/**
 * Who gets the blame where a process of an ensemble hangs: it alone, since each command has a time limit of its own.
 *
 * The limit under test goes to processes that never answer; honest ones may take as long as they need on a busy machine.
 */
import { expect, it } from 'vitest';

import type { ArmProcess } from '../../../src/measure/ensemble/arm.ts';
import { runEnsemble } from '../../../src/measure/ensemble/ensemble.ts';
import { imaginaryCore } from '../../imaginary-core.ts';

const hung = 'failed: gave no answer within 0.05 s and was ended';

/** A process that answers at once, except to what it hangs at. */
function answering(hangsAt?: string): ArmProcess & { wasKilled: () => boolean } {
  let hear: ((answer: unknown) => void) | undefined;
  let killed = false;
  const { promise: ended, resolve } = Promise.withResolvers<Awaited<ArmProcess['ended']>>();
  const answers: Record<string, object> = {
    'warm-up': { type: 'warm', opsPerBlock: 1, warnings: [] },
    block: { type: 'block', elapsedNs: 1000, processorNs: 1000 },
    account: { type: 'account', peakBlockNs: 1000 },
    verify: { type: 'verified' },
  };
  const say = (command: string, answer: unknown): void => {
    if (command !== hangsAt) queueMicrotask(() => hear?.(answer));
  };
  return {
    pid: undefined,
    ended,
    wasKilled: () => killed,
    send: ({ type }) => say(type, answers[type]),
    listen(listener) {
      const isFirst = hear === undefined;
      hear = listener;
      if (isFirst) say('start', { type: 'ready', outputBytes: 1, compileNs: 0 });
      return () => (hear = () => {});
    },
    kill() {
      killed = true;
      resolve({ end: { how: 'killed', signal: 'SIGKILL' }, stderr: '' });
      return Promise.resolve();
    },
  };
}

it.each(['start', 'warm-up', 'block', 'account', 'verify'])(
  'ends the one that hangs at %s, and no other',
  async (command) => {
    const processes = [answering(), answering(command), answering()];
    const result = await runEnsemble({
      starts: processes.map((process) => () => process),
      core: imaginaryCore(),
      settings: { turns: 3, timedNs: 0, mostTimedNs: 3e9, blockNs: 1000 },
      blocks: 'each',
      seed: 1,
      round: 0,
      signal: new AbortController().signal,
      timeLimitMs: 50,
    });
    expect(result?.arms.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`))).toEqual([
      'ok',
      hung,
      'ok',
    ]);
    expect(processes.map((process) => process.wasKilled())).toEqual([true, true, true]);
  },
);
