/**
 * Everything that a selection can name: what bench/ registers, and the recorded payloads that were asked for.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadRecorded, recordedPrefix } from '../corpus/recorded.ts';
import { isInstalled, packageRoot } from '../own-files.ts';
import type { Registry } from '../registry.ts';
import { benchRoot, loadRegistry } from '../registry.ts';

/** Where `wirebench record` puts catalogs: the checkout's own place, which git ignores, or that of the user's project. */
export const recordedDirectory: string = path.join(isInstalled ? process.cwd() : fileURLToPath(packageRoot), 'fixtures', 'recorded');

/**
 * @param request.payloads payload ids; those that start with `recorded/` are read from disk.
 * @param request.benchRoot the bench/ directory; tests pass one of their own.
 * @throws {UserError} where a recorded payload is missing or broken.
 */
export async function loadCatalog(request: { payloads?: readonly string[]; root?: URL } = {}): Promise<Registry> {
  const registry = await loadRegistry(request.root ?? benchRoot);
  const recorded = (request.payloads ?? [])
    .filter((id) => id.startsWith(recordedPrefix))
    .map((id) => loadRecorded({ name: id.slice(recordedPrefix.length), directory: recordedDirectory }));
  return { ...registry, payloads: [...registry.payloads, ...recorded] };
}
