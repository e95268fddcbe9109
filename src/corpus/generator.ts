/**
 * The seeded source of every generated payload: random numbers and the entities built from them.
 *
 * The same seed gives the same values on every machine: numbers come from a Mersenne Twister in integer arithmetic,
 * and nothing here reads a clock, a locale or `Math.random`, or calls a function whose last digit an engine may choose
 * (sine, logarithm). The entities stand in entities/, the texts in prose.ts.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

import type { Generator } from '../model/payload.ts';
import { buildExportEntity } from './entities/exported.ts';
import { buildGateway, buildMcpTool, buildServer, buildTool } from './entities/listed.ts';
import type { Source } from './entities/source.ts';
import { writeProse } from './prose.ts';

/**
 * First and last day of generated datetimes; arbitrary, three years that all have four-digit years and one leap day.
 */
const FIRST_DAY_MS = Date.UTC(2023, 0, 1);
const DAYS = 1096;
const DAY_MS = 86_400_000;
/** Resolution of `chance`: finer than any probability that the entities use. */
const CHANCE_STEPS = 1_000_000;

/**
 * A generator that remembers only its position and the names it has given out.
 * @param seed an integer; seeds that differ by a multiple of 2^32 are the same.
 * @throws {RangeError} where the seed is not a safe integer.
 */
export function createGenerator(seed: number): Generator {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is an integer, not ${seed}`);
  const random = mersenne(seed | 0);
  const timesGiven = new Map<string, number>();

  const integer = (min: number, max: number): number => uniformInt(random, min, max);
  const chance = (probability: number): boolean => integer(1, CHANCE_STEPS) <= probability * CHANCE_STEPS;
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new RangeError('there is nothing to pick from');
    return choices[integer(0, choices.length - 1)] as T;
  };
  const source: Source = {
    integer,
    chance,
    pick,
    prose: (length) => writeProse({ integer, chance, pick }, length),
    datetime: () => new Date(FIRST_DAY_MS + integer(0, DAYS - 1) * DAY_MS + integer(0, DAY_MS - 1)).toISOString(),
    uuid: () => writeUuid(integer),
    unique: (name) => {
      const times = (timesGiven.get(name) ?? 0) + 1;
      timesGiven.set(name, times);
      return times === 1 ? name : `${name}_${times}`;
    },
  };
  return {
    ...source,
    tool: () => buildTool(source),
    server: () => buildServer(source),
    gateway: () => buildGateway(source),
    mcpTool: () => buildMcpTool(source),
    exportEntity: (kind) => buildExportEntity(source, kind),
  };
}

/** Version 4 and the RFC's variant in their fixed bits, the other 122 bits random. */
function writeUuid(integer: Generator['integer']): string {
  const quad = (min: number, max: number): string => integer(min, max).toString(16).padStart(4, '0');
  const any = (): string => quad(0, 0xffff);
  return `${any()}${any()}-${any()}-${quad(0x4000, 0x4fff)}-${quad(0x8000, 0xbfff)}-${any()}${any()}${any()}`;
}
