/**
 * Every cause planted alone deep inside a catalog of 1,000 tools is named with its pointer, and what is no cause is
 * not.
 *
 * The witness is V8 itself and no clock: a value that leaves the fast path cannot be written behind an array nested
 * deeper than the stack allows (src/choose/fast-path/probe.ts). So a V8 that changes its mind about a rule fails here.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { kinds } from '../../../src/choose/fast-path/kinds.ts';
import type { OffenceKind } from '../../../src/model/explanation.ts';
import { plantedPointer } from '../../fixtures/explain/planted.ts';

interface Surveyed {
  readonly found: readonly { readonly kind: OffenceKind; readonly pointer: string }[];
  readonly runtimeHasFastPath: boolean;
  readonly takesFastPath?: boolean;
  readonly isEstimate: boolean;
  readonly cleanedLeaves: boolean;
  readonly keptLeaves?: boolean;
  readonly addedCharacters: number;
  readonly refusal?: { readonly pointer: string; readonly reason: string };
}

const child = fileURLToPath(new URL('survey-child.ts', import.meta.url));

function runChild(...flags: string[]): Record<string, Surveyed> {
  const output = execFileSync(process.execPath, ['--allow-natives-syntax', '--expose-gc', ...flags, child], {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  return JSON.parse(output) as Record<string, Surveyed>;
}

const surveys = runChild();

function surveyOf(name: string): Surveyed {
  const surveyed = surveys[name];
  if (surveyed === undefined) throw new Error(`the child surveyed no ${name}`);
  return surveyed;
}

const expected: Record<string, OffenceKind> = {
  proxy: 'proxy',
  date: 'date',
  ownToJson: 'to-json',
  inheritedToJson: 'to-json',
  keyToJson: 'to-json',
  getKey: 'reserved-name',
  stringTag: 'reserved-name',
  frozenArray: 'frozen-array',
  sealedArray: 'frozen-array',
  fixedArray: 'frozen-array',
  sparseArray: 'sparse-array',
  map: 'built-in',
  set: 'built-in',
  regExp: 'built-in',
  error: 'built-in',
  typedArray: 'built-in',
  rawJson: 'raw-json',
  symbolObject: 'boxed-primitive',
  method: 'function',
  noPrototype: 'no-prototype',
  otherRealm: 'other-realm',
  otherRealmArray: 'other-realm',
  classInstance: 'class-instance',
  arraySubclass: 'class-instance',
  ownPrototype: 'class-instance',
  indexedKeys: 'indexed-keys',
  deletedKey: 'dictionary-mode',
  manyKeys: 'dictionary-mode',
  getter: 'accessor',
  rope: 'cons-string',
  randomId: 'cons-string',
  readRope: 'cons-string',
  slice: 'sliced-string',
  splitPart: 'sliced-string',
  formerIndex: 'unexplained',
};

const harmless = [
  'clean',
  'holes',
  'frozenObject',
  'symbolKey',
  'symbolValue',
  'hiddenGetter',
  'boxes',
  'otherScript',
  'joined',
  'internedRope',
];

/** What the remedies say to do instead. */
const remedied = ['copiedSlice', 'copiedArray', 'spreadInstance', 'spreadPlain', 'spreadGetter', 'entries'];

