/**
 * Asks another process what one side holds (describe-worker.ts), so that no module of a side is imported by the gate.
 */
import { execa } from 'execa';

import { showText } from '../../foreign-text.ts';
import { explainDeath } from '../../measure/fork.ts';
import type { Surroundings } from '../../model/surroundings.ts';
import { siblingModule } from '../../own-files.ts';
import { childEnvironment } from '../../process/child-environment.ts';
import { UserError } from '../../user-error.ts';
import { descriptionTimeLimitMs, longestDescription } from '../settings.ts';
import type { CheckedOutSide } from './open-sides.ts';
import { type Description, type DescriptionJob, readDescription } from './description.ts';

const workerPath = siblingModule('describe-worker', import.meta.url);

/** @throws {UserError} where the process does not answer, or says that something does not load; 130 when interrupted. */
export async function askSide({
  side,
  job,
  surroundings,
}: {
  side: CheckedOutSide;
  job: DescriptionJob;
  surroundings: Surroundings;
}): Promise<Description> {
  const result = await execa(side.nodePath, ['--no-warnings', workerPath], {
    cwd: side.directory,
    env: childEnvironment(surroundings.env),
    extendEnv: false,
    input: JSON.stringify(job),
    // What its modules print is nobody's report; the last line on stderr may say why it died.
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    maxBuffer: { stderr: longestDescription, fd3: longestDescription },
    timeout: descriptionTimeLimitMs,
    cancelSignal: surroundings.signal,
    killSignal: 'SIGKILL',
    killDescendants: true,
    stripFinalNewline: false,
    reject: false,
    windowsHide: true,
  });
  if (surroundings.signal.aborted)
    throw new UserError('interrupted while the sides were described; nothing was left behind', { code: 130 });
  const said = result.stdio[3];
  const text = typeof said === 'string' ? said : '';
  const answer = readDescription(text);
  if (answer === undefined) {
    const stderr = typeof result.stderr === 'string' ? result.stderr : '';
    const why =
      text === ''
        ? explainDeath(
            {
              timedOut: result.timedOut,
              isMaxBuffer: result.isMaxBuffer,
              signal: result.signal,
              exitCode: result.exitCode,
              stderr,
              shortMessage: result.shortMessage,
            },
            descriptionTimeLimitMs,
          )
        : `reported nonsense: ${text.slice(0, shownNonsense)}`;
    throw cannotLoad(side, { message: `the process that describes them ${why}` });
  }
  if (!('error' in answer)) return answer;
  const { part, message, hint } = answer.error;
  if (part === 'contenders') throw cannotLoad(side, { message, hint });
  throw new UserError(`cannot load what is to be measured in ${describeSide(side)}: ${showText(message)}`, {
    hint: hint === undefined ? 'choose a base whose payloads and suites load' : showText(hint),
  });
}

/** Enough of a wrong answer to recognise it. */
const shownNonsense = 80;

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
