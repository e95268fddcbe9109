/**
 * Everything that a selection can name: what bench/ registers, the project's own modules, and recorded payloads.
 */
import type { WirebenchConfig } from '../config.ts';
import { loadRecorded, recordedDirectoryOf, recordedPrefix } from '../corpus/recorded.ts';
import type { Registered } from '../model/bench-module.ts';
import type { Payload } from '../model/payload.ts';
import type { Registry } from './registry.ts';
import { loadRegistry } from './registry.ts';
import { readConfig } from '../store/config-file.ts';
import { addOwn, loadProjectContenders, loadProjectPayloads } from './project-modules.ts';

export interface RegistryRequest {
  /** The project: its `wirebench.config.ts` names modules of its own, and it may hold recordings. */
  readonly directory: string;
  /** Its configuration where it has been read already; an empty one leaves the project's own modules out. */
  readonly config?: WirebenchConfig;
  /** Payload ids; those that start with `recorded/` are read from disk. */
  readonly payloads?: readonly string[];
  /** The bench/ directory; tests pass one of their own. */
  readonly root?: URL;
  /** Payloads that come from elsewhere, e.g. from a sample on the command line. */
  readonly extraPayloads?: readonly Registered<Payload>[];
}

/**
 * @throws {UserError} where a recorded payload is missing or broken, or the configuration or a module of the project
 *   cannot be used.
 */
export async function loadCatalog(request: RegistryRequest): Promise<Registry> {
  const { directory, payloads = [], root, extraPayloads = [] } = request;
  const builtIn = await loadRegistry(root);
  const project = { directory, config: request.config ?? (await readConfig(directory)) };
  const [ownContenders, ownPayloads] = await Promise.all([
    loadProjectContenders(project),
    loadProjectPayloads(project),
  ]);
  return {
    ...builtIn,
    contenders: addOwn({ what: 'contender', builtIn: builtIn.contenders, own: ownContenders }),
    payloads: [
      ...addOwn({ what: 'payload', builtIn: builtIn.payloads, own: ownPayloads }),
      ...loadNamedRecordings(payloads, directory),
      ...extraPayloads,
    ],
  };
}

/**
 * The recorded catalogs among payload ids, once each.
 * @param directory the project's. @throws {UserError} where one is missing or broken.
 */
export function loadNamedRecordings(ids: readonly string[], directory: string): Registered<Payload>[] {
  return [...new Set(ids)]
    .filter((id) => id.startsWith(recordedPrefix))
    .map((id) => loadRecorded({ name: id.slice(recordedPrefix.length), directory: recordedDirectoryOf(directory) }));
}

/** The npm packages that contenders name, once each, for the fingerprint. */
export function packagesOf({ contenders }: Pick<Registry, 'contenders'>): string[] {
  return [...new Set(contenders.map((contender) => contender.package).filter((name) => name !== null))];
}
