/**
 * Finds the output formats by listing formats/: the file's name is the format's name.
 *
 * A format is added by adding its file and nowhere else. Deliberately absent: any list of names, and writing.
 */
import type { Run } from '../model/run.ts';
import { importModules } from '../own-files.ts';
import type { Document } from './document.ts';

/** Where a rendered document will be read; a format that has no use for an option ignores it. */
export interface RenderOptions {
  /** Whether control codes for colour may be written. */
  readonly color: boolean;
  /** Width of the reader's screen in characters. */
  readonly columns: number;
  /** The runs behind the document, for formats that are made of cells; absent where it is about something else. */
  readonly runs?: readonly NamedRun[];
}

/** A run with the name that tells it from others in the same report. */
export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

/** What a file under formats/ exports as its default. */
export interface Format {
  /** Of a file in this format, without a dot. */
  readonly extension: string;
  /** True where it is made of cells, so that nothing but runs can be shown in it. */
  readonly needsRuns?: true;
  /**
   * The whole document as text that ends in a newline.
   * @throws {UserError} where it needs runs and there are none.
   */
  render(document: Document, options: RenderOptions): string | Promise<string>;
}

/**
 * Every format of a document by name, names sorted.
 * @throws {Error} where a module has no default export or does not load.
 */
export function loadFormats(): Promise<ReadonlyMap<string, Format>> {
  return listFormats<Format>(new URL('formats/', import.meta.url));
}

/**
 * The default exports of a directory's modules by file name, names sorted.
 * @param directory URL ending in a slash.
 * @throws {Error} where a module has no default export or does not load.
 */
export async function listFormats<T>(directory: URL): Promise<ReadonlyMap<string, T>> {
  const modules = await importModules<T>(directory);
  return new Map(modules.map(({ id, content }) => [id, content]));
}
