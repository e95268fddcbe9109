/**
 * Tables from columns and rows: a column says at once what it is called, how it is aligned and what a row has in it.
 */
import type { Column, RowGroup, Table, TableCell } from '../document.ts';

/** A column together with its cells. */
export interface ColumnOf<Row> extends Column {
  /** Text alone where there is nothing to say of it but itself. */
  readonly cell: (row: Row) => TableCell | string;
}

/** What a column may have beside its title. */
type Extras = Pick<Column, 'contender' | 'overflow'>;

/** Words, and figures that a narrow screen may break. */
export function left<Row>(title: string, cell: ColumnOf<Row>['cell'], extras: Extras = {}): ColumnOf<Row> {
  return { title, align: 'left', cell, ...extras };
}

/** Figures. */
export function right<Row>(title: string, cell: ColumnOf<Row>['cell'], extras: Extras = {}): ColumnOf<Row> {
  return { title, align: 'right', cell, ...extras };
}

/** What a table has beside its rows. */
interface Layout<Row> {
  readonly caption?: string;
  readonly columns: readonly ColumnOf<Row>[];
}

/** A table without labels. */
export function tabulate<Row>(rows: readonly Row[], layout: Layout<Row>): Table {
  return tabulateGroups([{ rows }], layout);
}

/** Rows that stand together under one label. */
export interface GroupOf<Row> {
  readonly label?: TableCell;
  readonly rows: readonly Row[];
}

/** A table whose rows stand in groups. @param layout.labelTitle of the labels' own column, which stands first. */
export function tabulateGroups<Row>(
  groups: readonly GroupOf<Row>[],
  layout: Layout<Row> & { readonly labelTitle?: string },
): Table {
  const { columns, ...titles } = layout;
  return {
    kind: 'table',
    ...titles,
    columns: columns.map(({ cell: _cell, ...column }) => column),
    groups: groups.map(({ rows, ...label }): RowGroup => ({
      ...label,
      rows: rows.map((row) => columns.map(({ cell }) => asCell(cell(row)))),
    })),
  };
}

function asCell(content: TableCell | string): TableCell {
  return typeof content === 'string' ? { text: content } : content;
}
