/**
 * Parsers of option values that several commands share; each says what is wrong with the value it got.
 */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import ms from 'ms';

import type { Profile } from '../model/bench-module.ts';
import type { CellSelection } from '../model/cell.ts';
import type { Shard } from '../model/run-plan.ts';
import type { Sink, Variant } from '../model/values.ts';

/** What the options that narrow the cells down are parsed into. */
export interface SelectionOptions {
  readonly suite?: readonly string[] | undefined;
  readonly contender?: readonly string[] | undefined;
  readonly payload?: readonly string[] | undefined;
  readonly items?: readonly number[] | undefined;
  readonly variant?: readonly Variant[] | undefined;
  readonly sink?: readonly Sink[] | undefined;
  readonly reference?: readonly 'python'[] | undefined;
}

/** The profile that two flags name, which exclude each other. */
export function profileOf({ quick, thorough }: { quick?: true | undefined; thorough?: true | undefined }): Profile {
  return quick === true ? 'quick' : thorough === true ? 'thorough' : 'standard';
}

/** Any seed will do; one that everybody starts from makes runs comparable. */
export const defaultSeed = 1;

/** A seed: a whole number of 31 bits. */
export const parseSeed: (text: string) => number = parseWhole({ min: 0, max: 2 ** 31 - 1 });

/** A port to listen on; 0 is any that is free. */
export const parsePort: (text: string) => number = parseWhole({ min: 0, max: 65_535 });

/** The selection that these options make; without fields where none was given. */
export function readSelection({
  suite,
  contender,
  payload,
  items,
  variant,
  sink,
  reference,
}: SelectionOptions): CellSelection {
  return {
    ...(suite === undefined ? {} : { suites: suite }),
    ...(contender === undefined ? {} : { contenders: contender }),
    ...(payload === undefined ? {} : { payloads: payload }),
    ...(items === undefined ? {} : { items: items.toSorted((a, b) => a - b) }),
    ...(variant === undefined ? {} : { variants: variant }),
    ...(sink === undefined ? {} : { sinks: sink }),
    ...(reference === undefined ? {} : { references: reference }),
  };
}

/** Splits `a,b,c`; empty parts are refused. */
export function parseList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new InvalidArgumentError('expected a comma-separated list without empty parts');
  return [...new Set(parts)];
}

/** Item counts: whole numbers of at least 1. */
export function parseItems(text: string): number[] {
  return parseList(text).map((part) => {
    const items = Number(part);
    if (!Number.isSafeInteger(items) || items < 1) {
      throw new InvalidArgumentError(`'${part}' is not an item count, which is a whole number of at least 1`);
    }
    return items;
  });
}

/** A list whose parts come from a fixed set. */
export function parseChoices<T extends string>(choices: readonly T[]): (text: string) => T[] {
  return (text) =>
    parseList(text).map((part) => {
      const choice = choices.find((candidate) => candidate === part);
      if (choice === undefined) throw new InvalidArgumentError(`'${part}' is not one of ${choices.join(', ')}`);
      return choice;
    });
}

/** A whole number within bounds. */
export function parseWhole(bounds: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(number) || number < bounds.min || number > bounds.max) {
      throw new InvalidArgumentError(`'${text}' is not a whole number from ${bounds.min} to ${bounds.max}`);
    }
    return number;
  };
}

/** A part of a plan, as `--shard` takes it. */
export function parseShard(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  const choices = of >= 1 ? `; of ${of} there are 1/${of} to ${of}/${of}` : '';
  throw new InvalidArgumentError(`'${text}' is not a shard such as 1/4, the first of four${choices}`);
}

/** A length of time with its unit, in milliseconds. */
export function parseTime(text: string): number {
  // ms throws on an empty text.
  const milliseconds = text === '' ? undefined : (ms(text as ms.StringValue) as number | undefined);
  if (milliseconds === undefined || !(milliseconds > 0) || /^[\d.]+$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' is not a length of time such as 90s, 5m or 1h`);
  }
  return milliseconds;
}

/** A percentage above 0 and below 100, as a share. */
export function parsePercent(text: string): number {
  const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (!(percent > 0 && percent < 100)) throw new InvalidArgumentError(`'${text}' is not a percentage such as 5%`);
  return percent / 100;
}
