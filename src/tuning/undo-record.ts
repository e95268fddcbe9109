/**
 * What is written down before anything is set: where it belongs, and the first value of everything that was ours.
 */
import type { UndoRecord, UndoSetting } from '../model/tuning.ts';
import { UserError } from '../user-error.ts';
import { type Host, readQuietly } from './host.ts';

/** The start of the machine and the network namespace that settings belong to. */
export function placeOf(host: Host): Pick<UndoRecord, 'boot' | 'network'> {
  return {
    boot: readQuietly(host, '/proc/sys/kernel/random/boot_id')?.trim() ?? '',
    network: host.readLink('/proc/self/ns/net') ?? '',
  };
}

/**
 * A network namespace may have any name after the next start, so that only names of one start tell two apart.
 * @throws {UserError} where the record is of another one that may still be there.
 */
export function refuseOtherNetwork(record: UndoRecord, { host, file }: { host: Host; file: string }): void {
  const here = placeOf(host);
  if (record.boot !== here.boot || record.network === here.network) return;
  throw new UserError(`cannot use ${file}: it keeps the settings of another network namespace`, {
    hint: 'name another file with --undo-file',
  });
}

/**
 * The record with changes that are about to be made.
 *
 * A setting that is as it was set, or as it was before, keeps its first value. One that somebody else has changed since
 * gets the value that they gave it.
 */
export function recordChanges(
  record: UndoRecord,
  changes: readonly { readonly name: string; readonly before: string; readonly target: string }[],
): UndoRecord {
  const known = new Map<string, UndoSetting>(record.settings.map((setting) => [setting.name, setting]));
  for (const { name, before, target } of changes) {
    const earlier = known.get(name);
    const isOurs = earlier !== undefined && (earlier.before === before || earlier.applied.includes(before));
    const kept = isOurs ? earlier : { name, before, applied: [] };
    known.set(name, { ...kept, applied: [...new Set([...kept.applied, target])] });
  }
  return { ...record, settings: [...known.values()] };
}
