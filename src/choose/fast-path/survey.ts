/**
 * Walks a live value in the order in which JSON.stringify writes it and lists what takes it off the fast path.
 *
 * Rules find what they can (classify.ts). What they find nothing in is put to V8's own word by the probe, many values
 * at a time, and halved until the guilty ones are left: strings that are windows on longer ones and shapes that
 * remember something. No string is copied together and nothing is written to. It uses no recursion, since a value may
 * be nested as deeply as it likes.
 */
import { constants } from 'node:buffer';
import { types } from 'node:util';

import { messageOf } from '../../foreign-text.ts';
import { pointerTo } from '../../json.ts';
import type { OffenceKind } from '../../model/explanation.ts';
import { callsToJson, classify } from './classify.ts';
import { flatten, isFlat } from './natives.ts';
import { type Probe, withProbe } from './probe.ts';

/** A value and the way to it. */
export interface LocatedValue {
  /** Absent for the whole value. */
  readonly parent?: LocatedValue;
  readonly key: string | number;
  /** Of the value among those of its parent, in the order of writing. */
  readonly position: number;
  readonly value: unknown;
}

/** One thing that takes the value off the fast path. */
export interface FoundOffence {
  readonly kind: OffenceKind;
  readonly place: LocatedValue;
  /** The object or array that holds it; for the whole value an object of our own. */
  readonly holder: object;
  readonly detail?: string;
  /** What its toJSON gave. */
  readonly written?: { readonly value: unknown };
}

export interface Survey {
  /** An object with the whole value under the empty key. */
  readonly root: { readonly '': unknown };
  /** First those that rules found, in the order of writing, then those that the probe found. */
  readonly found: readonly FoundOffence[];
  /** True where so many strings are guilty that those left were counted without asking for each. */
  readonly isEstimate: boolean;
}

/** JSON.stringify refuses the value: at `pointer`, for `reason`. */
export class Refusal extends Error {
  readonly pointer: string;
  readonly reason: string;

  constructor(pointer: string, reason: string) {
    super(reason);
    this.name = 'Refusal';
    this.pointer = pointer;
    this.reason = reason;
  }
}

/** V8 makes ropes and windows from this length on; shorter ones are copied at once. */
const leastShared = 13;

/** Every element takes two characters at least. */
const mostElements = constants.MAX_STRING_LENGTH / 2;

/** Questions to the probe, for a few seconds. */
const defaultQuestions = 100_000;

/** A survey with V8's own word on the whole. */
export interface ProbedSurvey extends Survey {
  readonly runtimeHasFastPath: boolean;
  /** Absent on a runtime without a fast path. */
  readonly takesFastPath?: boolean;
}

/**
 * Lists everything in a value that takes it off the fast path; on a runtime without one, what rules find.
 * @param options.mostQuestions asked of V8; what is left after them is counted unasked, and the survey is an estimate.
 * @throws {Refusal} where JSON.stringify would throw: for a cycle, a BigInt, or a toJSON or getter that throws.
 */
export function surveyValue(
  value: unknown,
  { mostQuestions = defaultQuestions }: { mostQuestions?: number } = {},
): ProbedSurvey {
  const root = { '': value };
  // Outside of the probe, since code of the value may want the whole stack.
  const walk = walkValue(root);
  return withProbe((probe): ProbedSurvey => {
    if (!probe.hasFastPath) return { root, found: walk.found, isEstimate: false, runtimeHasFastPath: false };
    const asked = askForSuspects({ suspects: walk.suspects, probe, mostQuestions });
    const found = [...walk.found, ...asked.found];
    return { root, found, isEstimate: asked.isEstimate, runtimeHasFastPath: true, takesFastPath: !probe.leaves(value) };
  });
}

/**
 * Lists what breaks a rule, without asking V8: windows on longer strings and shapes that remember are missing.
 * @throws {Refusal} as `surveyValue` does.
 */
export function surveyByRules(value: unknown): Survey {
  const root = { '': value };
  return { root, found: walkValue(root).found, isEstimate: false };
}

/** RFC 6901; the empty string for the whole value. */
export function pointerOf(place: LocatedValue): string {
  const keys: (string | number)[] = [];
  for (let at: LocatedValue | undefined = place; at?.parent !== undefined; at = at.parent) keys.push(at.key);
  return pointerTo(...keys.toReversed());
}

