/**
 * What differs between the circumstances of several runs, field by field.
 *
 * Lists what a figure depends on besides the code; sizes of memory are left out, since machines of one kind differ in
 * them by a few pages.
 */
import type { Run } from '../model/run.ts';

/** One field of all runs. */
export interface Setting {
  /** As in the run file: `node`, `cpuModel`, `seed`, `packages.ajv`. */
  readonly field: string;
  /** In the order of the runs; `undefined` where a run has no such field. */
  readonly values: readonly (string | undefined)[];
}

/**
 * Fields of the environment, seed and profile, packages last and sorted by name.
 * @param runs any number; of none and of one nothing differs.
 */
export function compareSettings(runs: readonly Run[]): { differing: Setting[]; same: Setting[] } {
  const settings = [...readFields(runs), ...readPackages(runs)];
  const isSame = ({ values }: Setting): boolean => new Set(values).size <= 1;
  return { differing: settings.filter((setting) => !isSame(setting)), same: settings.filter(isSame) };
}

function readFields(runs: readonly Run[]): Setting[] {
  const fields: readonly (readonly [string, (run: Run) => string | undefined])[] = [
    ['node', ({ environment }) => environment.node],
    ['v8', ({ environment }) => environment.v8],
    ['os', ({ environment }) => environment.os],
    ['arch', ({ environment }) => environment.arch],
    ['cpuModel', ({ environment }) => environment.cpuModel],
    ['cores', ({ environment }) => `${environment.cores}`],
    ['commit', ({ environment }) => environment.commit],
    ['profile', ({ profile }) => profile],
    ['seed', ({ seed }) => `${seed}`],
  ];
  return fields.map(([field, read]) => ({ field, values: runs.map(read) }));
}

function readPackages(runs: readonly Run[]): Setting[] {
  const names = new Set(runs.flatMap(({ environment }) => Object.keys(environment.packages)));
  return [...names].toSorted().map((name) => {
    return { field: `packages.${name}`, values: runs.map(({ environment }) => environment.packages[name]) };
  });
}
