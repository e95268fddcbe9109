/**
 * What several runs say of one cell: the last column of a row, and what is odd about it.
 */
import { compareIntervals, type AlignedCell, referencesOf } from '../../compare/side-by-side.ts';
import type { Agreement } from '../../compare/agreement.ts';
import type { Cell } from '../../model/cell.ts';
import { showText } from '../../foreign-text.ts';
import type { ListItem, TableCell } from '../document.ts';
import { formatCount, formatList, formatPercent, formatRatio } from '../quantities.ts';
import { noFigure } from './figure-cells.ts';
import { type ColumnOf, left, right } from './table.ts';

/** Whether the intervals of a metric's ratios have a point in common; empty where there are too few of them. */
export function compatibilityCell(aligned: AlignedCell<Cell>, metric: string): TableCell {
  if (referencesOf(aligned, metric).length > 1) return { text: 'other references', tone: 'warning' };
  const compatibility = compareIntervals(aligned, metric);
  if (compatibility === 'unknown') return { text: '' };
  return compatibility === 'overlap' ? { text: 'overlap', tone: 'muted' } : { text: 'apart', tone: 'warning' };
}

/** `only in a and b`; nothing where every run has the cell. */
export function tellMissing({ cells }: AlignedCell<Cell>, names: readonly string[]): ListItem[] {
  const present = names.filter((_name, index) => cells[index] !== undefined);
  return present.length === names.length ? [] : [{ text: `only in ${formatList(present)}`, tone: 'muted' }];
}

/** How well two runs agree; without an agreement they have nothing in common. */
export interface AgreementRow<C extends Cell> {
  readonly agreement: Agreement<C> | undefined;
}

/**
 * @param what is counted, e.g. `speedups in both`. @param nameApart what the ratios that lie farthest apart are of.
 */
export function agreementColumns<C extends Cell, Row extends AgreementRow<C>>(
  what: string,
  nameApart: (farthest: Agreement<C>['apart'][number]) => string,
): ColumnOf<Row>[] {
  const share = (read: (agreement: Agreement<C>) => number) => {
    return ({ agreement }: Row): TableCell =>
      agreement === undefined ? noFigure : { text: formatPercent(read(agreement)), value: read(agreement) };
  };
  return [
    right(what, ({ agreement }) => ({ text: formatCount(agreement?.ratios ?? 0), value: agreement?.ratios ?? 0 })),
    right(
      'median difference',
      share(({ medianDifference }) => medianDifference),
    ),
    right(
      'overlap',
      share(({ overlapping }) => overlapping),
    ),
    left('farthest apart', ({ agreement }) => {
      if (agreement === undefined) return noFigure;
      const [farthest] = agreement.apart;
      if (farthest === undefined) return { text: 'none apart', tone: 'muted' };
      const ratios = `${formatRatio(farthest.first)}, then ${formatRatio(farthest.second)}`;
      return `${showText(nameApart(farthest))}: ${ratios}`;
    }),
  ];
}
