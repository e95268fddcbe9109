/**
 * Cells that stand in the tables of several reports: figures, names of contenders, how a cell ended, ratios with intervals.
 */
import { standing } from '../../compare/ratios.ts';
import type { CellStatus } from '../../model/cell.ts';
import type { TableCell, Tone } from '../document.ts';
import { formatInterval, formatRatio, formatSetting, nothing, tooFewRounds } from '../quantities.ts';

/** Stands where there is no figure. */
export const noFigure: TableCell = { text: nothing, tone: 'muted' };

/** A figure with its value in base units; a dash where there is none. */
export function figure(value: number | undefined, format: (value: number) => string): TableCell {
  return value === undefined ? noFigure : { text: format(value), value };
}

/** The name of the contender that a row is about. */
export function contenderCell(contender: string): TableCell {
  return { text: contender, contender };
}

/** The same cell in a tone; as it is without one. */
export function toned(cell: TableCell, tone: Tone | undefined): TableCell {
  return tone === undefined ? cell : { ...cell, tone };
}

/** How a cell ended, in place of its figure: wrong and crashed results are alarming, what cannot be done here is not. */
export function statusCell(status: CellStatus): TableCell {
  return { text: status, tone: status === 'incorrect' || status === 'failed' ? 'bad' : 'muted' };
}

interface RatioBounds {
  readonly lo?: number;
  readonly hi?: number;
}

/** A ratio where more is better; no number is printed where the interval holds 1. */
export function ratioCell(measured: RatioBounds & { readonly ratio: number }, format = formatRatio): TableCell {
  const { ratio } = measured;
  switch (standing(measured)) {
    case 'unknown':
      return { text: format(ratio), tone: 'muted', value: ratio };
    case 'no-difference':
      return { text: 'no difference', tone: 'muted', value: ratio };
    case 'more':
      return { text: format(ratio), tone: 'good', value: ratio };
    case 'less':
      return { text: format(ratio), tone: 'bad', value: ratio };
  }
}

/** The bounds of a ratio, or why there are none. */
export function intervalCell({ lo, hi }: RatioBounds): TableCell {
  return { text: lo === undefined || hi === undefined ? tooFewRounds : formatInterval({ lo, hi }), tone: 'muted' };
}

/** Title of a column of intervals, with their level where it is known. */
export function intervalTitle(confidence: number | undefined): string {
  return confidence === undefined ? 'interval' : `${formatSetting(confidence)} interval`;
}
