/**
 * Surveys planted values in a process with natives syntax and prints what was found as JSON; run by survey.test.ts.
 *
 * Beside each survey stands V8's own word on the bare thing that was planted, on the cleaned value and on the value in
 * which only the kind that was found is kept.
 */
import { withProbe } from '../../../src/choose/fast-path/probe.ts';
import { type Rebuilt, rebuildValue } from '../../../src/choose/fast-path/rebuild.ts';
import { compareInOrder, pointerOf, Refusal, surveyValue } from '../../../src/choose/fast-path/survey.ts';
import { causeNames, plant, plantSeveral } from '../../fixtures/explain/planted.ts';

/** Ropes are put together as before a timed call. */
function leaves({ root, ropes }: Rebuilt): boolean {
  for (const { holder, key, left, right } of ropes) holder[key] = left + right;
  return withProbe((probe) => probe.leaves(root['']));
}

/** None for a value that is too deep for a runtime without the fast path. */
function countCharacters(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return 0;
  }
}

function survey(value: unknown, options?: { mostQuestions: number }): object {
  try {
    const surveyed = surveyValue(value, options);
    const { found, runtimeHasFastPath, takesFastPath, isEstimate } = surveyed;
    const listed = found
      .toSorted((a, b) => compareInOrder(a.place, b.place))
      .map(({ kind, place }) => ({ kind, pointer: pointerOf(place) }));
    const cleaned = rebuildValue(surveyed);
    const [first] = found;
    return {
      found: listed,
      runtimeHasFastPath,
      takesFastPath,
      isEstimate,
      cleanedLeaves: leaves(cleaned),
      ...(first === undefined ? {} : { keptLeaves: leaves(rebuildValue(surveyed, first.kind)) }),
      addedCharacters: countCharacters(cleaned.root['']) - countCharacters(value),
    };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { pointer: error.pointer, reason: error.reason } };
    throw error;
  }
}

function nest(levels: number, innermost: unknown): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level += 1) value = { in: value };
  return value;
}

function createSlices(): unknown[] {
  return Array.from({ length: 500 }, (_, index) => ({
    text: [index, 'is a number among many others'].join(' ').slice(1),
  }));
}

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['a/b'] = [cycle];
const shared = { when: new Date(0) };

const surveys = {
  ...Object.fromEntries(causeNames.map((name) => [name, survey(plant(name))])),
  several: survey(plantSeveral()),
  deepDate: survey(nest(3000, new Date(0))),
  deepClean: survey(nest(50_000, 'at the bottom')),
  cycle: survey(cycle),
  sharedTwice: survey([shared, shared]),
  bareDate: survey(new Date(0)),
  throwingGetter: survey([
    {
      get a() {
        throw new Error('not today');
      },
    },
  ]),
  throwingToJson: survey({
    a: {
      toJSON() {
        throw new Error('not today either');
      },
    },
  }),
  insideToJson: survey({ a: { toJSON: () => ({ list: Object.freeze([1]) }) } }),
  escapedKey: survey({ 'a/b~c': new Date(0) }),
  manySlices: survey(createSlices()),
  slicesUnasked: survey(createSlices(), { mostQuestions: 50 }),
};

process.stdout.write(JSON.stringify(surveys));
