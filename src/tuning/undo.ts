/**
 * Gives settings the values that they had before they were applied, and leaves alone what somebody has changed since.
 */
import type { UndoneSetting, UndoRecord, UndoSetting } from '../model/tuning.ts';
import { readUndo, removeUndo, writeUndo } from '../store/undo-file.ts';
import { UserError } from '../user-error.ts';
import { refuseOrdinaryUsers } from './apply.ts';
import type { Host } from './host.ts';
import { readSettingText, refuseOtherSystems, settingFile, tellFailure } from './reading.ts';
import { refuseOtherNetwork } from './undo-record.ts';

/**
 * What was restored leaves the undo file, and the file goes with the last of it.
 * @param options.changes `keep` leaves alone what is neither as it was applied nor as it was before; `force` restores it.
 * @returns in the opposite order of applying, so that ports are still reserved while the range is wide.
 * @throws {UserError} for a user who may not, a system that is not Linux, and an undo file that is missing, broken or of
 *   another network namespace.
 */
export function undoSettings(
  host: Host,
  { undoFile, changes }: { readonly undoFile: string; readonly changes: 'keep' | 'force' },
): UndoneSetting[] {
  const record = requireUndo(host, undoFile);
  const undone = record.settings.toReversed().map((setting) => undoSetting(host, setting, changes));
  keepRest(record, { undone, undoFile });
  return undone;
}

/** What undoSettings would go by, before anything is touched. @throws {UserError} as it does. */
export function requireUndo(host: Host, undoFile: string): UndoRecord {
  refuseOtherSystems(host);
  refuseOrdinaryUsers(host, 'undo');
  const record = readUndo(undoFile);
  if (record === undefined) {
    throw new UserError(`cannot undo: there is no ${undoFile}, so nothing was applied`, {
      hint: 'name the file that was used with --undo-file',
    });
  }
  refuseOtherNetwork(record, { host, file: undoFile });
  return record;
}

function undoSetting(host: Host, { name, before, applied }: UndoSetting, changes: 'keep' | 'force'): UndoneSetting {
  const found = readSettingText(host, name);
  if (found.status !== 'read') {
    return { name, before, outcome: found.status === 'not here' ? 'not here' : 'not restored', reason: found.problem };
  }
  if (found.text === before) return { name, before, now: before, outcome: 'as before' };
  if (changes === 'keep' && !applied.includes(found.text)) {
    const reason = `somebody has set it since; --force restores ${before === '' ? 'that there was none' : before}`;
    return { name, before, now: found.text, outcome: 'changed since', reason };
  }
  try {
    host.write(settingFile(name), `${before}\n`);
  } catch (error) {
    return { name, before, now: found.text, outcome: 'not restored', reason: tellFailure(error) };
  }
  return { name, before, now: before, outcome: 'restored' };
}

function keepRest(
  record: UndoRecord,
  { undone, undoFile }: { undone: readonly UndoneSetting[]; undoFile: string },
): void {
  const isDone = new Set(
    undone.flatMap(({ name, outcome }) => (outcome === 'restored' || outcome === 'as before' ? [name] : [])),
  );
  const rest = record.settings.filter(({ name }) => !isDone.has(name));
  if (rest.length === 0) removeUndo(undoFile);
  else writeUndo(undoFile, { ...record, settings: rest });
}
