/**
 * `wirebench history`: keeps small summaries of runs, and says how the speedups of cells moved over them.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import { summarizeRun, traceSpeedups } from '../../compare/history.ts';
import type { CellSelection } from '../../model/cell.ts';
import type { Sink, Variant } from '../../model/values.ts';
import type { Run } from '../../model/run.ts';
import type { HistoryEntry } from '../../model/history.ts';
import { tellMachines } from '../../report/parts/shard-lines.ts';
import { reportHistory } from '../../report/history/history-report.ts';
import { addToHistory, readHistory } from '../../store/history-file.ts';
import { httpJournal } from '../../store/http-journal.ts';
import { runJournal } from '../../store/journal.ts';
import { runFileName } from '../../store/run-file.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { unknownName, UserError } from '../../user-error.ts';
import { loadCatalog } from '../../registry/catalog.ts';
import { type CliCommand, defineCommand, type Io } from '../command.ts';
import { parseChoices, parseItems, parseList, readSelection } from '../options.ts';
import { renderDocument } from '../render.ts';

const command: CliCommand = defineCommand({
  summary: 'show how speedups moved from run to run, or keep a run',
  declare: (history) =>
    history
      .option('--add <path>', 'keep a summary of a run: a run.json or the directory that holds it; shows nothing')
      .option('--dir <dir>', 'directory of the summaries', path.join('results', 'history'))
      .option('--suite <ids>', 'suites, comma-separated', parseList)
      .option('--contender <ids>', 'contenders', parseList)
      .option('--payload <ids>', 'payloads', parseList)
      .option('--items <counts>', 'item counts, e.g. 10,100,1000,5000', parseItems)
      .option('--variant <names>', 'text, native', parseChoices<Variant>(['text', 'native']))
      .option('--sink <names>', 'bytes, string', parseChoices<Sink>(['string', 'bytes']))
      .option('--format <name>', 'terminal, markdown, json, or another file of src/report/formats/', 'terminal'),

  async run({ options: { add, dir, format, ...cells } }, io) {
    const directory = path.resolve(io.cwd, dir);
    if (add !== undefined) {
      const file = addToHistory(directory, summarizeRun(await readFinished(add, io)));
      io.stdout.write(`${path.relative(io.cwd, file)} written\n`);
      return 0;
    }
    const entries = readHistory(directory);
    if (entries.length === 0) {
      throw new UserError(`there is no history: ${dir} holds no run`, {
        hint: 'add one with `wirebench history --add results/latest`',
      });
    }
    const selection = readSelection(cells);
    refuseUnknown(entries, selection);
    const registry = await loadCatalog({ directory: io.cwd });
    const packages = new Map(registry.contenders.map(({ id, package: name }) => [id, name ?? undefined]));
    const series = traceSpeedups({ entries, selection, packageOf: (contender) => packages.get(contender) });
    io.stdout.write(
      await renderDocument({ document: reportHistory({ series, runs: entries.length, registry }), format, io }),
    );
    return 0;
  },
});

export default command;

/** A run that was measured to its end, since what an interrupted one lacks would look like a change. */
async function readFinished(target: string, io: Io): Promise<Run> {
  const place = path.resolve(io.cwd, target);
  const isDirectory = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const isUnfinished = isDirectory && (runJournal.has(place) || httpJournal.has(place));
  const run = isUnfinished ? undefined : await readStoredRun(isDirectory ? path.join(place, runFileName) : place);
  if (run === undefined || run.interrupted === true) {
    throw new UserError(`cannot add '${target}': the run was not finished`, {
      hint: 'finish it with `--resume --out DIR` of the command that began it',
    });
  }
  if (run.shards !== undefined && tellMachines(run).length > 1) {
    throw new UserError(`cannot add '${target}': its shards were measured on different machines`, {
      hint: 'add each shard by itself, since a history is one of a kind of machine',
    });
  }
  // What was measured over HTTP has no speedups, and an entry of it would be empty.
  if (run.cells.length === 0)
    throw new UserError(`cannot add '${target}': it has no speedups`, {
      hint: 'a history is made of runs of `wirebench run`; compare others with `wirebench report`',
    });
  return run;
}

/** Names that no run of the history has are typing mistakes more often than questions. */
function refuseUnknown(entries: readonly HistoryEntry[], { suites, contenders, payloads }: CellSelection): void {
  const groups = entries.flatMap((entry) => entry.groups);
  const known = [
    { what: 'suite', asked: suites, choices: groups.map(({ suite }) => suite) },
    {
      what: 'contender',
      asked: contenders,
      choices: groups.flatMap(({ cells }) => cells.map(({ contender }) => contender)),
    },
    { what: 'payload', asked: payloads, choices: groups.map(({ payload }) => payload) },
  ];
  for (const { what, asked = [], choices } of known) {
    const names = [...new Set(choices)].toSorted();
    const unknown = asked.find((name) => !names.includes(name));
    if (unknown !== undefined) throw unknownName({ what: `${what} in the history`, name: unknown, choices: names });
  }
}
