/**
 * Reasons and warnings of a table's cells: a number in the row, the text once below the table.
 *
 * What every row says is said once without a number.
 */
import { isNoisy } from '../../compare/noise.ts';
import type { Cell } from '../../model/cell.ts';
import { tellWarning } from '../../run-file/warnings.ts';
import type { List, TableCell } from '../document.ts';
import { list } from '../parts/blocks.ts';

export interface Footnotes {
  /** Numbers of a cell's reason and warnings, as `[1] [2]`, after the word that a noisy cell must carry. */
  readonly mark: (cell: Cell) => TableCell;
  /** The texts, in the order of their numbers; nothing where there are none. */
  readonly list: () => List[];
}

/**
 * Footnotes of one table.
 * @param rows every cell that will have a row, so that what all of them share can be told apart.
 */
export function collectFootnotes(rows: readonly Cell[]): Footnotes {
  const shared = sharedWarnings(rows);
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
  return {
    mark(cell) {
      const own = cell.warnings.map(tellWarning).filter((warning) => !shared.has(warning));
      const texts = [...(cell.status === 'ok' ? [] : [tellStatus(cell)]), ...own];
      const numbered = texts.map((told) => `[${numberOf(told)}]`);
      const text = (isNoisy(cell) ? ['noisy', ...numbered] : numbered).join(' ');
      return texts.length === 0 ? { text } : { text, tone: cell.status === 'ok' ? 'warning' : 'bad' };
    },
    list() {
      const common = [...shared].map((text) => `every row: ${text}`);
      const numbered = [...numbers].map(([text, number]) => `[${number}] ${text}`);
      return list([...common, ...numbered].map((text) => ({ text, tone: 'muted' })));
    },
  };
}

/** `incorrect: first difference at /0/createdAt`. */
export function tellStatus({ status, reason }: Pick<Cell, 'status' | 'reason'>): string {
  return `${status}: ${reason ?? 'no reason was given'}`;
}

/** The same with the contender in front: `shaky is incorrect: …`, `fragile failed: …`. */
export function tellContender(cell: Pick<Cell, 'id' | 'status' | 'reason'>): string {
  return `${cell.id.contender} ${cell.status === 'failed' ? '' : 'is '}${tellStatus(cell)}`;
}

function sharedWarnings(rows: readonly Cell[]): ReadonlySet<string> {
  const [first, ...others] = rows.filter(({ status }) => status === 'ok');
  // A single row shares nothing: its warning belongs to it.
  if (first === undefined || others.length === 0) return new Set();
  const told = others.map(({ warnings }) => warnings.map(tellWarning));
  return new Set(first.warnings.map(tellWarning).filter((warning) => told.every((own) => own.includes(warning))));
}
