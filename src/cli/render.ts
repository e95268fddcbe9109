/**
 * From a run to text: builds the document once and hands it to a format.
 */
import path from 'node:path';

import type { GateSession } from '../model/gate.ts';
import type { Run } from '../model/run.ts';
import type { Registry } from '../registry/registry.ts';
import type { Document } from '../report/document.ts';
import type { Origin } from '../report/format.ts';
import { loadFormats, loadFormatsFor } from '../report/formats.ts';
import type { NamedRun } from '../report/named-run.ts';
import { reportRun } from '../report/run/run-report.ts';
import { writeText } from '../store/run-file.ts';
import { unknownName, UserError } from '../user-error.ts';
import type { Io } from './command.ts';

/** What a report's only run is called. */
const runName = 'run';

/** Width of a report that goes into a pipe or a file. */
const pipeColumns = 120;

/** What a format that needs it lists. */
const contents: Readonly<Record<Origin, string>> = { runs: 'runs', session: 'a session of the gate' };

/**
 * Finds out before anything is measured whether a report can be shown in a format.
 * @param origin what the report will be made from; left out for neither of them.
 * @throws {UserError} for an unknown format, and for one that shows something else.
 */
export async function checkFormat(name: string, origin?: Origin): Promise<void> {
  const choices = [...(await loadFormatsFor(origin)).keys()];
  if (choices.includes(name)) return;
  const needs = (await loadFormats()).get(name)?.needs;
  if (needs === undefined) throw unknownName({ what: 'format', name, choices });
  throw new UserError(`the format '${name}' shows ${contents[needs]}, and this is none`, {
    hint: `choose one of ${choices.join(', ')}`,
  });
}

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
export async function renderDocument(request: {
  document: Document;
  format: string;
  io: Io;
  runs?: readonly NamedRun[];
  session?: GateSession;
}): Promise<string> {
  const { document, format, io, runs, session } = request;
  const formats = await loadFormats();
  const chosen = formats.get(format);
  if (chosen === undefined) throw unknownName({ what: 'format', name: format, choices: [...formats.keys()] });
  return chosen.render(document, {
    color: io.stdout.isTTY === true && io.env['NO_COLOR'] === undefined,
    columns: io.stdout.columns ?? pipeColumns,
    ...(runs === undefined ? {} : { runs }),
    ...(session === undefined ? {} : { session }),
  });
}

/** The formats of the reports that stand beside run.json. */
const storedFormats = ['markdown', 'html'];

/**
 * Writes report.md and report.html beside run.json.
 * @returns the names of the files written.
 */
export async function writeReport(request: { run: Run; registry: Registry; directory: string }): Promise<string[]> {
  const { run, registry, directory } = request;
  const formats = await loadFormats();
  const document = reportRun({ run, registry });
  const names: string[] = [];
  for (const stored of storedFormats) {
    const format = formats.get(stored);
    if (format === undefined) throw new Error(`src/report/formats/ has no format ${stored}`);
    const name = `report.${format.extension}`;
    writeText(path.join(directory, name), await format.render(document, { color: false, columns: pipeColumns }));
    names.push(name);
  }
  return names;
}
