/**
 * One process that explains: gets the value, then either lists its offences or times one way to write it.
 *
 * Started by explain.ts with the job as its only argument, with --allow-natives-syntax and --expose-gc.
 */
import { findCollector } from '../../measure/worker/collector.ts';
import { measureOperation } from '../../measure/worker/sampler.ts';
import type { SamplerSettings } from '../../measure/profiles.ts';
import { endWithParent, takeJob, tellParent } from '../../process/parent.ts';
import type { OffenceKind } from '../../model/explanation.ts';
import type { Arm } from './arms.ts';
import { loadValue, Unreadable } from './load-value.ts';
import type { Diagnosis, FastPathAnswer, FastPathJob, KindFound } from './messages.ts';
import { withProbe } from './probe.ts';
import { keepAsItIs, type Rebuilt, rebuildValue } from './rebuild.ts';
import { compareInOrder, type FoundOffence, pointerOf, Refusal, surveyByRules, surveyValue } from './survey.ts';

/**
 * In a process that measures, half a second's worth: strings that are left then are copied flat whether they need it or
 * not, which changes nothing but where they lie in memory.
 */
const mostQuestions = 10_000;

const collect = findCollector().all;

const givenJob = takeJob() as FastPathJob;
endWithParent();

// A module may keep the process alive, with a timer or a connection, so it does not end by itself.
tellParent(await answer(givenJob), () => process.exit());

async function answer(job: FastPathJob): Promise<FastPathAnswer> {
  try {
    const value = await loadValue(job.source);
    if (job.measure === undefined) return { type: 'diagnosed', diagnosis: diagnose(value) };
    return { type: 'measured', ...measure(value, job.measure) };
  } catch (error) {
    if (error instanceof Unreadable) return { type: 'unreadable', reason: error.message, hint: error.hint };
    if (error instanceof Refusal) return { type: 'refused', pointer: error.pointer, reason: error.reason };
    throw error;
  }
}

function diagnose(value: unknown): Diagnosis {
  const { runtimeHasFastPath, takesFastPath, ...survey } = surveyValue(value);
  const cleaned = survey.found.length === 0 || !runtimeHasFastPath ? undefined : rebuildValue(survey).root[''];
  return {
    runtimeHasFastPath,
    ...(takesFastPath === undefined ? {} : { takesFastPath }),
    ...(cleaned === undefined ? {} : { cleanedTakesFastPath: withProbe((probe) => !probe.leaves(cleaned)) }),
    // Written last, since writing a value copies its ropes together.
    outputBytes: countBytes(value),
    kinds: summarizeKinds(survey.found),
    isEstimate: survey.isEstimate,
  };
}

function countBytes(value: unknown): number {
  let text: string | undefined;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (error) {
    const isTooDeep = error instanceof RangeError && error.message.includes('call stack');
    const reason = isTooDeep
      ? 'it is nested deeper than the general serializer can go, and the fast path does not take it'
      : String(error);
    throw new Refusal('', reason);
  }
  if (text === undefined) throw new Refusal('', `it is of type ${typeof value}, which has no JSON text`);
  return Buffer.byteLength(text);
}

function summarizeKinds(found: readonly FoundOffence[]): KindFound[] {
  const byKind = new Map<OffenceKind, { first: FoundOffence; count: number }>();
  for (const one of found) {
    const known = byKind.get(one.kind);
    if (known === undefined) byKind.set(one.kind, { first: one, count: 1 });
    else {
      known.count += 1;
      if (compareInOrder(one.place, known.first.place) < 0) known.first = one;
    }
  }
  return [...byKind.values()]
    .toSorted((a, b) => compareInOrder(a.first.place, b.first.place))
    .map(({ first, count }) => ({
      kind: first.kind,
      count,
      firstPointer: pointerOf(first.place),
      ...(first.detail === undefined ? {} : { detail: first.detail }),
    }));
}

function measure(
  value: unknown,
  request: { arm: Arm; settings: SamplerSettings },
): { latencyNs: number; warnings: readonly string[] } {
  const input = prepare(value, request.arm);
  const { latencyNs, warnings } = measureOperation({
    operate: write,
    inputs: [input],
    settings: request.settings,
    collect,
  });
  return { latencyNs, warnings };
}

function prepare(value: unknown, arm: Arm): Rebuilt {
  // Ropes are all that a value as it is needs restored, and rules find those.
  return arm.type === 'cleaned'
    ? rebuildValue(surveyValue(value, { mostQuestions }), arm.kept)
    : keepAsItIs(surveyByRules(value));
}

/** One call, after the ropes were put together that it will copy together. */
function write({ root, ropes, flats }: Rebuilt): unknown {
  for (const { holder, key, left, right } of ropes) holder[key] = left + right;
  for (const { holder, key, whole } of flats) holder[key] = whole;
  return JSON.stringify(root['']);
}
