/**
 * From a run to text: builds the document once and hands it to a format.
 */
import path from 'node:path';

import type { Run } from '../model.ts';
import type { Registry } from '../registry.ts';
import type { Document } from '../report/document.ts';
import type { NamedRun } from '../report/formats.ts';
import { loadFormats } from '../report/formats.ts';
import { reportRun } from '../report/run-report.ts';
import { writeText } from '../store/run-file.ts';
import { unknownName } from '../user-error.ts';
import type { Io } from './command.ts';

/** What a report's only run is called. */
const runName = 'run';

/** Width of a report that goes into a pipe or a file. */
const pipeColumns = 120;

/**
 * @param request.format a name from src/report/formats/.
 * @throws {UserError} for an unknown format.
 */
export function renderRun(request: { run: Run; registry: Registry; format: string; io: Io }): Promise<string> {
  const { run, registry, format, io } = request;
  return renderDocument({ document: reportRun({ run, registry }), format, io, runs: [{ name: runName, run }] });
}

/**
 * @param request.format a name from src/report/formats/.
 * @throws {UserError} for an unknown format.
 */
export async function renderDocument(request: { document: Document; format: string; io: Io; runs?: readonly NamedRun[] }): Promise<string> {
  const { document, format, io, runs } = request;
  const formats = await loadFormats();
  const chosen = formats.get(format);
  if (chosen === undefined) throw unknownName({ what: 'format', name: format, choices: [...formats.keys()] });
  return chosen.render(document, {
    color: io.stdout.isTTY === true && io.env['NO_COLOR'] === undefined,
    columns: io.stdout.columns ?? pipeColumns,
    ...(runs === undefined ? {} : { runs }),
  });
}

/**
 * Writes report.md beside run.json.
 * @returns the names of the files written.
 */
export async function writeReport(request: { run: Run; registry: Registry; directory: string }): Promise<string[]> {
  const { run, registry, directory } = request;
  const markdown = (await loadFormats()).get('markdown');
  if (markdown === undefined) throw new Error('src/report/formats/ has no markdown format');
  const name = `report.${markdown.extension}`;
  writeText(path.join(directory, name), await markdown.render(reportRun({ run, registry }), { color: false, columns: pipeColumns }));
  return [name];
}
