/**
 * Shards of one plan: what they are called, and which of a joined run are missing.
 */
import type { JoinedShards, Run } from '../model/run.ts';
import type { Shard } from '../model/run-plan.ts';

/** As on the command line: `1/4`. */
export function nameShard({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Indices of the shards that a joined run lacks, ascending; of any other run none. */
export function missingShards({ shards }: Pick<Run, 'shards'>): number[] {
  return shards === undefined ? [] : missingFrom(shards);
}

function missingFrom({ of, parts }: JoinedShards): number[] {
  const present = new Set(parts.map(({ index }) => index));
  return Array.from({ length: of }, (_, position) => position + 1).filter((index) => !present.has(index));
}
