/**
 * What formats that list the cells of runs have in common: the runs themselves, and a stable name for each cell.
 *
 * A name is made of ids alone, so that a service which follows it over commits finds it again. Deliberately absent:
 * figures; each format takes those that it has a place for.
 */
import { nameLoad } from '../../compare/http-cells.ts';
import type { Cell } from '../../model/cell.ts';
import type { HttpCell } from '../../model/http.ts';
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

/** What all cells of a file are: formats made of cells have one kind of line. */
export type RunKind = 'cells' | 'http';

/**
 * Whether runs hold micro-benchmarks or were measured over HTTP; of runs without any cell the former.
 * @param format its name, for the message.
 * @throws {UserError} where there is both, in one run or in several.
 */
export function requireOneKind(runs: readonly NamedRun[], format: string): RunKind {
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
  return overHttp.length > 0 ? 'http' : 'cells';
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
  return runs.flatMap((run) =>
    run.run.cells.map((cell) => {
      const { suite, contender, payload, items, variant, sink } = cell;
      const name = [suite, contender, payload, items, variant, sink].join('/');
      return { name: showText(runs.length > 1 ? `${run.name}: ${name}` : name), cell, run };
    }),
  );
}

/** A cell over HTTP with its run and the name that tells it from every other one in the report. */
export interface ListedHttpCell {
  readonly name: string;
  readonly cell: HttpCell;
  readonly run: NamedRun;
}

/**
 * The same for what was measured over HTTP; `serializers/tools-100/closed-10/ajv` is a name. The rate of an open loop is no
 * part of it, since every run finds its own.
 */
export function listHttpCells(runs: readonly NamedRun[]): ListedHttpCell[] {
  return runs.flatMap((run) =>
    (run.run.http?.cells ?? []).map((cell) => {
      const name = [cell.suite, cell.scenario, nameLoad(cell.load), cell.contender].join('/');
      return { name: showText(runs.length > 1 ? `${run.name}: ${name}` : name), cell, run };
    }),
  );
}
