/**
 * What each side of a gate contributes: the harness its payloads and suites, baseline and candidate their contenders.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { CheckedOutSide } from '../../gate/checkout.ts';
import type { CellSelection, Contender, Registered } from '../../model.ts';
import type { Registry } from '../../registry.ts';
import { loadContenders } from '../../registry.ts';
import { UserError } from '../../user-error.ts';
import { loadCatalog } from '../catalog.ts';

/** Payloads and suites come from the running program, so that both sides are measured alike. @throws {UserError} where one does not load. */
export async function loadHarness(selections: readonly CellSelection[], root: string): Promise<Registry> {
  const payloads = selections.flatMap((selection) => selection.payloads ?? []);
  try {
    return await loadCatalog({ ...(payloads.length === 0 ? {} : { payloads }), root: directoryUrl(root) });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot load what is to be measured in '${root}': ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'run the gate in a project whose bench/ has contenders, payloads and suites that load',
      cause: error,
    });
  }
}

/**
 * @param benchDirectory relative to the side's directory.
 * @throws {UserError} where the side has no contenders or one does not load.
 */
export async function loadSide({ side, directory }: CheckedOutSide, benchDirectory: string): Promise<Registered<Contender>[]> {
  try {
    return await loadContenders(directoryUrl(path.join(directory, benchDirectory)));
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(directory, '') : String(error);
    throw new UserError(`cannot load the contenders of the ${side.name} (${side.ref}, ${side.commit}): ${why}`, {
      hint: `does ${side.ref} have ${benchDirectory}/contenders? choose another ref`,
      cause: error,
    });
  }
}

/** The packages that contenders name, for the fingerprint. */
export function packagesOf(registry: Registry): string[] {
  return [...new Set(registry.contenders.map((contender) => contender.package).filter((name) => name !== null))];
}

function directoryUrl(directory: string): URL {
  return pathToFileURL(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
