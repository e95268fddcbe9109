/**
 * One process of a duet: prepares its cell, then runs a block whenever it is told to, and stands still in between.
 *
 * Started by duet.ts with the job as its only argument. It ends when its parent does, whatever way that goes.
 * tinybench has no part in it: every block is asked for one by one.
 */
import { endWithParent, takeJob, tellParent } from '../../process/parent.ts';
import type { DuetAnswer, DuetCommand, DuetJob } from '../duet-messages.ts';
import { findCollector } from './collector.ts';
import { checkAgain, firstLineOf, prepareCell } from './prepare.ts';
import type { Sampler } from './sampler.ts';
import { createSampler } from './sampler.ts';

const collect = findCollector();

endWithParent();

try {
  await serve(takeJob() as DuetJob);
} catch (error) {
  answer({ type: 'refused', outcome: { status: 'failed', reason: `threw: ${firstLineOf(error)}` } });
}

async function serve(job: DuetJob): Promise<void> {
  const prepared = await prepareCell(job);
  if ('status' in prepared) {
    answer({ type: 'refused', outcome: prepared });
    return;
  }
  const { operate, inputs, outputBytes } = prepared;
  const sampler = createSampler({
    operate: repeatSome(operate, job.repeatedShare),
    inputs,
    settings: job.settings,
    collect,
  });
  process.on('message', (command: DuetCommand) => {
    try {
      const said = obey(sampler, command);
      // The account is the last command: what the blocks have timed has to be right still.
      const reason = command.type === 'account' ? checkAgain(prepared) : undefined;
      answer(reason === undefined ? said : { type: 'refused', outcome: { status: 'incorrect', reason } });
    } catch (error) {
      answer({ type: 'refused', outcome: { status: 'failed', reason: `threw: ${firstLineOf(error)}` } });
    }
  });
  collect();
  answer({ type: 'ready', outputBytes });
}

function obey(sampler: Sampler, command: DuetCommand): DuetAnswer {
  switch (command.type) {
    case 'warm-up':
      return { type: 'warm', ...sampler.warmUp() };
    case 'block':
      collect();
      return { type: 'block', elapsedNs: sampler.timeBlock(command.operations) };
    case 'account': {
      const { allocatedBytesPerOp } = sampler.account(command.operations);
      return { type: 'account', ...(allocatedBytesPerOp === undefined ? {} : { allocatedBytesPerOp }) };
    }
  }
}

/** The operation itself where nothing is to be repeated, so that a side without a slowdown runs no code of ours. */
function repeatSome(operate: (input: unknown) => unknown, share: number): (input: unknown) => unknown {
  if (share === 0) return operate;
  let owed = 0;
  return (input) => {
    owed += share;
    if (owed >= 1) {
      owed -= 1;
      operate(input);
    }
    return operate(input);
  };
}

function answer(message: DuetAnswer): void {
  tellParent(message);
}
