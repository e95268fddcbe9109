/**
 * What arguments of a command line stand for: a run each, of which the shards are joined, whether they were named one by
 * one or by the directory that holds them.
 */
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Surroundings } from '../model/surroundings.ts';
import type { Registry } from '../registry/registry.ts';
import { UserError } from '../user-error.ts';
import { isShard, joinShards } from './join-shards.ts';
import { locateRuns } from './locate-runs.ts';
import type { NamedArgument } from './name-runs.ts';
import { type KnownRun, NothingWhole, readFinishedOrNot } from './read-run.ts';

/** An argument with the runs behind it. */
interface ReadArgument {
  readonly argument: NamedArgument;
  /** One, or the shards of a directory. */
  readonly parts: readonly Part[];
  readonly isDirectoryOfShards: boolean;
  /** Of shards that are left out. */
  readonly warnings: readonly string[];
}

interface Part {
  /** As messages have it. */
  readonly label: string;
  readonly known: KnownRun;
}

/** A run with the argument that it is named by. */
export type GivenRun = NamedArgument & KnownRun;

/**
 * One run an argument; of a directory of shards, or of a single one, the run that they make.
 * @param argument as `readNamedArgument` has it.
 * @throws {UserError} where it cannot be read, or is a directory of runs that are no shards of one.
 */
export async function readGivenRun(argument: NamedArgument, surroundings: Surroundings): Promise<GivenRun> {
  return join([await readArgument(argument, surroundings)]);
}

/**
 * Runs in the order of the arguments. Shards of one name are joined, and so are those that were named by their path
 * only.
 * @throws {UserError} where one cannot be read, is named twice, or does not fit to the shards it is joined with.
 */
export async function readGivenRuns(
  args: readonly NamedArgument[],
  surroundings: Surroundings,
): Promise<[GivenRun, ...GivenRun[]]> {
  refuseSamePlace(args);
  const read: ReadArgument[] = [];
  // One after the other, so that the message of the first that cannot be read is the one that is shown.
  for (const argument of args) read.push(await readArgument(argument, surroundings));
  refuseSameContent(read.flatMap(({ parts }) => parts));
  const units = Map.groupBy(read, ({ argument: { name }, parts, isDirectoryOfShards }) => {
    const isJoined = parts.every(({ known }) => isShard(known.run)) && !(isDirectoryOfShards && name === undefined);
    return isJoined ? (name ?? joinedWithoutName) : Symbol('a run of its own');
  });
  return [...units.values()].map((own) => join(own as [ReadArgument, ...ReadArgument[]])) as [GivenRun, ...GivenRun[]];
}

const joinedWithoutName = Symbol('shards without a name');

async function readArgument(argument: NamedArgument, surroundings: Surroundings): Promise<ReadArgument> {
  const { target, typed } = argument;
  const places = locateRuns(target);
  const isDirectoryOfShards = places[0] !== target;
  const parts: Part[] = [];
  const empty: NothingWhole[] = [];
  for (const place of places) {
    const label = isDirectoryOfShards ? path.join(argument.given, path.basename(place)) : typed;
    const known = await readFinishedOrNot(place, surroundings).catch((error: unknown) => {
      // A shard that came to nothing is a missing one, and is told as that.
      if (!isDirectoryOfShards || !(error instanceof NothingWhole)) throw error;
      empty.push(error);
      return undefined;
    });
    if (known === undefined) continue;
    if (isDirectoryOfShards && !isShard(known.run)) {
      throw new UserError(`cannot read a run in '${argument.given}': it has none itself, and '${label}' is no shard`, {
        hint: `name the run that you mean, e.g. ${label}`,
      });
    }
    parts.push({ label, known });
  }
  const [first] = empty;
  if (parts.length === 0 && first !== undefined) throw first;
  return { argument, parts, isDirectoryOfShards, warnings: empty.map(({ message }) => message) };
}

function join(read: readonly [ReadArgument, ...ReadArgument[]]): GivenRun {
  const parts = read.flatMap((one) => one.parts) as [Part, ...Part[]];
  const [{ known }] = parts;
  const run = isShard(known.run)
    ? joinShards(parts.map((part) => ({ place: part.label, run: part.known.run })))
    : known.run;
  return {
    ...nameJoined(read.map(({ argument }) => argument) as [NamedArgument, ...NamedArgument[]]),
    run,
    registry: mergeRegistries(parts.map((part) => part.known)),
    warnings: [...new Set([...read.flatMap((one) => one.warnings), ...parts.flatMap((part) => part.known.warnings)])],
  };
}

/** By the directory that holds all of them, where there is one. */
function nameJoined(args: readonly [NamedArgument, ...NamedArgument[]]): NamedArgument {
  const [first] = args;
  const parent = path.dirname(first.place);
  if (args.length === 1 || args.some(({ place }) => path.dirname(place) !== parent)) return first;
  return { ...first, given: path.dirname(first.given), target: parent, place: parent };
}

/** Of payloads with the same id, such as samples, the first one speaks for all: a report only shows their titles. */
export function mergeRegistries(known: readonly Pick<KnownRun, 'registry'>[]): Registry {
  const [{ registry }] = known as [KnownRun, ...KnownRun[]];
  const payloads = new Map(
    known
      .flatMap((one) => one.registry.payloads)
      .toReversed()
      .map((payload) => [payload.id, payload]),
  );
  return { ...registry, payloads: [...payloads.values()] };
}

/** A file that is named twice, perhaps once through its directory or a link. */
function refuseSamePlace(args: readonly NamedArgument[]): void {
  const resolved = args.map(({ place }) =>
    statSync(place, { throwIfNoEntry: false }) === undefined ? place : realpathSync(place),
  );
  resolved.forEach((place, index) => {
    const earlier = resolved.indexOf(place);
    if (earlier < index) throw sameRun(args[earlier]?.typed, args[index]?.typed);
  });
}

/** A copy is the same run, and would agree with itself perfectly. */
function refuseSameContent(parts: readonly Part[]): void {
  const contents = parts.map(({ known }) => JSON.stringify(known.run));
  contents.forEach((content, index) => {
    const earlier = contents.indexOf(content);
    if (earlier < index) throw sameRun(parts[earlier]?.label, parts[index]?.label);
  });
}

function sameRun(first: string | undefined, second: string | undefined): UserError {
  return new UserError(`cannot compare '${first}' with '${second}': they are the same run`, {
    hint: 'name each run once',
  });
}
