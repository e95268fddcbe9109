/**
 * Everything that a selection can name: what bench/ registers, and the recorded payloads that were asked for.
 */
import { fileURLToPath } from 'node:url';

import { loadRecorded, recordedPrefix } from '../corpus/recorded.ts';
import type { Registry } from '../registry.ts';
import { benchRoot, loadRegistry } from '../registry.ts';

/** Where `wirebench record` puts catalogs; git ignores it. */
export const recordedDirectory: string = fileURLToPath(new URL('../../fixtures/recorded/', import.meta.url));

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
