/**
 * The neutral document: what a report says, before any format decides how it looks.
 *
 * Text is plain everywhere: no markup, no colour codes, no padding; a format escapes and paints. Numbers come twice
 * where a machine may want them: as `text` with a unit and as `value` in base units. Deliberately absent: widths.
 */

/** What a cell or line means to the reader; a format without colour ignores it, so it never carries news alone. */
export type Tone = 'good' | 'bad' | 'warning' | 'muted' | 'strong';

export interface TableCell {
  readonly text: string;
  readonly tone?: Tone;
  /** True for literal program text, such as the JSON that a contender wrote. */
  readonly code?: true;
  /** The figure behind the text in base units (nanoseconds, bytes, plain ratios). */
  readonly value?: number;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** `truncate`: a format with little room may cut the text short; without it text is wrapped. */
  readonly overflow?: 'truncate';
}

/** Rows that belong together under one label, such as an item count. */
export interface RowGroup {
  readonly label?: TableCell;
  /** As long as the table's columns, in their order. */
  readonly rows: readonly (readonly TableCell[])[];
}

export interface Table {
  readonly kind: 'table';
  readonly caption?: string;
  /** Title of the labels' own column, which stands first; absent where the groups have no labels. */
  readonly labelTitle?: string;
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
}

interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
}

export interface ListItem {
  readonly text: string;
  readonly tone?: Tone;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly ListItem[];
}

/** Something the reader must not miss, or may: by its tone. */
interface Note {
  readonly kind: 'note';
  readonly text: string;
  readonly tone: 'warning' | 'muted';
}

/** Program text that a reader copies, a command or a small file; its lines stay as they are however narrow the screen. */
interface Code {
  readonly kind: 'code';
  readonly text: string;
  /** As a format for people names it, e.g. `js`; a shell's where left out. */
  readonly language?: string;
}

/** Reference material: written out where there is room, only announced by its summary where there is not. */
interface Details {
  readonly kind: 'details';
  readonly summary: string;
  readonly blocks: readonly Block[];
}

export interface Section {
  readonly kind: 'section';
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block = Section | Paragraph | Table | List | Note | Code | Details;

export interface Document {
  readonly title: string;
  readonly blocks: readonly Block[];
}
