/**
 * What differs between the circumstances of several runs, field by field.
 *
 * Lists what a figure depends on besides the code; sizes of memory are left out, since machines of one kind differ in
 * them by a few pages.
 */
import type { Environment } from '../model/environment.ts';
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
    ['node', (run) => onMachines(run, ({ node }) => node)],
    ['v8', (run) => onMachines(run, ({ v8 }) => v8)],
    ['os', (run) => onMachines(run, ({ os }) => os)],
    ['arch', (run) => onMachines(run, ({ arch }) => arch)],
    ['cpuModel', (run) => onMachines(run, ({ cpuModel }) => cpuModel)],
    ['cores', (run) => onMachines(run, ({ cores }) => `${cores}`)],
    ['commit', (run) => onMachines(run, ({ commit }) => commit)],
    ['profile', ({ profile }) => profile],
    ['seed', ({ seed }) => `${seed}`],
  ];
  return fields.map(([field, read]) => ({ field, values: runs.map(read) }));
}

/** What the machines of a joined run have in different ways stands side by side. */
function onMachines({ environment, shards }: Run, read: (one: Environment) => string | undefined): string | undefined {
  const environments = shards?.parts.map((part) => part.environment) ?? [environment];
  const values = [...new Set(environments.flatMap((one) => read(one) ?? []))].toSorted();
  return values.length === 0 ? undefined : values.join('; ');
}

function readPackages(runs: readonly Run[]): Setting[] {
  const names = new Set(runs.flatMap(({ environment }) => Object.keys(environment.packages)));
  return [...names].toSorted().map((name) => {
    return { field: `packages.${name}`, values: runs.map(({ environment }) => environment.packages[name]) };
  });
}
