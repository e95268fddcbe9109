/**
 * What a load of users is asked to be: options, then variables of the environment, then the preset.
 */
import { availableParallelism } from 'node:os';

import { InvalidArgumentError } from '@commander-js/extra-typings';

import type { WeightedUserClass, WeightTable } from '../../model/users.ts';
import type { Registry } from '../../registry/registry.ts';
import { chooseClasses } from '../../users/choose-classes.ts';
import { defaultPreset, presets } from '../../users/presets.ts';
import { unknownName, UserError } from '../../user-error.ts';

/** Options of the command that say what the load is. */
export interface LoadOptions {
  readonly class?: readonly string[] | undefined;
  readonly users?: number | undefined;
  readonly spawnRate?: number | undefined;
  readonly runTime?: number | 'endless' | undefined;
  readonly processes?: number | undefined;
  readonly host?: string | undefined;
  readonly weights: WeightTable;
}

export interface AskedLoad {
  readonly preset: string | undefined;
  readonly weights: WeightTable;
  readonly classes: readonly WeightedUserClass[];
  readonly users: number;
  readonly spawnRatePerSec: number;
  readonly runTimeMs: number | undefined;
  readonly processes: number;
  readonly host: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where `wirebench stack` and `wirebench gateway` listen. */
const defaultHost = 'http://127.0.0.1:4444';

/** Variables that stand for options which were not given. */
const variables = {
  host: 'LOADTEST_HOST',
  users: 'LOADTEST_USERS',
  spawnRate: 'LOADTEST_SPAWN_RATE',
  runTime: 'LOADTEST_RUN_TIME',
  processes: 'LOADTEST_PROCESSES',
} as const;

/**
 * @param preset the name that was typed.
 * @throws {UserError} for an unknown preset or class, and a variable whose value cannot be.
 */
export function readLoad(
  preset: string | undefined,
  options: LoadOptions,
  { env, registry }: { env: Env; registry: Pick<Registry, 'users'> },
): AskedLoad {
  const name = preset ?? defaultPreset;
  const base = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (base === undefined) throw unknownName({ what: 'preset', name, choices: Object.keys(presets) });
  const classes = chooseClasses({
    known: registry.users ?? [],
    names: options.class ?? base.classes,
    table: options.weights,
  });
  const runTime = options.runTime ?? readVariable(env, 'runTime', parseRunTime) ?? base.runTimeMs ?? 'endless';
  return {
    preset,
    weights: options.weights,
    classes,
    users: options.users ?? readVariable(env, 'users', parseUsers) ?? base.users,
    spawnRatePerSec: options.spawnRate ?? readVariable(env, 'spawnRate', parseSpawnRate) ?? base.spawnRatePerSec,
    runTimeMs: runTime === 'endless' ? undefined : runTime,
    processes: options.processes ?? readVariable(env, 'processes', parseProcesses) ?? defaultProcesses(),
    host: options.host ?? readVariable(env, 'host', (text) => text) ?? defaultHost,
  };
}

/** All processors but the one that the server may have. */
function defaultProcesses(): number {
  return Math.max(1, availableParallelism() - 1);
}

function readVariable<T>(env: Env, name: keyof typeof variables, parse: (text: string) => T): T | undefined {
  const variable = variables[name];
  const text = env[variable]?.trim();
  if (text === undefined || text === '') return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UserError(`cannot use the variable ${variable}: ${error.message}`, { hint: 'correct it, or unset it' });
  }
}

/** The most that one machine's addresses allow for, in several processes. */
const mostUsers = 1_000_000;

export function parseUsers(text: string): number {
  return parseNumber(text, { most: mostUsers, isWhole: true, what: 'a number of users' });
}

export function parseSpawnRate(text: string): number {
  return parseNumber(text, { most: 100_000, isWhole: false, what: 'a number of users a second' });
}

/** `-1` and `auto`: one for each processor, as Locust has it. */
export function parseProcesses(text: string): number {
  if (text === '-1' || text === 'auto') return availableParallelism();
  return parseNumber(text, { most: 256, isWhole: true, what: 'a number of processes, or auto' });
}

function parseNumber(text: string, { most, isWhole, what }: { most: number; isWhole: boolean; what: string }): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= most) || (isWhole && !Number.isInteger(value)))
    throw new InvalidArgumentError(`'${text}' is not ${what}; at most ${most}`);
  return value;
}

/** Milliseconds of `90`, `90s`, `20m`, `1h30m`, as Locust has them; 0 is a load that somebody has to end. */
export function parseRunTime(text: string): number | 'endless' {
  const [, hours, minutes, seconds, plain] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$|^(\d+)$/.exec(text) ?? [];
  if (text === '' || [hours, minutes, seconds, plain].every((part) => part === undefined))
    throw new InvalidArgumentError(`'${text}' is not a length of time such as 90s, 20m, 1h30m or 300`);
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0) + Number(plain ?? 0);
  return total === 0 ? 'endless' : total * 1000;
}