describe('a catalog with one thing planted in item 700', () => {
  it.each(Object.entries(expected))('that is %s has one offence, %s, at its exact pointer', (name, kind) => {
    expect(surveyOf(name).found).toEqual([{ kind, pointer: plantedPointer }]);
  });

  it.each(Object.keys(expected))("that is %s leaves the fast path by V8's own word", (name) => {
    expect(surveyOf(name).takesFastPath).toBe(false);
  });

  it.each(Object.keys(expected))(
    'that is %s stays on the fast path once it is cleaned, and writes a text of about the same size',
    (name) => {
      expect(surveyOf(name).cleanedLeaves).toBe(false);
      expect(Math.abs(surveyOf(name).addedCharacters)).toBeLessThan(20);
    },
  );

  it.each(Object.keys(expected))('that is %s leaves it again where that kind alone is kept', (name) => {
    expect(surveyOf(name).keptLeaves).toBe(true);
  });

  it.each([...harmless, ...remedied])('that is %s has no offence and stays on the fast path', (name) => {
    expect(surveyOf(name)).toMatchObject({ found: [], takesFastPath: true });
  });

  it('covers every kind that there is', () => {
    expect([...new Set(Object.values(expected))].toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  it('is refused with its pointer for a BigInt', () => {
    expect(surveyOf('bigint').refusal).toEqual({
      pointer: plantedPointer,
      reason: 'it is a BigInt, which JSON does not have',
    });
  });
});

describe('a survey', () => {
  it('lists several offences in the order of writing', () => {
    const lines = surveyOf('several').found.map(({ kind, pointer }) => `${kind} ${pointer}`);
    expect(lines).toEqual([
      'sliced-string /10/planted',
      'cons-string /300/planted',
      'cons-string /301/planted',
      'date /400/planted',
      'class-instance /401/planted',
      'sliced-string /999/planted',
    ]);
  });

  it('reaches the bottom of 3,000 levels', () => {
    expect(surveyOf('deepDate').found).toEqual([{ kind: 'date', pointer: '/in'.repeat(3000) }]);
  });

  it('knows that the fast path goes deeper than the general serializer could', () => {
    expect(surveyOf('deepClean')).toMatchObject({ found: [], takesFastPath: true });
  });

  it('refuses a cycle where it closes', () => {
    expect(surveyOf('cycle').refusal).toEqual({
      pointer: '/a~1b/0',
      reason: 'it holds itself, and JSON has no cycles',
    });
  });

  it('counts an object that stands in two places twice, since it is written twice', () => {
    expect(surveyOf('sharedTwice').found.map(({ pointer }) => pointer)).toEqual(['/0/when', '/1/when']);
  });

  it('names the whole value with the empty pointer', () => {
    expect(surveyOf('bareDate').found).toEqual([{ kind: 'date', pointer: '' }]);
  });

  it('refuses a getter and a toJSON that throw, with what they said', () => {
    expect(surveyOf('throwingGetter').refusal).toEqual({ pointer: '/0/a', reason: 'reading it threw: not today' });
    expect(surveyOf('throwingToJson').refusal).toEqual({ pointer: '/a', reason: 'its toJSON threw: not today either' });
  });

  it('goes on in what a toJSON gives', () => {
    expect(surveyOf('insideToJson').found).toEqual([
      { kind: 'to-json', pointer: '/a' },
      { kind: 'frozen-array', pointer: '/a/list' },
    ]);
  });

  it('escapes keys in pointers', () => {
    expect(surveyOf('escapedKey').found).toEqual([{ kind: 'date', pointer: '/a~1b~0c' }]);
  });

  it('finds every one of many windows on longer strings', () => {
    const { found } = surveyOf('manySlices');
    expect(found.map(({ pointer }) => pointer)).toEqual(Array.from({ length: 500 }, (_, index) => `/${index}/text`));
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['sliced-string']));
    expect(surveyOf('manySlices').isEstimate).toBe(false);
  });

  it('counts windows without asking for each where there are too many, says so, and still cleans them all', () => {
    expect(surveyOf('slicesUnasked')).toMatchObject({ isEstimate: true, takesFastPath: false, cleanedLeaves: false });
    expect(surveyOf('slicesUnasked').found).toHaveLength(500);
  });
});

describe('a runtime whose fast path is switched off', () => {
  const switchedOff = runChild('--no-json-stringify-fast-path');

  it('is recognized as one without', () => {
    expect(Object.values(surveys).filter(({ runtimeHasFastPath }) => runtimeHasFastPath).length).toBeGreaterThan(30);
    expect(Object.values(switchedOff).filter(({ runtimeHasFastPath }) => runtimeHasFastPath)).toEqual([]);
  });

  it('still gets what rules find', () => {
    expect(switchedOff['date']?.found).toEqual([{ kind: 'date', pointer: plantedPointer }]);
    expect(switchedOff['rope']?.found).toEqual([{ kind: 'cons-string', pointer: plantedPointer }]);
  });
});
