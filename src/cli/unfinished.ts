/**
 * Refuses to go on with an earlier session where something else would be measured than what it began with.
 *
 * An option that would change the plan is never ignored: what was given on the command line has to be what the earlier
 * session was planned with.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Environment } from '../model/environment.ts';
import { differingCode } from '../runs/differing-code.ts';
import { differingFields } from '../store/environment.ts';
import type { MeasuredCode, PlannedOptions } from '../model/run-plan.ts';
import type { JournalFile } from '../store/journal-file.ts';
import { UserError } from '../user-error.ts';

/** How a message says what is gone on with. */
export interface Going {
  readonly cannot: string;
  readonly earlier: string;
  readonly instead: string;
}

export const resuming: Going = {
  cannot: 'cannot resume',
  earlier: 'the unfinished run',
  instead: 'start a new run without --resume',
};

export const adding: Going = {
  cannot: 'cannot add rounds',
  earlier: 'the run to add to',
  instead: 'start a new run in another --out',
};

/** @throws {UserError} where the directory's session is not finished, so that nothing can be added to it. */
export function refuseUnfinished({ has }: Pick<JournalFile<never, never>, 'has'>, directory: string): void {
  if (!has(directory)) return;
  throw new UserError(`cannot add rounds to the run in ${directory}: it is not finished`, {
    hint: 'go on with it by --resume first',
  });
}

/** @throws {UserError} where figures of both would stand in one table although something else was measured. */
export function refuseOtherEnvironment(earlier: Environment, now: Environment, going: Going): void {
  const differing = differingFields(earlier, now);
  if (differing.length === 0) return;
  throw new UserError(`${going.cannot}: ${going.earlier} was measured elsewhere: ${differing.join(', ')} differ`, {
    hint: going.instead,
  });
}

/**
 * @param earlier absent in journals of versions that did not record it.
 * @throws {UserError} where figures of two versions of the code would stand in one table.
 */
export function refuseOtherCode(earlier: MeasuredCode | undefined, now: MeasuredCode, going: Going): void {
  const hint = `go back to that code, or show it with \`wirebench report\` and ${going.instead}`;
  if (earlier === undefined) {
    throw new UserError(
      `${going.cannot}: ${going.earlier} was begun by a version of wirebench that did not record with which code`,
      { hint },
    );
  }
  const differing = differingCode(earlier, now);
  if (differing.length === 0) return;
  throw new UserError(
    `${going.cannot}: ${going.earlier} was measured with other code: ${differing.join('; ')} differ`,
    {
      hint,
    },
  );
}

/** Options that a session is planned with, and those of them that were given on the command line. */
export interface GivenOptions {
  /** As commander has parsed them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Names as in `options`. */
  readonly given: ReadonlySet<string>;
  /** Names of those that say how the command goes on and not what is measured, e.g. `out`. */
  readonly free: readonly string[];
}

/** What a journal keeps of the options, defaults included. */
export function plannedOptions({ options, free }: Pick<GivenOptions, 'options' | 'free'>): PlannedOptions {
  const planned = Object.entries(options).filter(([name, value]) => !free.includes(name) && value !== undefined);
  return JSON.parse(JSON.stringify(Object.fromEntries(planned))) as PlannedOptions;
}

/**
 * @param earlier absent in journals of versions that did not record it, which are refused for their code.
 * @throws {UserError} where an option was given that the unfinished run was not planned with.
 */
export function refuseOtherOptions(
  earlier: PlannedOptions | undefined,
  { options, given, free }: GivenOptions,
  going: Going,
): void {
  for (const [name, value] of Object.entries(plannedOptions({ options, free }))) {
    if (!given.has(name) || isDeepStrictEqual(value, earlier?.[name])) continue;
    const then = earlier?.[name] === undefined ? 'without it' : `with ${showOption(name, earlier[name])}`;
    throw new UserError(`${going.cannot} with ${showOption(name, value)}: ${going.earlier} was planned ${then}`, {
      hint: `leave out --${toFlag(name)}, or ${going.instead}`,
    });
  }
}

function showOption(name: string, value: unknown): string {
  return value === true ? `--${toFlag(name)}` : `--${toFlag(name)} ${showValue(value)}`;
}

/** As it is typed: a list with commas, pairs as `name=value`. */
function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key}=${String(each)}`)
    .join(',');
}

function toFlag(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
