/**
 * What the reference page has of users, and how it is here: tables of classes, presets and settings of a host, made of
 * what the program itself uses, so that they cannot say anything else.
 */
import type { UserClass, UserWait } from '../../model/users.ts';
import type { Block } from '../document.ts';
import { left, right, tabulate } from '../parts/table.ts';
import { formatCount, formatDuration, formatPlural, nothing } from '../quantities.ts';

export function tabulateKnownClasses(classes: readonly UserClass[]): Block {
  const weight = (value: number | undefined): string => (value === undefined ? nothing : formatCount(value));
  return tabulate(classes, {
    columns: [
      left('class', ({ name }) => name),
      left('who that is', ({ title }) => title),
      right("page's weight", ({ weights }) => weight(weights.page)),
      right("weight in the page's code", ({ weights }) => weight(weights.contextforge)),
      left('wait', ({ wait }) => tellWait(wait)),
      left('tasks with weights', ({ tasks }) => tasks.map((task) => `${task.name} ${task.weight}`).join(', ')),
    ],
  });
}

export function tellWait(wait: UserWait): string {
  if (wait.kind === 'between') return `${wait.minSeconds} to ${wait.maxSeconds} s`;
  return `${formatPlural(wait.tasksPerSec, 'task')} a second`;
}

export interface PageCommandRow {
  readonly page: string;
  readonly here: string;
  /** Path of the test that does it. */
  readonly test: string;
}

/** @param rows whose tests exist. */
export function tabulatePageCommands(rows: readonly PageCommandRow[]): Block {
  return tabulate(rows, {
    columns: [
      left('the page says', ({ page }) => page),
      left('here', ({ here }) => ({ text: here, code: true })),
      left('', () => ({ text: 'works', tone: 'good' })),
      left('a test does it', ({ test }) => ({ text: test, code: true })),
    ],
  });
}

export interface PresetRow {
  readonly name: string;
  readonly summary: string;
  readonly users: number;
  readonly spawnRatePerSec: number;
  readonly runTimeMs?: number;
}

export function tabulatePresets(presets: readonly PresetRow[]): Block {
  return tabulate(presets, {
    columns: [
      left('preset', ({ name }) => name),
      left('for', ({ summary }) => summary),
      right('users', ({ users }) => formatCount(users)),
      right('more each second', ({ spawnRatePerSec }) => formatCount(spawnRatePerSec)),
      left('time', ({ runTimeMs }) => (runTimeMs === undefined ? 'until Ctrl-C' : formatDuration(runTimeMs))),
    ],
  });
}

export interface SettingRow {
  readonly name: string;
  readonly figures: readonly { readonly wanted: number }[];
  readonly scope: 'namespace' | 'machine';
  readonly why: string;
  readonly note?: string;
}

export function tabulateWantedSettings(settings: readonly SettingRow[]): Block {
  return tabulate(settings, {
    columns: [
      left('setting', ({ name }) => name),
      left('the page wants', ({ figures }) => figures.map(({ wanted }) => `${wanted}`).join(' ')),
      left('what it bounds', ({ why }) => why),
      left('whose', ({ scope }) => (scope === 'namespace' ? 'each network namespace' : 'all of the machine')),
      left('what was found', ({ note }) => note ?? nothing),
    ],
  });
}
