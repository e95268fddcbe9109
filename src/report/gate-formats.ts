/**
 * Finds the formats of a gate session by listing gate-formats/: the file's name is the format's name.
 *
 * They get the session itself, since what CI reads is no document: a test case or an annotation is a cell. Deliberately
 * absent: any list of names, and writing.
 */
import type { GateSession } from '../model/gate.ts';
import { listFormats, type RenderOptions } from './formats.ts';

/** What a file under gate-formats/ exports as its default. */
export interface GateFormat {
  /** Of a file in this format, without a dot. */
  readonly extension: string;
  /** The whole session as text that ends in a newline. */
  render(session: GateSession, options: RenderOptions): string;
}

/**
 * Every format of a gate session by name, names sorted.
 * @throws {Error} where a module has no default export or does not load.
 */
export function loadGateFormats(): Promise<ReadonlyMap<string, GateFormat>> {
  return listFormats<GateFormat>(new URL('gate-formats/', import.meta.url));
}
