/**
 * Placeholders in requests: `{tools.id}`, `{new}`, `{kept.id}`. What they stand for: src/model/users.ts.
 */
import type { UserStep, UserTask } from '../../model/users.ts';
import type { JsonValue } from '../../model/values.ts';

const placeholder = /\{([A-Za-z]+(?:\.[A-Za-z]+)?)\}/g;

/** What a name stands for. @throws where it stands for nothing. */
export type Lookup = (name: string) => JsonValue;

/** Steps are data that stays as it is, and each is filled thousands of times a minute. */
const known = new WeakMap<UserStep, readonly string[]>();

/** Names of the placeholders of a step, each once. */
export function placeholdersOf(step: UserStep): readonly string[] {
  const names = known.get(step) ?? findPlaceholders(step);
  known.set(step, names);
  return names;
}

function findPlaceholders({ path, headers, body }: UserStep): string[] {
  const texts = [path, ...Object.values(headers ?? {}), body === undefined ? '' : JSON.stringify(body)];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(placeholder)].map(([, name]) => name as string)))];
}

/** Names of the pools that a task draws from. */
export function poolsOf({ steps }: UserTask): string[] {
  const names = steps.flatMap((step) => placeholdersOf(step).map((name) => name.split('.') as [string, string?]));
  return [...new Set(names.flatMap(([pool, field]) => (field === undefined || pool === 'kept' ? [] : [pool])))];
}

/** The step with values in place of names; itself where it has none. In paths they are encoded. */
export function fillStep(step: UserStep, lookup: Lookup): UserStep {
  if (placeholdersOf(step).length === 0) return step;
  const { path, headers, body, ...rest } = step;
  const encode: Lookup = (name) => encodeURIComponent(textOf(lookup(name)));
  return {
    ...rest,
    path: fillText(path, encode),
    ...(headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, fillText(text, lookup)])) }),
    ...(body === undefined ? {} : { body: fillValue(body, lookup) }),
  };
}

/** A text that is nothing but a placeholder becomes the value, whatever it is. */
function fillValue(value: JsonValue, lookup: Lookup): JsonValue {
  if (typeof value === 'string') {
    const [match] = value.matchAll(placeholder);
    return match?.[0] === value ? lookup(match[1] as string) : fillText(value, lookup);
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, lookup));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillValue(item, lookup)]));
}

function fillText(text: string, lookup: Lookup): string {
  return text.replaceAll(placeholder, (_whole, name: string) => textOf(lookup(name)));
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
