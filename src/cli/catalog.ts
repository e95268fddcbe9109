/**
 * Everything that a selection can name: what bench/ registers, the project's own modules, and recorded payloads.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { WirebenchConfig } from '../config.ts';
import { loadRecorded, recordedPrefix } from '../corpus/recorded.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import { isInstalled, packageRoot } from '../own-files.ts';
import type { Registry } from '../registry.ts';
import { benchRoot, loadRegistry } from '../registry.ts';
import { readConfig } from '../store/config-file.ts';
import { addOwn, loadProjectContenders, loadProjectPayloads } from './project-modules.ts';

/** Where `wirebench record` puts catalogs: the checkout's own place, which git ignores, or that of the user's project. */
export const recordedDirectory: string = path.join(
  isInstalled ? process.cwd() : fileURLToPath(packageRoot),
  'fixtures',
  'recorded',
);

export interface CatalogRequest {
  /** Payload ids; those that start with `recorded/` are read from disk. */
  readonly payloads?: readonly string[];
  /** The bench/ directory; tests pass one of their own. */
  readonly root?: URL;
  /** The project whose `wirebench.config.ts` names modules of its own; without it there are none. */
  readonly directory?: string;
  /** That configuration where it has been read already. */
  readonly config?: WirebenchConfig;
  /** Payloads that come from elsewhere, e.g. from a sample on the command line. */
  readonly extraPayloads?: readonly Registered<Payload>[];
}

/**
 * @throws {UserError} where a recorded payload is missing or broken, or the configuration or a module of the project
 *   cannot be used.
 */
export async function loadCatalog(request: CatalogRequest = {}): Promise<Registry> {
  const builtIn = await loadRegistry(request.root ?? benchRoot);
  const own = await loadOwn(request);
  const recorded = (request.payloads ?? [])
    .filter((id) => id.startsWith(recordedPrefix))
    .map((id) => loadRecorded({ name: id.slice(recordedPrefix.length), directory: recordedDirectory }));
  return {
    ...builtIn,
    contenders: addOwn({ what: 'contender', builtIn: builtIn.contenders, own: own.contenders }),
    payloads: [
      ...addOwn({ what: 'payload', builtIn: builtIn.payloads, own: own.payloads }),
      ...recorded,
      ...(request.extraPayloads ?? []),
    ],
  };
}

/** The npm packages that contenders name, once each, for the fingerprint. */
export function packagesOf(registry: Registry): string[] {
  return [...new Set(registry.contenders.map((contender) => contender.package).filter((name) => name !== null))];
}

async function loadOwn({ directory, config }: CatalogRequest): Promise<Pick<Registry, 'contenders' | 'payloads'>> {
  if (directory === undefined) return { contenders: [], payloads: [] };
  const project = { directory, config: config ?? (await readConfig(directory)) };
  const [contenders, payloads] = await Promise.all([loadProjectContenders(project), loadProjectPayloads(project)]);
  return { contenders, payloads };
}
