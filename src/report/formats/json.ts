/**
 * A report as JSON, for programs that want structure and figures: a gate session as it is stored, every other report as
 * its document with the runs behind it; the sentences of its answer stand first in both.
 *
 * `runs` holds every cell with all metrics in base units, as in run.json, without what makes most of a run file: forks
 * with their blocks, and rounds over HTTP.
 */
import { escapeInJson } from '../../foreign-text.ts';
import type { Run } from '../../model/run.ts';
import { toRecord } from '../../run-file/write.ts';
import type { Document } from '../document.ts';
import type { Format, RenderOptions } from '../format.ts';

export default {
  extension: 'json',
  render(document: Document, options: Pick<RenderOptions, 'runs' | 'session'> = {}) {
    const { title, ...rest } = document;
    const answer = document.blocks.find(({ kind }) => kind === 'answer');
    const told = answer?.kind === 'answer' ? { answer: answer.sentences.map(({ text }) => text) } : {};
    if (options.session !== undefined)
      return `${escapeInJson(JSON.stringify({ ...options.session, ...told }, null, 1))}\n`;
    const runs = options.runs?.map(({ name, run }) => ({ name, run: withoutEvidence(run) }));
    return `${escapeInJson(JSON.stringify({ title, ...told, ...rest, ...(runs === undefined ? {} : { runs }) }, null, 2))}\n`;
  },
} satisfies Format;

/** Counts stand for what is left out. */
function withoutEvidence(run: Run): object {
  const { cells, http, ...record } = toRecord(run);
  return {
    ...record,
    cells: cells.map(({ forks, ...cell }) => ({ ...cell, forkCount: forks.length })),
    ...(http === undefined
      ? {}
      : {
          http: { ...http, cells: http.cells.map(({ rounds, ...cell }) => ({ ...cell, roundCount: rounds.length })) },
        }),
  };
}
