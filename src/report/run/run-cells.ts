/**
 * What formats that list the cells of runs have in common: the runs themselves, and a stable name for each cell.
 *
 * A name is made of ids alone, so that a service which follows it over commits finds it again. Deliberately absent:
 * figures; each format takes those that it has a place for.
 */
import type { Cell } from '../../model.ts';
import { UserError } from '../../user-error.ts';
import type { NamedRun } from '../formats.ts';
import { showText } from '../visible-text.ts';

/**
 * The runs that a format is made of.
 * @param format its name, for the message.
 * @throws {UserError} where the document is not about runs.
 */
export function requireRuns(runs: readonly NamedRun[] | undefined, format: string): readonly NamedRun[] {
  if (runs !== undefined && runs.length > 0) return runs;
  throw new UserError(`cannot write this as ${format}: that format lists the cells of runs, and this report is about something else`, {
    hint: 'choose another --format',
  });
}

/** A cell with its run and the name that tells it from every other one in the report. */
export interface ListedCell {
  readonly name: string;
  readonly cell: Cell;
  readonly run: NamedRun;
}

/**
 * All cells of all runs, in their order; `serialize/ajv/tools/100/text/bytes` is a name. With several runs the run's
 * name stands in front: `laptop: serialize/…`.
 */
export function listCells(runs: readonly NamedRun[]): ListedCell[] {
  return runs.flatMap((run) => run.run.cells.map((cell) => {
    const { suite, contender, payload, items, variant, sink } = cell;
    const name = [suite, contender, payload, items, variant, sink].join('/');
    return { name: showText(runs.length > 1 ? `${run.name}: ${name}` : name), cell, run };
  }));
}
