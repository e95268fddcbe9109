/**
 * Sets what a load asks for: nothing gets worse unless that is asked for, and what was before is written down first.
 *
 * What cannot be set is named, and the rest is set all the same.
 */
import type { AppliedSetting, CheckedValue, UndoRecord } from '../model/tuning.ts';
import { readUndo, writeUndo } from '../store/undo-file.ts';
import { UserError } from '../user-error.ts';
import { checkSettings } from './check.ts';
import { standingOf, takeBetter, toPlainText, toText, wantedText } from './figures.ts';
import type { Host } from './host.ts';
import { findListeningPorts, showPorts } from './ports.ts';
import {
  readReservedPorts,
  readSetting,
  readSettingText,
  refuseOtherSystems,
  settingFile,
  tellFailure,
} from './reading.ts';
import { portRange, reservedPortsName, type Setting, settings } from './settings.ts';
import { placeOf, recordChanges, refuseOtherNetwork } from './undo-record.ts';

/** How values are chosen, for now and for every start. */
export interface TargetOptions {
  /** `keep` leaves alone what is better than wanted; `force` sets exactly what is wanted. */
  readonly better: 'keep' | 'force';
  /** To be kept free beside those that servers listen on. */
  readonly reservedPorts: readonly number[];
}

export interface ApplyOptions extends TargetOptions {
  readonly users: number;
  /** `namespace` leaves alone what all of the machine shares. */
  readonly scope: 'machine' | 'namespace';
  readonly undoFile: string;
  /** Of the undo file, ISO 8601. */
  readonly startedAt: string;
}

/** What is to be done about a setting. */
type Step =
  | { readonly name: string; readonly to: 'set'; readonly before: string; readonly target: string; reason?: string }
  | { readonly name: string; readonly to: Exclude<AppliedSetting['outcome'], 'set'>; before?: string; reason?: string };

/**
 * The caller sees to it that nobody else applies at the same time.
 * @returns the reserved ports first, since they have to be kept free before the range is widened.
 * @throws {UserError} for a user who may not, a system that is not Linux, and an undo file that cannot be written or
 *   belongs to another network namespace; nothing is set then.
 */
export function applySettings(host: Host, options: ApplyOptions): AppliedSetting[] {
  refuseOtherSystems(host);
  refuseOrdinaryUsers(host, 'apply settings');
  const steps = planSteps(host, options);
  const changes = steps.filter((step) => step.to === 'set');
  if (changes.length === 0) return describeSteps(host, { steps, failures: new Map(), users: options.users });
  const earlier = readUndo(options.undoFile);
  if (earlier !== undefined) refuseOtherNetwork(earlier, { host, file: options.undoFile });
  const begun: UndoRecord = earlier ?? {
    tuneVersion: 1,
    savedAt: options.startedAt,
    ...placeOf(host),
    settings: [],
  };
  const record = recordChanges(begun, changes);
  writeUndo(options.undoFile, record);
  const failures = new Map<string, string>();
  for (const { name, target } of changes) {
    try {
      host.write(settingFile(name), `${target}\n`);
    } catch (error) {
      failures.set(name, tellFailure(error));
    }
  }
  keepRoundedValues(host, { record, changes, file: options.undoFile });
  return describeSteps(host, { steps, failures, users: options.users });
}

/** @param what as in `cannot apply settings`. */
export function refuseOrdinaryUsers(host: Host, what: string): void {
  if (host.userId === 0) return;
  throw new UserError(`cannot ${what}: only root may`, { hint: 'run the same command with sudo' });
}

/** What a setting is to be, and why that is not simply what is wanted. */
export function chooseTarget(
  now: { readonly text: string; readonly figures: readonly number[] },
  { setting, better }: { setting: Setting; better: TargetOptions['better'] },
): { readonly target: string; readonly reason?: string } {
  const wanted = wantedText(setting.figures);
  if (better === 'force') return { target: wanted };
  // What stays is taken as text, since no number holds the highest values exactly.
  const isBelow = standingOf(now.figures, setting.figures) === 'below';
  const target = isBelow ? toText(takeBetter(now.figures, setting.figures)) : now.text;
  if (target === wanted) return { target };
  const part = setting.figures.length === 1 ? '' : ' in part';
  return { target, reason: `it was better than ${wanted}${part} already; --force sets exactly that` };
}

