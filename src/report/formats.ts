/**
 * Finds the output formats by listing formats/: the file's name is the format's name. Adding a file adds a format.
 */
import { importModules } from '../own-files.ts';
import type { Format, Origin } from './format.ts';

/**
 * Every format by name, names sorted.
 * @throws {Error} where a module has no default export or does not load.
 */
export async function loadFormats(): Promise<ReadonlyMap<string, Format>> {
  const modules = await importModules<Format>(new URL('formats/', import.meta.url));
  return new Map(modules.map(({ id, content }) => [id, content]));
}

/** Those that can show a report. @param origin what the report was made from; `undefined` for neither of them. */
export async function loadFormatsFor(origin: Origin | undefined): Promise<ReadonlyMap<string, Format>> {
  return new Map([...(await loadFormats())].filter(([, { needs }]) => needs === undefined || needs === origin));
}
