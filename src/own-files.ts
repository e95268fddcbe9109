/**
 * Where the program's own files lie: TypeScript in a checkout, JavaScript in an installed package.
 *
 * Whatever is found by listing a directory, started as a process or read beside the code is found through this module.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A module that was found by listing its directory. */
export interface ListedModule {
  /** The file's name without its extension. */
  readonly id: string;
  readonly url: string;
}

/** A listed module with its default export. */
export interface ImportedModule<T> extends ListedModule {
  readonly content: T;
}

/** How a command of this program is called from here: `npx wirebench gate`, or the checkout's own script. */
export function invocationOf(command: string): string {
  if (isInstalled) return `npx wirebench ${command}`;
  return `npx -y pnpm@12 bench:${command === 'run' ? 'json' : command}`;
}

/** Of modules that can be imported as they are; declarations (`.d.ts`) are none. */
const moduleName = /(?<!\.d)\.(?:ts|js|mjs)$/;

/**
 * The nearest directory upwards that has a package.json, as a URL that ends in a slash; never `dist`, which has none.
 */
export const packageRoot: URL = findPackageRoot();

/** What the program is called and which version of it runs, as its package.json has it. */
export function readManifest(): PackageManifest {
  return JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as PackageManifest;
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  /** Of the published package, whose peers accept any version: those that the program wants (.pnpmfile.mjs). */
  readonly optionalPackages?: Readonly<Record<string, string>>;
}

/** True where the program was installed as a package, false in its own checkout. */
export const isInstalled: boolean = fileURLToPath(packageRoot).split(path.sep).includes('node_modules');

/**
 * Modules of one directory, sorted by id; of a directory below it nothing.
 * @param directory URL ending in a slash.
 * @throws {Error} where the directory cannot be read.
 */
export function listModules(directory: URL): ListedModule[] {
  return readdirSync(fileURLToPath(directory))
    .filter((name) => moduleName.test(name))
    .map((name) => ({ id: name.replace(moduleName, ''), url: new URL(name, directory).href }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The default exports of a directory's modules with their ids, sorted by id.
 * @param directory URL ending in a slash. @param only its id, where one of them is enough.
 * @returns an empty list where none has that id.
 * @throws {Error} where a module has no default export or does not load.
 */
export function importModules<T>(directory: URL, only?: string): Promise<ImportedModule<T>[]> {
  return Promise.all(
    listModules(directory)
      .filter(({ id }) => only === undefined || id === only)
      .map(async (listed) => {
        const module = (await import(listed.url)) as { default?: T };
        if (module.default === undefined)
          throw new Error(`${path.basename(fileURLToPath(listed.url))} has no default export`);
        return { id: listed.id, url: listed.url, content: module.default };
      }),
  );
}

/**
 * The file of a module beside another one, with the extension that the other one has.
 * @param name without extension; @param beside the other module's `import.meta.url`.
 */
export function siblingModule(name: string, beside: string): string {
  return fileURLToPath(new URL(`${name}${path.extname(fileURLToPath(beside))}`, beside));
}

function findPackageRoot(): URL {
  let directory = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory);
  return pathToFileURL(directory + path.sep);
}