/** Negative where `a` is written before `b`; what holds another value comes before it. */
export function compareInOrder(a: LocatedValue, b: LocatedValue): number {
  const [first, second] = [positionsOf(a), positionsOf(b)];
  const differing = first.findIndex((position, level) => position !== second[level]);
  if (differing < 0) return first.length - second.length;
  return (first[differing] as number) - (second[differing] ?? -1);
}

function positionsOf(place: LocatedValue): number[] {
  const positions: number[] = [];
  for (let at: LocatedValue | undefined = place; at !== undefined; at = at.parent) positions.push(at.position);
  return positions.toReversed();
}

/** What may be guilty without breaking a rule, with the object that holds it. */
interface SuspectValue {
  readonly place: LocatedValue;
  readonly holder: object;
}

/** An object or array whose values are being walked through. */
interface SurveyFrame {
  readonly place: LocatedValue;
  readonly holder: object;
  /** The object itself, or what its toJSON gave. */
  readonly node: object;
  /** `undefined` for an array, whose keys are its indexes. */
  readonly keys: readonly string[] | undefined;
  next: number;
  /** True once something in it, or itself, was found. */
  guilty: boolean;
  /** What stays suspect on its own if the frame turns out guilty. */
  readonly suspects: SuspectValue[];
}

function walkValue(root: { readonly '': unknown }): { found: FoundOffence[]; suspects: SuspectValue[] } {
  const found: FoundOffence[] = [];
  const frames: SurveyFrame[] = [];
  const open = new Set<object>();
  const suspects: SuspectValue[] = [];

  const report = (offence: FoundOffence): void => {
    found.push(offence);
    // Frames above a guilty one are guilty already.
    for (let index = frames.length - 1; index >= 0 && frames[index]?.guilty === false; index -= 1)
      (frames[index] as SurveyFrame).guilty = true;
  };
  const suspect = (one: SuspectValue): void => {
    (frames.at(-1)?.suspects ?? suspects).push(one);
  };

  const visit = (place: LocatedValue, holder: object): void => {
    const { value } = place;
    if (typeof value === 'string') {
      if (value.length < leastShared) return;
      if (isFlat?.(value) === false) report({ kind: 'cons-string', place, holder });
      else suspect({ place, holder });
      return;
    }
    if (typeof value === 'bigint' && !callsToJson(value))
      throw new Refusal(pointerOf(place), 'it is a BigInt, which JSON does not have');
    const classified = classify(value);
    const written = classified === undefined ? undefined : callToJson(place);
    if (classified !== undefined)
      report({ ...classified, place, holder, ...(written === undefined ? {} : { written }) });
    const node = written === undefined ? value : written.value;
    if (typeof node !== 'object' || node === null) return;
    if (open.has(node)) throw new Refusal(pointerOf(place), 'it holds itself, and JSON has no cycles');
    if (types.isBoxedPrimitive(node)) {
      if (classified === undefined) suspect({ place, holder });
      return;
    }
    open.add(node);
    const keys = listKeys(node, place);
    frames.push({ place, holder, node, keys, next: 0, guilty: classified !== undefined, suspects: [] });
  };

  visit({ key: '', position: 0, value: root[''] }, root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { node, keys, place } = frame;
    const length = keys === undefined ? (node as unknown[]).length : keys.length;
    if (frame.next < length) {
      const position = frame.next;
      frame.next += 1;
      const key = keys === undefined ? position : (keys[position] as string);
      visit({ parent: place, key, position, value: read({ node, key, parent: place }) }, node);
    } else {
      frames.pop();
      open.delete(node);
      // A guiltless object is asked about as a whole; one that is guilty leaves its guiltless parts.
      if (!frame.guilty) suspect({ place, holder: frame.holder });
      else for (const one of frame.suspects) suspects.push(one);
    }
  }
  return { found, suspects };
}