/** Every port that is to be kept free: those that are now, those that were asked for, and those of servers. */
export function chooseReservedPorts(
  host: Host,
  { range, reservedPorts }: { range: readonly number[]; reservedPorts: readonly number[] },
): { readonly before: string; readonly target: string } | { readonly problem: string; readonly isHere: boolean } {
  const reading = readReservedPorts(host);
  if (reading.status !== 'read') return { problem: reading.problem, isHere: reading.status !== 'not here' };
  const [from = 0, to = 0] = range;
  const ofServers = findListeningPorts(host).filter((port) => port >= from && port <= to);
  const target = showPorts([...reading.figures, ...reservedPorts, ...ofServers]);
  const isSame = target === showPorts(reading.figures);
  return { before: reading.text, target: isSame ? reading.text : target };
}

function planSteps(host: Host, options: ApplyOptions): Step[] {
  const own = settings.map((setting) => planStep(host, setting, options));
  const range = own.find(({ name }) => name === portRange.name);
  const widened = range?.to === 'set' ? range.target : (range?.before ?? '');
  return [planReservedPorts(host, { range: widened.split(' ').map(Number), options }), ...own];
}

function planStep(host: Host, setting: Setting, { better, scope }: ApplyOptions): Step {
  const { name } = setting;
  const reading = readSetting(host, setting);
  const shared = setting.scope === 'machine' && scope === 'namespace';
  if (reading.status === 'not here') return { name, to: 'not here', reason: reading.problem };
  if (shared) {
    const before = reading.status === 'read' ? { before: reading.text } : {};
    return { name, to: 'left alone', ...before, reason: 'all of the machine shares it' };
  }
  if (reading.status !== 'read') return { name, to: 'not set', reason: reading.problem };
  const { target, reason } = chooseTarget(reading, { setting, better });
  const before = reading.text;
  const told = reason === undefined ? {} : { reason };
  if (target !== before) return { name, to: 'set', before, target, ...told };
  return { name, to: reason === undefined ? 'as wanted' : 'kept', before, ...told };
}

function planReservedPorts(host: Host, { range, options }: { range: readonly number[]; options: ApplyOptions }): Step {
  const name = reservedPortsName;
  const chosen = chooseReservedPorts(host, { range, reservedPorts: options.reservedPorts });
  if ('problem' in chosen) return { name, to: chosen.isHere ? 'not set' : 'not here', reason: chosen.problem };
  const { before, target } = chosen;
  return before === target ? { name, to: 'as wanted', before } : { name, to: 'set', before, target };
}

/** The kernel may round a value or cut it off; what it made of it has to be known as ours, too. */
function keepRoundedValues(
  host: Host,
  { record, changes, file }: { record: UndoRecord; changes: readonly { name: string; before: string }[]; file: string },
): void {
  const made = changes.flatMap(({ name, before }) => {
    const now = readSettingText(host, name);
    return now.status === 'read' && now.text !== before ? [{ name, before, target: now.text }] : [];
  });
  const rounded = made.filter(({ name, target }) => {
    return record.settings.find((setting) => setting.name === name)?.applied.includes(target) !== true;
  });
  if (rounded.length > 0) writeUndo(file, recordChanges(record, rounded));
}

function describeSteps(
  host: Host,
  { steps, failures, users }: { steps: readonly Step[]; failures: ReadonlyMap<string, string>; users: number },
): AppliedSetting[] {
  const checked = new Map<string, CheckedValue>(checkSettings(host, users).map((value) => [value.name, value]));
  return steps.map((step): AppliedSetting => {
    const now = readSettingText(host, step.name);
    const failure = step.to === 'set' ? (failures.get(step.name) ?? tellOtherValue(step, now)) : undefined;
    const outcome = failure === undefined ? step.to : 'not set';
    const reason = failure ?? step.reason;
    return {
      name: step.name,
      ...(step.before === undefined ? {} : { before: step.before }),
      ...(now.status === 'read' ? { now: now.text } : {}),
      outcome,
      ...(reason === undefined ? {} : { reason }),
      isTooLow: outcome === 'not set' ? mayBeTooLow(checked.get(step.name)) : checked.get(step.name)?.isTooLow === true,
    };
  });
}

/** What says nothing that anybody understands may be too low wherever it has to do with the number of users. */
function mayBeTooLow(value: CheckedValue | undefined): boolean {
  if (value === undefined || value.standing !== 'unknown') return value?.isTooLow === true;
  return settings.some(({ name, carries }) => name === value.name && carries !== undefined);
}

function tellOtherValue({ target }: { target: string }, now: ReturnType<typeof readSettingText>): string | undefined {
  if (now.status !== 'read') return now.problem;
  return toPlainText(target) === now.text ? undefined : `the kernel took ${target} and made ${now.text} of it`;
}
