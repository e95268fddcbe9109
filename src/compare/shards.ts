/**
 * Shards of one plan: what they are called, which of a joined run are missing, and whose cells are whose.
 */
import type { MicroCell } from '../model/cell.ts';
import type { JoinedShards, Run } from '../model/run.ts';
import type { Shard } from '../model/run-plan.ts';
import { nameGroup } from './cells.ts';

/** As on the command line: `1/4`. */
export function nameShard({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Indices of the shards that a joined run lacks, ascending; of any other run none. */
export function missingShards({ shards }: Pick<Run, 'shards'>): number[] {
  return shards === undefined ? [] : missingFrom(shards);
}

/** Which machine measured a cell of a joined run, by its shard; of any other run it is the same for all. */
export function machineOf({ shards }: Pick<Run, 'shards'>): (cell: Pick<MicroCell, 'id'>) => string {
  const owners = new Map(
    shards?.parts.flatMap(({ index, groups }) => groups.map((group) => [group, `${index}`] as const)),
  );
  return ({ id }) => owners.get(nameGroup(id)) ?? 'the only one';
}

function missingFrom({ of, parts }: JoinedShards): number[] {
  const present = new Set(parts.map(({ index }) => index));
  return Array.from({ length: of }, (_, position) => position + 1).filter((index) => !present.has(index));
}
