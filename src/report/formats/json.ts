/**
 * The document as JSON, with the runs behind it where there are any, for programs that want structure and figures.
 *
 * `runs` holds every cell with all metrics in base units, as in run.json. Deliberately absent: forks with their blocks and
 * rounds over HTTP, which make most of a run file and are in it.
 */
import { escapeInJson } from '../../foreign-text.ts';
import type { Run } from '../../model/run.ts';
import type { Document } from '../document.ts';
import type { Format, RenderOptions } from '../formats.ts';

export default {
  extension: 'json',
  render(document: Document, options: Pick<RenderOptions, 'runs'> = {}) {
    const runs = options.runs?.map(({ name, run }) => ({ name, run: withoutEvidence(run) }));
    return `${escapeInJson(JSON.stringify({ ...document, ...(runs === undefined ? {} : { runs }) }, null, 2))}\n`;
  },
} satisfies Format;

/** Counts stand for what is left out. */
function withoutEvidence(run: Run): object {
  const cells = run.cells.map(({ forks, ...cell }) => ({ ...cell, forkCount: forks.length }));
  if (run.http === undefined) return { ...run, cells };
  return {
    ...run,
    cells,
    http: { ...run.http, cells: run.http.cells.map(({ rounds, ...cell }) => ({ ...cell, roundCount: rounds.length })) },
  };
}
