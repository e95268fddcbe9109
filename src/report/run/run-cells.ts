/**
 * What formats that list the cells of runs have in common: the runs themselves, and a stable name for each cell.
 *
 * A name is made of ids alone, so that a service which follows it over commits finds it again.
 */
import { nameCell } from '../../compare/cells.ts';
import { metricsOfAll } from '../../compare/metrics.ts';
import type { MicroCell } from '../../model/cell.ts';
import type { HttpCell } from '../../model/http.ts';
import type { MetricInfo } from '../../model/metric.ts';
import { UserError } from '../../user-error.ts';
import type { NamedRun } from '../named-run.ts';
import { showText } from '../../foreign-text.ts';

/**
 * The runs that a format is made of.
 * @param format its name, for the message.
 * @throws {UserError} where the document is not about runs.
 */
export function requireRuns(runs: readonly NamedRun[] | undefined, format: string): readonly NamedRun[] {
  if (runs !== undefined && runs.length > 0) return runs;
  throw new UserError(
    `cannot write this as ${format}: that format lists the cells of runs, and this report is about something else`,
    {
      hint: 'choose another --format',
    },
  );
}

/** A cell with its run and the name that tells it from every other one in the report. */
export interface ListedCell<C> {
  readonly name: string;
  readonly cell: C;
  readonly run: NamedRun;
}

/** What all cells of a file are: formats made of cells have one kind of line. */
export type CellList = { readonly metrics: readonly MetricInfo[] } & (
  | { readonly source: 'fork'; readonly cells: readonly ListedCell<MicroCell>[] }
  | { readonly source: 'load'; readonly cells: readonly ListedCell<HttpCell>[] }
);

/**
 * All cells of all runs, in their order, with what their metrics are; of runs without any cell those of forks. With
 * several runs the run's name stands in front of a cell's: `laptop: serialize/…`.
 * @param format its name, for the message.
 * @throws {UserError} where there are micro-benchmarks and cells over HTTP, in one run or in several.
 */
export function listCells(runs: readonly NamedRun[], format: string): CellList {
  const overHttp = runs.filter(({ run }) => (run.http?.cells.length ?? 0) > 0);
  const others = runs.filter(({ run }) => run.cells.length > 0);
  if (overHttp.length > 0 && others.length > 0) {
    const names = [...new Set([...overHttp, ...others].map(({ name }) => `'${showText(name)}'`))].join(', ');
    throw new UserError(
      `cannot write ${names} as one ${format}: a file has the columns and measures of micro-benchmarks or those of HTTP, and there are both`,
      {
        hint: 'report them one by one, or choose json, markdown or html',
      },
    );
  }
  const source = overHttp.length > 0 ? 'load' : 'fork';
  const metrics = metricsOfAll(
    runs.map(({ run }) => run),
    source,
  );
  const list = <C extends MicroCell | HttpCell>(cellsOf: (run: NamedRun['run']) => readonly C[]): ListedCell<C>[] =>
    runs.flatMap((run) =>
      cellsOf(run.run).map((cell) => {
        const name = nameCell(cell.id);
        return { name: showText(runs.length > 1 ? `${run.name}: ${name}` : name), cell, run };
      }),
    );
  return source === 'load'
    ? { source, metrics, cells: list(({ http }) => http?.cells ?? []) }
    : { source, metrics, cells: list(({ cells }) => cells) };
}

/**
 * Whoever reads such a file finds an entry by its name, so of two with one name a figure would be lost in silence.
 * @param format its name, for the message.
 * @throws {UserError} where two names read alike.
 */
export function refuseTwins(names: readonly string[], format: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new UserError(`cannot write ${format}: two entries would be called '${showText(name)}'`, {
        hint: 'report the runs one by one, or choose json or csv',
      });
    }
    seen.add(name);
  }
}
