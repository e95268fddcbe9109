/**
 * Joins shards of one plan, which several machines measured, into one run.
 *
 * Each group keeps its machine's figures as they are: no ratio, and no interval, is formed across machines. Machines may
 * differ; code, runtime, packages and what was asked for may not. A shard may have more rounds than another, since
 * rounds may be added to each of them.
 */
import { isDeepStrictEqual } from 'node:util';

import { nameGroup } from '../compare/cells.ts';
import { joinNoise } from '../compare/measure-noise.ts';
import { nameShard } from '../compare/shards.ts';
import type { MicroCell } from '../model/cell.ts';
import type { Run, ShardPart } from '../model/run.ts';
import type { PlannedShard, RunPlan } from '../model/run-plan.ts';
import { differingFields } from '../store/environment.ts';
import { UserError } from '../user-error.ts';
import { differingCode } from './differing-code.ts';

/** A run with its place, as messages have it. */
export interface PlacedRun {
  readonly place: string;
  readonly run: Run;
}

/** True for what `--shard` measured, also for the only one of one. */
export function isShard({ plan, shards }: Run): boolean {
  return plan?.shard !== undefined && shards === undefined;
}

/**
 * @param placed at least one, each a shard; in any order.
 * @returns the run with what is missing said in `shards`; cells have the order of the plan.
 * @throws {UserError} where they are not of one plan, or two are the same shard.
 */
export function joinShards(placed: readonly PlacedRun[]): Run {
  const parts = placed.map(readPart).toSorted((a, b) => a.shard.index - b.shard.index);
  const [first, ...others] = parts as [Part, ...Part[]];
  for (const other of others) refuseOtherPlan(first, other);
  refuseOverlap(parts);
  const { shard, options, ...plan } = first.plan;
  const { shard: _own, ...common } = options;
  const order = new Map(shard.groups.map((group, index) => [group, index]));
  const cells = parts
    .flatMap(({ run }) => run.cells)
    .toSorted((a, b) => (order.get(nameGroup(a.id)) ?? 0) - (order.get(nameGroup(b.id)) ?? 0));
  const warnings = parts.flatMap((part) =>
    (part.run.warnings ?? []).map((text) => `shard ${nameShard(part.shard)}: ${text}`),
  );
  const noise = joinNoise(parts.map(({ run }) => run));
  const metrics = new Map(parts.flatMap(({ run }) => run.metrics).map((info) => [`${info.source} ${info.name}`, info]));
  return {
    ...first.run,
    startedAt: parts.map(({ run }) => run.startedAt).toSorted()[0] as string,
    durationMs: parts.reduce((sum, { run }) => sum + run.durationMs, 0),
    ...(parts.some(({ run }) => run.interrupted === true) ? { interrupted: true } : {}),
    metrics: [...metrics.values()].toSorted((a, b) => a.order - b.order),
    cells,
    ...(warnings.length === 0 ? {} : { warnings }),
    plan: { ...plan, options: common },
    shards: { of: shard.of, parts: parts.map(toShardPart) },
    ...(noise === undefined ? {} : { noise }),
  };
}

interface Part extends PlacedRun {
  readonly plan: RunPlan & { readonly shard: PlannedShard };
  readonly shard: PlannedShard;
}

function readPart({ place, run }: PlacedRun): Part {
  const { plan } = run;
  if (plan?.shard === undefined) throw new Error(`${place} is no shard`);
  return { place, run, plan: { ...plan, shard: plan.shard }, shard: plan.shard };
}

function toShardPart({ run, shard }: Part): ShardPart {
  const { startedAt, durationMs, environment, cells } = run;
  return { index: shard.index, startedAt, durationMs, environment, groups: groupsOf(cells) };
}

function groupsOf(cells: readonly MicroCell[]): string[] {
  return [...new Set(cells.map(({ id }) => nameGroup(id)))];
}

const apart =
  'join shards of one run only: give each run a name of its own, as in before=PATH after=PATH, or its shards a directory';

function refuseOtherPlan(first: Part, other: Part): void {
  const refuse = (what: string): UserError =>
    new UserError(`cannot join '${first.place}' with '${other.place}': ${what}`, { hint: apart });
  if (first.shard.of !== other.shard.of)
    throw refuse(`they are shards ${nameShard(first.shard)} and ${nameShard(other.shard)}, of different divisions`);
  const code = differingCode(first.plan.code, other.plan.code);
  if (code.length > 0) throw refuse(`they were measured with different code: ${code.join('; ')} differ`);
  const environments = [first.run.environment, other.run.environment] as const;
  const software = differingFields(...environments).filter((field) => !machineFields.has(field));
  if (software.length > 0) throw refuse(`they were measured with different software: ${software.join(', ')} differ`);
  const asked = differingOptions(first, other);
  if (asked.length > 0) throw refuse(`they are shards of different plans: ${asked.join(', ')} differ`);
  if (!isDeepStrictEqual(first.shard.groups, other.shard.groups))
    throw refuse('they are shards of different plans: one has groups that the other lacks');
}

/** What tells machines apart; everything else of an environment is software, which a table has in one version. */
const machineFields: ReadonlySet<string> = new Set(['os', 'arch', 'cpuModel', 'cores']);

/** Options as they are typed, of which the number of forks and the shard itself may differ. */
function differingOptions(first: Part, other: Part): string[] {
  const [a, b] = [askedOf(first), askedOf(other)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = names.filter((name) => !isDeepStrictEqual(a[name], b[name]));
  // The selection is made of options, which say it better.
  const told = differing.filter((name) => name !== 'selection');
  return told.length > 0 ? told : differing;
}

function askedOf({ run: { seed, profile }, plan: { options, selection, sample } }: Part): Record<string, unknown> {
  // A document may lie elsewhere on another machine: its content counts.
  const { forks: _forks, shard: _shard, sample: _path, schema: _schemaPath, ...same } = options;
  return { ...same, seed, profile, selection, sample: sample?.sha256 };
}

/** Two shards of one plan never share a group unless they are the same one, or a file was changed. */
function refuseOverlap(parts: readonly Part[]): void {
  const owners = new Map<string, Part>();
  for (const part of parts) {
    const twin = parts.find(({ shard }) => shard.index === part.shard.index) as Part;
    if (twin !== part) {
      throw new UserError(
        `cannot join '${twin.place}' with '${part.place}': both are shard ${nameShard(part.shard)}, with the same groups`,
        { hint: `leave one of them out, or ${apart.replace(/^[^:]*: /, '')}` },
      );
    }
    for (const group of groupsOf(part.run.cells)) {
      const owner = owners.get(group);
      if (owner !== undefined) {
        throw new UserError(`cannot join '${owner.place}' with '${part.place}': both have the group ${group}`, {
          hint: 'one of the files was changed; measure that shard again',
        });
      }
      owners.set(group, part);
    }
  }
}