/** `undefined` for an array. */
function listKeys(node: object, place: LocatedValue): string[] | undefined {
  try {
    if (!Array.isArray(node)) return Object.keys(node);
  } catch (error) {
    // A proxy may refuse to be looked into.
    throw new Refusal(pointerOf(place), `listing its keys threw: ${messageOf(error)}`);
  }
  if (node.length <= mostElements) return undefined;
  throw new Refusal(pointerOf(place), `it has ${node.length} elements, more than a string can hold`);
}

function read(request: { node: object; key: string | number; parent: LocatedValue }): unknown {
  const { node, key, parent } = request;
  try {
    return (node as Record<string | number, unknown>)[key];
  } catch (error) {
    throw new Refusal(
      pointerOf({ parent, key, position: 0, value: undefined }),
      `reading it threw: ${messageOf(error)}`,
    );
  }
}

/** What JSON.stringify would write instead; `undefined` where it calls nothing. */
function callToJson(place: LocatedValue): { value: unknown } | undefined {
  const { value, key } = place;
  try {
    if (!callsToJson(value)) return undefined;
    return { value: (value as { toJSON(key: string): unknown }).toJSON(String(key)) };
  } catch (error) {
    throw new Refusal(pointerOf(place), `its toJSON threw: ${messageOf(error)}`);
  }
}

/** Suspects, and whether it is known already that one of them is guilty. */
interface Question {
  readonly list: readonly SuspectValue[];
  readonly isKnown?: true;
}

/** Puts suspects to the probe, many at a time, until each guilty one stands alone. */
function askForSuspects(request: { suspects: readonly SuspectValue[]; probe: Probe; mostQuestions: number }): {
  found: FoundOffence[];
  isEstimate: boolean;
} {
  const { suspects, probe, mostQuestions } = request;
  const found: FoundOffence[] = [];
  let asked = 0;
  const isGuilty = (list: readonly SuspectValue[]): boolean => {
    asked += 1;
    return list.length > 0 && probe.leaves(list.map(({ place }) => place.value));
  };
  const questions: Question[] = [{ list: suspects }];
  for (let question = questions.pop(); question !== undefined; question = questions.pop()) {
    const { list, isKnown } = question;
    if (asked > mostQuestions) {
      countUnasked(list, found);
      continue;
    }
    if (isKnown !== true && !isGuilty(list)) continue;
    const [only] = list;
    if (list.length > 1 || only === undefined) {
      const middle = Math.ceil(list.length / 2);
      questions.push({ list: list.slice(middle) }, { list: list.slice(0, middle) });
      continue;
    }
    const inside = suspectsInside(only.place);
    if (inside.length > 0 && isGuilty(inside)) {
      questions.push({ list: inside, isKnown: true });
      continue;
    }
    asked += 1;
    found.push({ ...only, kind: kindOfGuilty(only.place.value, probe) });
  }
  return { found, isEstimate: asked > mostQuestions };
}

/** So many were windows on longer strings that the strings left are taken for such as well. */
function countUnasked(list: readonly SuspectValue[], found: FoundOffence[]): void {
  const left = [...list];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one.place.value === 'string') found.push({ kind: 'sliced-string', ...one });
    else for (const inner of suspectsInside(one.place)) left.push(inner);
  }
}

function suspectsInside(place: LocatedValue): SuspectValue[] {
  const { value } = place;
  if (typeof value !== 'object' || value === null || types.isBoxedPrimitive(value)) return [];
  const holder = value;
  // Guiltless by the rules, so neither getters nor toJSON are among them.
  return Object.entries(value).flatMap(([key, inner], position) => {
    const worthAsking =
      typeof inner === 'string' ? inner.length >= leastShared : typeof inner === 'object' && inner !== null;
    return worthAsking
      ? [
          {
            holder,
            place: { parent: place, key: Array.isArray(value) ? Number(key) : key, position, value: inner as unknown },
          },
        ]
      : [];
  });
}

/** What a value is that leaves the fast path by itself and breaks no rule. */
function kindOfGuilty(value: unknown, probe: Probe): OffenceKind {
  if (typeof value !== 'string') return types.isBoxedPrimitive(value) ? 'boxed-primitive' : 'unexplained';
  // A rope that was read before has one part, which is a flat string; a window stays what it is.
  const part = flatten?.(value) ?? value;
  return probe.leaves(part) ? 'sliced-string' : 'cons-string';
}
