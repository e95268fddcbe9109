/**
 * What a format is: a file under formats/ whose default export makes text of a document.
 *
 * Most formats show any document. What CI and other programs read is often no document but a list of cells, so a format
 * may need the runs or the gate session that the document was made from.
 */
import type { GateSession } from '../model/gate.ts';
import type { Document } from './document.ts';
import type { NamedRun } from './named-run.ts';

/** What a document can be made from, if a format asks. */
export type Origin = 'runs' | 'session';

/** Where a rendered document will be read and what it was made from; a format that has no use for an option ignores it. */
export interface RenderOptions {
  /** Whether control codes for colour may be written. */
  readonly color: boolean;
  /** Width of the reader's screen in characters. */
  readonly columns: number;
  /** The runs behind the document; absent where it is about something else. */
  readonly runs?: readonly NamedRun[];
  /** The gate session behind the document; absent where it is about something else. */
  readonly session?: GateSession;
}

/** What a file under formats/ exports as its default. */
export interface Format {
  /** Of a file in this format, without a dot. */
  readonly extension: string;
  /** Where the document alone is not enough. */
  readonly needs?: Origin;
  /**
   * The whole report as text that ends in a newline.
   * @throws {UserError} where what it needs is not given.
   */
  render(document: Document, options: RenderOptions): string | Promise<string>;
}
