/**
 * Tables of the page: each group of rows is a body of its own, so that sorting stays inside it.
 *
 * A group's label stands in every row, since sorting and filtering may put any row first; the style shows it in the
 * first visible one. Tables are most of a page, so their markup is short: without end tags that HTML does without, with
 * one class a column instead of one a cell. The script adds the buttons, which have no meaning without it.
 */
import type { RowGroup, Table, TableCell } from '../document.ts';
import type { PageContenders } from './contenders.ts';
import { html, type Markup } from './markup.ts';

/** Beyond this many characters a cell's text may wrap; arbitrary: shorter limits make rows higher, longer ones tables wider. */
const longText = 44;

/** Columns that can stand right, counting from 1; arbitrary, and far beyond any table: further ones stand left. */
const mostColumns = 40;

/** Rules for the classes that tables have for their columns. */
export const columnStyle: string =
  Array.from({ length: mostColumns }, (_, index) => {
    return `.r${index + 1} > * > tr > :nth-child(${index + 1})`;
  }).join(', ') + ' { text-align: right; }\n';

interface HtmlTableRequest {
  readonly table: Table;
  /** Unique in the page. */
  readonly id: string;
  readonly contenders: PageContenders;
}

/** A table in a box that scrolls by itself where the screen is narrow; the caption names the box, too. */
export function renderTable({ table, id, contenders }: HtmlTableRequest): Markup {
  const { caption, labelTitle, columns, groups } = table;
  const heads = [...(labelTitle === undefined ? [] : [{ title: labelTitle }]), ...columns];
  const offset = heads.length - columns.length;
  const right = columns.flatMap(({ align }, index) => (align === 'right' ? [`r${index + offset + 1}`] : []));
  // Figures with their ratios and bounds are too wide to stand side by side unbroken, a column a contender.
  const names = [...right, ...(columns.some(({ contender }) => contender !== undefined) ? ['figures'] : [])];
  const bodies = groups.map((group) => renderGroup(group, { hasLabels: labelTitle !== undefined, contenders }));
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${caption ?? 'Table'}"><table id="${id}"${classes(names)}>
${caption === undefined ? undefined : html`<caption>${caption}</caption>`}<thead><tr>${heads.map((head) => renderHead(head, contenders))}</thead>
${bodies}</table></div>
`;
}

/** A head without text is no head to a screen reader, so it is an empty cell. */
function renderHead({ title, contender }: { title: string; contender?: string }, contenders: PageContenders): Markup {
  return title === '' ? html`<td>` : html`<th scope="col"${about(contender, contenders)}>${title}`;
}

interface GroupContext {
  readonly hasLabels: boolean;
  readonly contenders: PageContenders;
}

function renderGroup({ label, rows }: RowGroup, { hasLabels, contenders }: GroupContext): Markup {
  const head = hasLabels ? html`<th scope="row"${sortValue(label)}><span>${label?.text}</span>` : undefined;
  const lines = rows.map((cells) => {
    const contender = cells.find((cell) => cell.contender !== undefined)?.contender;
    return html`<tr${about(contender, contenders)}>${head}${cells.map(renderCell)}\n`;
  });
  return html`<tbody>${lines}</tbody>`;
}

/** Which contender a row or a column is about, by its index in the page's list. */
function about(contender: string | undefined, contenders: PageContenders): Markup | undefined {
  const index = contender === undefined ? undefined : contenders.indexOf(contender);
  return index === undefined ? undefined : html` data-c="${index}"`;
}

function renderCell(cell: TableCell): Markup {
  // An empty cell's tone has nothing to show.
  if (cell.text === '') return html`<td>`;
  const names = [...(cell.tone === undefined ? [] : [cell.tone]), ...(cell.text.length > longText ? ['long'] : [])];
  return html`<td${classes(names)}${sortValue(cell)}>${cell.code === true ? html`<code>${cell.text}</code>` : keepBounds(cell.text)}`;
}

/** Bounds behind a figure stay on one line where it wraps; a browser would break them at their dash. */
function keepBounds(text: string): Markup | string {
  const [, figure, bounds] = /^(.*) (\([\d.]+–[\d.]+x\))$/.exec(text) ?? [];
  return bounds === undefined ? text : html`${figure} <span>${bounds}</span>`;
}

function classes(names: readonly string[]): Markup | undefined {
  return names.length === 0 ? undefined : html` class="${names.join(' ')}"`;
}

/** What the script sorts by, finer than any text shows it; infinite and missing figures have none and stand last. */
function sortValue(cell: TableCell | undefined): Markup | undefined {
  return cell?.value === undefined || !Number.isFinite(cell.value)
    ? undefined
    : html` data-v="${Number(cell.value.toPrecision(6))}"`;
}
