/**
 * One process of an ensemble: prepares its cell, then runs a block whenever it is told to, and stands still in between.
 *
 * Started by ensemble/arm.ts with the job as its only argument. It imports one contender, because contenders in one
 * process change each other's hidden classes and inline caches. It ends when its parent does, whatever way that goes.
 */
import { endWithParent, takeJob, tellParent } from '../../process/parent.ts';
import type { ArmAnswer, ArmCommand, ArmJob } from '../ensemble-messages.ts';
import { findCollector } from './collector.ts';
import { checkAgain, firstLineOf, type PreparedCell, prepareCell, tellLater } from './prepare.ts';
import { createLitter } from './litter.ts';
import type { Sampler } from './sampler.ts';
import { createSampler } from './sampler.ts';

const collector = findCollector();
const litter = createLitter(Math.random(), collector.young);

/** What the last turn gave, which the blocks of the account would overwrite. */
let lastTimed: ReturnType<Sampler['lastResult']>;

endWithParent();

try {
  await serve(takeJob() as ArmJob);
} catch (error) {
  answer({ type: 'refused', outcome: { status: 'failed', reason: `threw: ${firstLineOf(error)}` } });
}

async function serve(job: ArmJob): Promise<void> {
  const prepared = await prepareCell(job);
  if ('status' in prepared) {
    answer({ type: 'refused', outcome: prepared });
    return;
  }
  const { operate, inputs, outputBytes, compileNs } = prepared;
  const sampler = createSampler({
    operate: repeatSome(operate, job.repeatedShare),
    inputs,
    settings: job.settings,
    collect: collector.all,
  });
  process.on('message', (command: ArmCommand) => {
    obey(command, sampler, prepared).then(answer, (error: unknown) => {
      answer({ type: 'refused', outcome: { status: 'failed', reason: `threw: ${firstLineOf(error)}` } });
    });
  });
  collector.all();
  answer({ type: 'ready', outputBytes, compileNs });
}

async function obey(command: ArmCommand, sampler: Sampler, prepared: PreparedCell): Promise<ArmAnswer> {
  switch (command.type) {
    case 'warm-up':
      return { type: 'warm', ...sampler.warmUp() };
    case 'block':
      // A server has sent a response by the time it allocates for much else; one that is still held would grow old in the
      // litter and take a collection of everything to be freed.
      sampler.dropResult();
      litter();
      // Nobody collects before a block: what the operations leave behind is theirs to pay for, whenever it is due.
      return { type: 'block', ...(await sampler.timeTurn(command.operations)) };
    case 'account':
      lastTimed = sampler.lastResult();
      return { type: 'account', ...sampler.account(command.operations), peakBlockNs: sampler.findPeak() };
    case 'verify': {
      // What the blocks have timed has to be right still.
      const wrong = lastTimed === undefined ? undefined : prepared.judge(lastTimed.output, lastTimed.input);
      const reason = wrong === undefined ? checkAgain(prepared) : tellLater(wrong);
      const example = prepared.showExample();
      if (reason !== undefined) return { type: 'refused', outcome: { status: 'incorrect', reason, ...example } };
      return { type: 'verified', ...example };
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

function answer(message: ArmAnswer): void {
  tellParent(message);
}
