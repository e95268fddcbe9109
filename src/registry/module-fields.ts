/**
 * Checks the fields of a project's own contenders and payloads before anything is planned with them.
 */
import { showText } from '../foreign-text.ts';
import { isObject } from '../json.ts';
import type { Capability } from '../model/contender.ts';
import { cannotUse, type OwnFile } from './project-files.ts';
import { profileOrder } from './tiers.ts';

/** What a field must be, in words, and whether it is. */
type FieldCheck = readonly [expected: string, fits: (value: unknown) => boolean];

const text: FieldCheck = ['a text that is not empty', (value) => typeof value === 'string' && value !== ''];
const callable: FieldCheck = ['a function', (value) => typeof value === 'function'];

function oneOf(choices: readonly string[]): FieldCheck {
  return [`one of ${choices.join(', ')}`, (value) => typeof value === 'string' && choices.includes(value)];
}

function listOf(choices: readonly string[]): FieldCheck {
  return [
    `a list of ${choices.join(', ')}`,
    (value) => Array.isArray(value) && value.every((entry) => choices.includes(entry as string)),
  ];
}

function optional([expected, fits]: FieldCheck): FieldCheck {
  return [`${expected}, or left out`, (value) => value === undefined || fits(value)];
}

const capabilities: Readonly<Record<Capability, true>> = {
  'needs-schema': true,
  'compiles-schema': true,
  'drops-unknown-fields': true,
  'skips-escaping-checks': true,
  lossy: true,
  binary: true,
  envelope: true,
  'leaves-text': true,
  'sorts-keys': true,
  partial: true,
  memoizes: true,
  'native-code': true,
  'in-python': true,
};

export const contenderFields: Readonly<Record<string, FieldCheck>> = {
  kind: oneOf(['serialize', 'parse']),
  title: text,
  load: callable,
  package: [
    'the name of an npm package, or null',
    (value) => value === null || (typeof value === 'string' && value !== ''),
  ],
  tier: oneOf(profileOrder),
  capabilities: listOf(Object.keys(capabilities)),
  equality: oneOf(['bytes', 'json', 'round-trip']),
  note: optional(text),
  unsupported: optional(callable),
};

const itemCounts: FieldCheck = [
  'a list of whole numbers of at least 1',
  (value) => Array.isArray(value) && value.length > 0 && value.every((size) => Number.isSafeInteger(size) && size >= 1),
];

export const neededToGenerate: Readonly<Record<string, FieldCheck>> = {
  title: text,
  generate: callable,
  sizes: optional(itemCounts),
};

export const payloadFields: Readonly<Record<string, FieldCheck>> = {
  where: text,
  role: oneOf(['response', 'representation']),
  tier: oneOf(profileOrder),
  sizes: itemCounts,
  variants: [
    'a list of text, native',
    (value) => listOf(['text', 'native'])[1](value) && (value as unknown[]).length > 0,
  ],
  list: [
    'a JSON Pointer, or null',
    (value) => value === null || (typeof value === 'string' && /^(?:\/|$)/.test(value)),
  ],
  schema: ['a JSON Schema', (value) => typeof value === 'string' || isObject(value)],
  frame: optional([
    'an object with the texts prefix and suffix',
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      ['prefix', 'suffix'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string'),
  ]),
  revive: optional(callable),
  unsupported: optional(callable),
};

/** @throws {UserError} for the first field that is not what it must be. */
export function checkFields(file: OwnFile, content: object, fields: Readonly<Record<string, FieldCheck>>): void {
  for (const [name, [expected, fits]] of Object.entries(fields)) {
    const value = (content as Record<string, unknown>)[name];
    if (fits(value)) continue;
    const found = value === undefined ? 'is missing' : `is ${describe(value)}`;
    throw cannotUse(file, { why: `its field '${name}' ${found}`, hint: `${name} is ${expected}` });
  }
}

/** Characters of a wrong value that are shown. Arbitrary: enough to find it. */
const shownCharacters = 60;

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  try {
    return showText(JSON.stringify(value).slice(0, shownCharacters));
  } catch {
    return 'a value without JSON text';
  }
}
