/**
 * What the builders of entities draw from, and how they draw: a value or null, a list, a name.
 */
import type { Generator } from '../../model/payload.ts';
import type { JsonValue } from '../../model/values.ts';

/** What the builders draw from: the generator without the entities, and names that do not repeat. */
export type Source = Pick<Generator, 'integer' | 'chance' | 'pick' | 'prose' | 'datetime' | 'uuid'> & {
  /** The name itself the first time, with a running number after that. */
  unique(name: string): string;
};

export function titleOf(verb: string, noun: string): string {
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${noun}`;
}

export function orNull<T extends JsonValue>(source: Source, probability: number, make: () => T): T | null {
  return source.chance(probability) ? make() : null;
}

export function listOf<T>(length: number, make: () => T): T[] {
  return Array.from({ length }, () => make());
}
