/**
 * The neutral document: what a report says, before any format decides how it looks.
 *
 * Text is plain everywhere: no markup, no colour codes, no padding; a format escapes and paints. Numbers come twice
 * where a machine may want them: as `text` with a unit and as `value` in base units.
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
  /** Id of the contender that the row is about, on the cell that names it; what readers filter by. */
  readonly contender?: string;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Id of the contender that the column is about; what readers filter by. */
  readonly contender?: string;
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

/**
 * What stands along an axis, and how it is written: `ratio` is a speedup, `perSec` a number of things a second; `items`,
 * `connections` and `category` have no unit.
 */
export interface Axis {
  readonly title: string;
  readonly scale: 'linear' | 'log' | 'category';
  readonly unit: 'nanoseconds' | 'bytes' | 'bytesPerSec' | 'ratio' | 'perSec' | 'items' | 'connections' | 'category';
}

/** A point, with bounds along the y axis where there is an interval. */
export interface ChartPoint {
  /** A number, or a category's name. */
  readonly x: number | string;
  readonly y: number;
  readonly lo?: number;
  readonly hi?: number;
}

/** What has one colour and one shape. */
export interface ChartSeries {
  readonly name: string;
  /** Id of the contender that it shows, for filters. */
  readonly contender?: string;
  /** Which colour and shape it has, counting from 0, so that it has them in every chart; its position here where left out. */
  readonly slot?: number;
  readonly points: readonly ChartPoint[];
}

/**
 * A plot as data; a format that cannot draw leaves it out, since tables have every figure.
 *
 * `lines` have x along the bottom. `bars` and `points` lie: categories of x run down the left side, where long names
 * have room, and y goes to the right. `bars` have a panel for each category of x and in it a bar for each series.
 */
export interface Chart {
  readonly kind: 'chart';
  /** Kebab-case, unique in the document. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows, in a sentence or two: its text alternative. */
  readonly summary: string;
  readonly form: 'lines' | 'bars' | 'points';
  readonly x: Axis;
  readonly y: Axis;
  /** Length >= 1. */
  readonly series: readonly ChartSeries[];
  /** Lines across the plot, e.g. at a ratio of 1, or where two series cross. */
  readonly marks?: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly label: string }[];
}

/**
 * What a report begins with: what it comes to in a few sentences, the strongest first, and the plot that carries them.
 * Sentences are the same in every format.
 */
export interface Answer {
  readonly kind: 'answer';
  /** At least one. */
  readonly sentences: readonly ListItem[];
  readonly chart?: Chart;
}

/** The heading of an answer, in every format. */
export const answerTitle = 'The answer';

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

export type Block = Answer | Section | Paragraph | Table | List | Note | Code | Details | Chart;

/** A contender of the document with the flags that a reader may want to filter by. */
export interface DocumentContender {
  readonly id: string;
  readonly flags: readonly { readonly mark: string; readonly meaning: string }[];
}

export interface Document {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Whoever has rows or series in it; absent where a document is not about contenders. */
  readonly contenders?: readonly DocumentContender[];
}
