/**
 * Explains one value: a process that diagnoses, then rounds of processes that each time one way to write it.
 *
 * Whatever a process or a module in it does costs one answer and never this program.
 */
import { forkTimeLimitMs, profiles } from '../../measure/profiles.ts';
import type { Environment } from '../../model/environment.ts';
import type { Explanation, Offence } from '../../model/explanation.ts';
import type { Progress } from '../../model/progress.ts';
import { siblingModule } from '../../own-files.ts';
import { runToEnd } from '../../process/child.ts';
import { describeDeath } from '../../process/death.ts';
import { scratchVariable } from '../../process/scratch-directory.ts';
import { UserError } from '../../user-error.ts';
import {
  type Arm,
  chooseRounds,
  nameArm,
  orderArms,
  planArms,
  type RoundTimes,
  summarizeCost,
  summarizeTimes,
} from './arms.ts';
import { kinds } from './kinds.ts';
import {
  type Diagnosis,
  type FastPathAnswer,
  type FastPathJob,
  isFastPathAnswer,
  type ValueSource,
} from './messages.ts';

const workerPath = siblingModule('worker', import.meta.url);

/** Switches the fast path off; V8 has it where `node --v8-options` lists it. */
const switchOffFlag = '--no-json-stringify-fast-path';

export interface ExplainRequest {
  /** What is explained, for a person. */
  readonly described: string;
  readonly source: ValueSource;
  readonly environment: Environment;
  /** The session's own, by which a process that outlives this program is found. */
  readonly scratchDirectory: string;
  /** Where modules run. */
  readonly cwd: string;
  /** Rounds; chosen by the number of comparisons where left out. */
  readonly rounds?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** One process with its start, its warm-up and its blocks, as a first guess for the progress; corrected as it goes. */
const stepMs = 1200;

/**
 * Diagnoses and measures one value.
 * @returns with `interrupted` and what was measured until then where `signal` ended it.
 * @throws {UserError} where there is no value, JSON.stringify refuses it, its process dies, or `signal` ended it before
 *   the diagnosis.
 */
export async function explainValue(request: ExplainRequest): Promise<Explanation> {
  const [diagnosis, canSwitchOff] = await Promise.all([diagnose(request), hasSwitchOffFlag(request)]);
  const arms = planArms({ ...diagnosis, canSwitchOff });
  const { rounds, warnings } = await measureRounds(request, arms);
  return assemble({ request, diagnosis, rounds, warnings });
}

async function diagnose(request: ExplainRequest): Promise<Diagnosis> {
  const answer = await runWorker(request, { job: { source: request.source }, flags: [] });
  if (answer === undefined) throw new UserError('explain: stopped before anything was found', { code: 130 });
  if (typeof answer === 'string') {
    throw new UserError(`explain: the process that looks at ${request.described} ${answer}`, {
      hint: 'run the module by itself to see what it does',
    });
  }
  switch (answer.type) {
    case 'diagnosed':
      return answer.diagnosis;
    case 'unreadable':
      throw new UserError(`explain: cannot read ${request.described}: ${answer.reason}`, { hint: answer.hint });
    case 'refused':
      throw new UserError(
        `explain: JSON.stringify refuses ${request.described} at ${answer.pointer === '' ? 'the top' : answer.pointer}: ${answer.reason}`,
        {
          hint: 'give a value that JSON can hold',
        },
      );
    case 'measured':
      throw new Error('the process measured where it was to diagnose');
  }
}

async function hasSwitchOffFlag({ signal }: ExplainRequest): Promise<boolean> {
  const { answer } = await runToEnd({ command: [process.execPath, '--v8-options'], env: process.env, signal });
  return answer.includes('--json-stringify-fast-path');
}

async function measureRounds(
  request: ExplainRequest,
  arms: readonly Arm[],
): Promise<{ rounds: RoundTimes[]; warnings: string[] }> {
  const count = arms.length === 0 ? 0 : (request.rounds ?? chooseRounds(arms));
  const rounds: RoundTimes[] = [];
  const warnings = new Set<string>();
  if (count > 0) request.progress.beginStage({ expectedMs: count * arms.length * stepMs });
  for (let round = 0; round < count; round += 1) {
    const times = new Map<string, number>();
    for (const arm of orderArms({ arms, seed: request.seed, round })) {
      if (request.signal.aborted) break;
      request.progress.beginTask(`round ${round + 1}: ${nameArm(arm)}`, stepMs);
      const answer = await measureArm(request, arm);
      if (typeof answer === 'string') warnings.add(`${nameArm(arm)}: ${answer}`);
      if (typeof answer !== 'object') continue;
      times.set(nameArm(arm), answer.latencyNs);
      for (const warning of answer.warnings) warnings.add(`${nameArm(arm)}: ${warning}`);
    }
    rounds.push(times);
  }
  return { rounds: rounds.filter((times) => times.size > 0), warnings: [...warnings] };
}

/** @returns a sentence's end where it cannot be measured, `undefined` where it was interrupted. */
async function measureArm(
  request: ExplainRequest,
  arm: Arm,
): Promise<{ latencyNs: number; warnings: readonly string[] } | string | undefined> {
  const job: FastPathJob = { source: request.source, measure: { arm, settings: profiles.quick.sampler } };
  const answer = await runWorker(request, { job, flags: arm.type === 'switched-off' ? [switchOffFlag] : [] });
  if (answer === undefined || typeof answer === 'string') return answer;
  return answer.type === 'measured'
    ? answer
    : `was not measured: ${answer.type === 'diagnosed' ? 'the process diagnosed instead' : answer.reason}`;
}

/** @returns words for what became of a process that did not answer; `undefined` where `signal` ended it. */
async function runWorker(
  request: ExplainRequest,
  { job, flags }: { job: FastPathJob; flags: readonly string[] },
): Promise<FastPathAnswer | string | undefined> {
  const { signal, cwd, scratchDirectory } = request;
  const result = await runToEnd({
    command: [
      process.execPath,
      '--expose-gc',
      '--allow-natives-syntax',
      '--no-warnings',
      ...flags,
      workerPath,
      JSON.stringify(job),
    ],
    cwd,
    env: { ...process.env, [scratchVariable]: scratchDirectory },
    answersOn: 'channel',
    timeLimitMs: forkTimeLimitMs,
    signal,
  });
  const answer = result.messages.find((message) => isFastPathAnswer(message));
  if (answer !== undefined) return answer;
  return result.end.how === 'interrupted' ? undefined : describeDeath(result, 'before it reported');
}

function assemble(found: {
  request: ExplainRequest;
  diagnosis: Diagnosis;
  rounds: readonly RoundTimes[];
  warnings: readonly string[];
}): Explanation {
  const { request, diagnosis, rounds, warnings } = found;
  const { kinds: kindsFound, isEstimate, ...seen } = diagnosis;
  const times = summarizeTimes(rounds);
  const offences = kindsFound.map(({ kind, ...rest }): Offence => {
    const cost = summarizeCost(rounds, kind);
    const estimate = isEstimate && kind === 'sliced-string' ? { countIsEstimate: true as const } : {};
    return { kind, ...kinds[kind], ...rest, ...estimate, ...(cost === undefined ? {} : { cost }) };
  });
  return {
    source: request.described,
    environment: request.environment,
    ...seen,
    offences,
    ...(times === undefined ? {} : { times }),
    warnings,
    ...(request.signal.aborted ? { interrupted: true as const } : {}),
  };
}
