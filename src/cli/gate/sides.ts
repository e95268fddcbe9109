/**
 * What each side of a gate contributes: the harness its payloads and suites, baseline and candidate their contenders.
 *
 * There are two kinds of projects. A checkout of wirebench has everything in its own bench/; a project that has
 * wirebench installed gets the built-in contenders from the version that each side has installed, and payloads and
 * suites from the program that runs. Both may name modules of their own in their configuration.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { CheckedOutSide } from '../../gate/checkout.ts';
import { findPackage } from '../../gate/install.ts';
import type { CellSelection, Contender, Registered } from '../../model.ts';
import { readManifest } from '../../own-files.ts';
import type { Registry } from '../../registry.ts';
import { benchRoot, loadContenders } from '../../registry.ts';
import { readConfig } from '../../store/config-file.ts';
import { UserError } from '../../user-error.ts';
import { loadCatalog } from '../catalog.ts';
import { addOwn, loadProjectContenders } from '../project-modules.ts';

/** The project whose two versions are compared. */
export interface GateProject {
  readonly directory: string;
  /** The bench/ directory relative to the project, on all sides; of no account where wirebench is installed. */
  readonly benchDirectory: string;
}

/** Payloads and suites come from the running program, so that both sides are measured alike. @throws {UserError} where one does not load. */
export async function loadHarness(selections: readonly CellSelection[], project: GateProject): Promise<Registry> {
  const { directory, benchDirectory } = project;
  const payloads = selections.flatMap((selection) => selection.payloads ?? []);
  const own = path.resolve(directory, benchDirectory);
  const isInstalledHere = findInstalled({ directory, checkout: path.parse(directory).root }) !== undefined;
  try {
    return await loadCatalog({
      directory,
      ...(payloads.length === 0 ? {} : { payloads }),
      root: isInstalledHere ? benchRoot : directoryUrl(own),
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot load what is to be measured in '${own}': ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'run the gate in a project that has wirebench installed, or whose bench/ has contenders, payloads and suites that load',
      cause: error,
    });
  }
}

/**
 * The side's contenders: those that its version of wirebench has, and its own.
 * @param benchDirectory relative to the side's directory.
 * @throws {UserError} where the side has no contenders or one does not load.
 */
export async function loadSide({ side, directory, checkout }: CheckedOutSide, benchDirectory: string): Promise<Registered<Contender>[]> {
  const root = findInstalled({ directory, checkout }) ?? path.join(directory, benchDirectory);
  try {
    const builtIn = await loadContenders(directoryUrl(root));
    const own = await loadProjectContenders({ config: await readConfig(directory), directory });
    return addOwn({ what: 'contender', builtIn, own });
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(directory, '') : String(error);
    const hint = error instanceof UserError ? error.hint : undefined;
    throw new UserError(`cannot load the contenders of the ${side.name} (${side.ref}, ${side.commit}): ${why}`, {
      hint: hint ?? `does ${side.ref} have wirebench installed, or ${benchDirectory}/contenders? choose another ref`,
      cause: error,
    });
  }
}

/** The bench/ directory of the wirebench that a project has installed: built, or as a linked checkout has it. */
function findInstalled(place: { directory: string; checkout: string }): string | undefined {
  const installed = findPackage(readManifest().name, place);
  if (installed === undefined) return undefined;
  const built = path.join(installed, 'dist', 'bench');
  return existsSync(built) ? built : path.join(installed, 'bench');
}

function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
