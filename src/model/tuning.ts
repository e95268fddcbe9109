/**
 * How a host stands to a load, and what was done about it: settings of the kernel, and descriptors of a process.
 *
 * Values are texts as the kernel writes them, several figures with a blank between them, so that nothing is rounded.
 */

/** Whether a network namespace has a value of its own, as a container does, or all of the machine shares one. */
export type SettingScope = 'namespace' | 'machine';

/** A value of the host beside the wanted one, and beside what the load asks of it. */
export interface CheckedValue {
  /** As sysctl calls it; of descriptors in words. */
  readonly name: string;
  /** Absent where it cannot be read. */
  readonly now?: string;
  /** Why it cannot be read. */
  readonly problem?: string;
  readonly wanted: string;
  /** `beyond` is better than wanted; `below` is worse in one figure at least. */
  readonly standing: 'below' | 'as wanted' | 'beyond' | 'unknown';
  /** Users, with a connection each, up to which it is enough; absent where it has nothing to do with their number. */
  readonly carriesUsers?: number;
  /** Which users these are, where it is not enough that they have a connection, as in `who leave at once`. */
  readonly assumes?: string;
  /** True where it carries fewer users than the load has. */
  readonly isTooLow: boolean;
  /** Absent for what every process has of its own. */
  readonly scope?: SettingScope;
  /** What it bounds, without a full stop. */
  readonly why: string;
  /** What is not to be expected of it; sentences. */
  readonly note?: string;
}

export interface HostCheck {
  readonly users: number;
  readonly values: readonly CheckedValue[];
  /** Ports that servers listen on and that no setting keeps free, as the kernel writes them; empty for none. */
  readonly unreservedPorts: string;
}

/** Open files, sockets among them: each is a descriptor of a process and an entry in the machine's table. */
export interface DescriptorLimits {
  /** Of this process, and of programs that it starts. */
  readonly soft: number;
  /** Up to where a process may raise its soft limit by itself. */
  readonly hard: number;
  /** The highest limit that any process can be given (`fs.nr_open`); absent where it cannot be read. */
  readonly most?: number;
  /** Entries in the machine's table (`fs.file-max`), and how many are used; absent where they cannot be read. */
  readonly ofMachine?: number;
  readonly openOnMachine?: number;
  /** Users, with a connection each, that a process with the soft limit has room for. */
  readonly carriesUsers: number;
}

/** What became of a setting: `left alone` is shared by the machine, and only the namespace's were to be set. */
export interface AppliedSetting {
  readonly name: string;
  readonly before?: string;
  readonly now?: string;
  readonly outcome: 'set' | 'as wanted' | 'kept' | 'not here' | 'not set' | 'left alone';
  /** Why it is not as wanted. */
  readonly reason?: string;
  /** True where it is too low for the load now, or could not be set and may be. */
  readonly isTooLow: boolean;
}

/** What became of a setting that had been applied. */
export interface UndoneSetting {
  readonly name: string;
  /** What it was before it was applied. */
  readonly before: string;
  readonly now?: string;
  readonly outcome: 'restored' | 'as before' | 'changed since' | 'not here' | 'not restored';
  readonly reason?: string;
}

/** What is needed to undo: written before the first setting is. */
export interface UndoRecord {
  readonly tuneVersion: 1;
  /** ISO 8601, of the first setting in it. */
  readonly savedAt: string;
  /** Of the machine's start, after which settings are as they were; empty where the system does not say. */
  readonly boot: string;
  /** The network namespace that it belongs to, as the kernel names it; empty where the system does not say. */
  readonly network: string;
  /** In the order in which they were set. */
  readonly settings: readonly UndoSetting[];
}

export interface UndoSetting {
  readonly name: string;
  readonly before: string;
  /** Every value that was set, or was about to be set; any other one is somebody else's. */
  readonly applied: readonly string[];
}
