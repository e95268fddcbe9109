/**
 * Asks another process what one side holds (describe-worker.ts), so that no module of a side is imported by the gate.
 */
import { showText } from '../../foreign-text.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { siblingModule } from '../../own-files.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { runToEnd } from '../../process/child.ts';
import { describeDeath, describeNonsense } from '../../process/death.ts';
import { UserError } from '../../user-error.ts';
import { descriptionTimeLimitMs, longestDescription } from '../settings.ts';
import type { CheckedOutSide } from './open-sides.ts';
import { type Description, type DescriptionJob, readDescription } from './description.ts';

const workerPath = siblingModule('describe-worker', import.meta.url);

/**
 * @throws {UserError} where the process does not answer, or says that something does not load; 130 when interrupted.
 */
export async function askSide({
  side,
  job,
  surroundings,
}: {
  side: CheckedOutSide;
  job: DescriptionJob;
  surroundings: Surroundings;
}): Promise<Description> {
  const result = await runToEnd({
    command: [side.nodePath, '--no-warnings', workerPath],
    cwd: side.directory,
    env: childEnvironment(surroundings.env),
    input: JSON.stringify(job),
    answersOn: 'descriptor 3',
    outputLimit: longestDescription,
    timeLimitMs: descriptionTimeLimitMs,
    signal: surroundings.signal,
  });
  if (surroundings.signal.aborted)
    throw new UserError('interrupted while the sides were described; nothing was left behind', { code: 130 });
  const answer = readDescription(result.answer);
  if (answer === undefined) {
    const why = result.answer === '' ? describeDeath(result, 'before it reported') : describeNonsense(result.answer);
    throw cannotLoad(side, { message: `the process that describes them ${why}` });
  }
  if (!('error' in answer)) return answer;
  const { part, message, hint } = answer.error;
  if (part === 'contenders') throw cannotLoad(side, { message, hint });
  throw new UserError(`cannot load what is to be measured in ${describeSide(side)}: ${showText(message)}`, {
    hint: hint === undefined ? 'choose a base whose payloads and suites load' : showText(hint),
  });
}

/** What a side has that cannot be used. @param problem.message and @param problem.hint may hold text of others. */
export function cannotLoad(
  side: CheckedOutSide,
  { message, hint }: { message: string; hint?: string | undefined },
): UserError {
  return new UserError(`cannot load the contenders of ${describeSide(side)}: ${showText(message)}`, {
    hint:
      hint === undefined
        ? `does ${side.side.ref} have wirebench installed, or bench/contenders? choose another ref`
        : showText(hint),
  });
}

function describeSide({ side: { name, ref, commit } }: CheckedOutSide): string {
  return `the ${name} (${ref}, ${commit})`;
}
