/**
 * The lines of a report that say which machines measured a joined run, and which shards are missing.
 */
import { nameGroup } from '../../compare/cells.ts';
import { missingShards, nameShard } from '../../compare/shards.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { JoinedShards, Run, ShardPart } from '../../model/run.ts';
import type { PlannedShard } from '../../model/run-plan.ts';
import { formatList, formatPlural } from '../quantities.ts';
import { tellMachine, tellRuntime } from './environment-lines.ts';

/** `shards 1/4 and 3/4 are`, `shard 2/4 is`. */
function tellShards(indices: readonly number[], shards: Pick<JoinedShards, 'of'>): string {
  const names = indices.map((index) => nameShard({ index, of: shards.of }));
  return names.length === 1 ? `shard ${names[0]} is` : `shards ${formatList(names)} are`;
}

/** One line a kind of machine, with the groups that it measured by suite; none for a run that was not joined. */
export function tellMachines({ shards }: Run): string[] {
  if (shards === undefined) return [];
  const kinds = Map.groupBy(
    shards.parts,
    ({ environment }) => `${tellRuntime(environment)}, ${tellMachine(environment)}`,
  );
  return [...kinds].map(([machine, parts]) => {
    const names = parts.map(({ index }) => nameShard({ index, of: shards.of }));
    return `${names.length === 1 ? 'shard' : 'shards'} ${formatList(names)}, ${machine}: ${tellGroups(parts)}`;
  });
}

/** `shard 1/4: 24 of 96 groups`, of a run that is one itself. */
export function tellOwnShard(shard: PlannedShard, cells: readonly MicroCell[]): string {
  const own = new Set(cells.map(({ id }) => nameGroup(id)));
  return `shard ${nameShard(shard)}: ${own.size} of ${formatPlural(shard.groups.length, 'group')}`;
}

/** `undefined` where nothing is missing. */
export function tellMissing(run: Run): string | undefined {
  const { shards } = run;
  const missing = missingShards(run);
  if (shards === undefined || missing.length === 0) return undefined;
  return `${tellShards(missing, shards)} missing, and with ${missing.length === 1 ? 'it its' : 'them their'} groups`;
}

/** `Imaginary CPU, 2 cores`; of a joined run all that there are. */
export function tellProcessors({ environment, shards }: Run): string {
  const environments = shards?.parts.map((part) => part.environment) ?? [environment];
  const processors = environments.map(({ cpuModel, cores }) => `${cpuModel}, ${formatPlural(cores, 'core')}`);
  return formatList([...new Set(processors)]);
}

/** `24 groups (serialize 16, parse 8)`. */
function tellGroups(parts: readonly ShardPart[]): string {
  const groups = parts.flatMap((part) => part.groups);
  const bySuite = Map.groupBy(groups, (group) => group.split('/')[0] ?? group);
  const suites = [...bySuite].map(([suite, own]) => `${suite} ${own.length}`);
  return `${formatPlural(groups.length, 'group')} (${suites.join(', ')})`;
}
