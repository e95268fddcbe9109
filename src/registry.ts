/**
 * Finds what bench/ contributes by listing its directories: the file's name is the id.
 *
 * A contender, a payload or a suite is added by adding its file and nowhere else. Contenders import their libraries
 * inside `load`, so listing them costs nothing and a library that does not install takes only its own rows with it.
 * Deliberately absent: any list of names.
 */
import type { Contender, Payload, Registered, Suite } from './model.ts';
import { importModules } from './own-files.ts';

/** Everything that a plan can be made of; each list sorted by id, suites by `order`. */
export interface Registry {
  readonly contenders: readonly Registered<Contender>[];
  readonly payloads: readonly Registered<Payload>[];
  readonly suites: readonly Registered<Suite>[];
}

/** The project's own bench/ directory, as a URL that ends in a slash. */
export const benchRoot: URL = new URL('../bench/', import.meta.url);

/**
 * Imports every module under `contenders/`, `payloads/` and `suites/`.
 * @param root directory URL ending in a slash; tests pass one of their own.
 * @throws {Error} where a module has no default export or does not load.
 */
export async function loadRegistry(root: URL = benchRoot): Promise<Registry> {
  const [contenders, payloads, suites] = await Promise.all([
    loadModules<Contender>(new URL('contenders/', root)),
    loadModules<Payload>(new URL('payloads/', root)),
    loadModules<Suite>(new URL('suites/', root)),
  ]);
  return { contenders, payloads, suites: suites.toSorted((a, b) => a.order - b.order) };
}

/** The contenders of another bench/ directory. @throws what a module throws that does not load. */
export function loadContenders(root: URL): Promise<Registered<Contender>[]> {
  return loadModules<Contender>(new URL('contenders/', root));
}

async function loadModules<T extends object>(directory: URL): Promise<Registered<T>[]> {
  const modules = await importModules<T>(directory);
  return modules.map(({ id, url, content }) => ({ ...content, id, url }));
}
