/**
 * What the site shows of committed runs: reports with plots and filters, the history, and tables by payload, size and
 * sink over all runs.
 *
 * Figures and sentences are those of src/report; nothing is computed here.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { groupBy } from '../../src/compare/cells.ts';
import { traceSpeedups } from '../../src/compare/history.ts';
import type { MicroCell } from '../../src/model/cell.ts';
import type { Run } from '../../src/model/run.ts';
import { loadRegistry, type Registry } from '../../src/registry/registry.ts';
import { describePayload, outlineSuite } from '../../src/report/catalog.ts';
import type { Block, Document as Report } from '../../src/report/document.ts';
import { loadFormats } from '../../src/report/formats.ts';
import { renderPage } from '../../src/report/html/page.ts';
import { reportHistory } from '../../src/report/history/history-report.ts';
import { formatMoment, formatPlural } from '../../src/report/quantities.ts';
import { reportRun } from '../../src/report/run/run-report.ts';
import { tabulateBySize } from '../../src/report/run/speed-tables.ts';
import { readStoredRun } from '../../src/runs/stored-run.ts';
import { readHistory } from '../../src/store/history-file.ts';
import { runFileName } from '../../src/store/run-file.ts';
import type { Document } from './list-pages.ts';

/** A file of the site that is whole as it is. */
export interface MadeFile {
  readonly output: string;
  readonly text: string;
}

export interface Measured {
  readonly documents: readonly Document[];
  readonly reports: readonly MadeFile[];
}

interface StoredRun {
  readonly folder: string;
  readonly run: Run;
}

const history = 'results/history';
/** What a report with plots and filters is called, beside its run as elsewhere. */
const reportName = 'report.html';

/** @param files of the repository, from its top level, which lies at `root`. */
export async function showMeasured(root: string, files: readonly string[]): Promise<Measured> {
  const registry = await loadRegistry();
  const runs: StoredRun[] = [];
  for (const file of files.filter((name) => name.startsWith('results/') && path.posix.basename(name) === runFileName))
    runs.push({ folder: path.posix.dirname(file), run: await readStoredRun(path.join(root, file)) });
  runs.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const reports: MadeFile[] = [];
  for (const { folder, run } of runs) reports.push(await makeReport(folder, reportRun({ run, registry })));
  const entries = readHistory(path.join(root, history));
  if (entries.length > 0) {
    const packages = new Map(registry.contenders.map(({ id, package: name }) => [id, name ?? undefined]));
    const series = traceSpeedups({ entries, selection: {}, packageOf: (contender) => packages.get(contender) });
    reports.push(await makeReport(history, reportHistory({ series, runs: entries.length, registry })));
  }
  const tables = await Promise.all(runs.map((stored) => showTables(stored, { files, registry, root })));
  const views = await Promise.all(listViews(runs, registry).map((view) => showView(view, { runs, registry })));
  const index = listResults({ runs, views, files, hasHistory: entries.length > 0 });
  const own = files.includes(index.source) ? [] : [index];
  return { documents: [...own, ...tables, ...views], reports };
}

/** The report of a run as text, as it is committed or as it would be, with links to what else there is of it. */
async function showTables(
  { folder, run }: StoredRun,
  { files, registry, root }: { files: readonly string[]; registry: Registry; root: string },
): Promise<Document> {
  const source = `${folder}/report.md`;
  const text = files.includes(source)
    ? readFileSync(path.join(root, source), 'utf8')
    : await renderMarkdown(reportRun({ run, registry }));
  const links = `[With plots, filters and sorting](${reportName}), in one file. [The run itself](${runFileName}), with every value.`;
  return { source, text: text.replace(/^# .*/, (heading) => `${heading}: ${nameRun(folder)}\n\n${links}`) };
}

/** One payload, size or sink. */
interface View {
  readonly source: string;
  readonly title: string;
  readonly has: (cell: MicroCell) => boolean;
}

function listViews(runs: readonly StoredRun[], registry: Registry): View[] {
  const cells = runs.flatMap(({ run }) => run.cells.filter((cell) => isTabulated(cell, registry)));
  const payloads = [...new Set(cells.map(({ id }) => id.payload))].toSorted();
  const sizes = [...new Set(cells.map(({ id }) => id.items))].toSorted((a, b) => a - b);
  const sinks = [...new Set(cells.map(({ id }) => id.sink))].toSorted();
  return [
    ...payloads.map((payload) => ({
      source: `results/by-payload/${payload}.md`,
      title: describePayload(registry, payload),
      has: ({ id }: MicroCell) => id.payload === payload,
    })),
    ...sizes.map((items) => ({
      source: `results/by-size/${items}.md`,
      title: `Lists of ${formatPlural(items, 'item')}`,
      has: ({ id }: MicroCell) => id.items === items,
    })),
    ...sinks.map((sink) => ({
      source: `results/by-sink/${sink}.md`,
      title: sink === 'bytes' ? 'Into bytes, and from bytes' : 'Into strings, and from strings',
      has: ({ id }: MicroCell) => id.sink === sink,
    })),
  ];
}

/** Whether the tables by size have it: it was timed, or should have been. */
function isTabulated(cell: MicroCell, registry: Registry): boolean {
  const { method, layout } = outlineSuite(registry, [cell]);
  return method === 'latency' && layout === 'by-size';
}

async function showView(
  { source, title, has }: View,
  { runs, registry }: { runs: readonly StoredRun[]; registry: Registry },
): Promise<Document> {
  const shown = runs
    .map(({ folder, run }) => ({
      folder,
      run,
      cells: run.cells.filter((cell) => has(cell) && isTabulated(cell, registry)),
    }))
    .filter(({ cells }) => cells.length > 0);
  const links = shown.map(({ folder, run }) => `- ${linkToRun(source, folder)}, ${formatMoment(run.startedAt)}`);
  const sections = shown.map(({ folder, cells }): Block => {
    const suites = [...groupBy(cells, ({ id }) => id.suite).values()];
    return {
      kind: 'section',
      title: nameRun(folder),
      blocks: suites.map((own) => ({
        kind: 'section',
        title: outlineSuite(registry, own).title,
        blocks: tabulateBySize(own, registry),
      })),
    };
  });
  const tables = (await renderMarkdown({ title: '', blocks: sections })).replace(/^# .*\n+/, '');
  const numbers = path.posix.relative(path.posix.dirname(source), 'docs/reference/numbers.md');
  const text = [
    `# ${title}`,
    `What the committed runs measured of it, one run below the other; ratios hold inside a run. [What the numbers mean](${numbers}).`,
    links.join('\n'),
    tables,
  ].join('\n\n');
  return { source, text };
}

/** The first page of the results, unless the repository has one. */
function listResults({
  runs,
  views,
  files,
  hasHistory,
}: {
  runs: readonly StoredRun[];
  views: readonly Document[];
  files: readonly string[];
  hasHistory: boolean;
}): Document {
  const source = 'results/README.md';
  const listOf = (folder: string): string =>
    views
      .filter((view) => view.source.startsWith(`results/${folder}/`))
      .map((view) => `- [${/^# (.*)$/m.exec(view.text)?.[1] ?? ''}](${path.posix.relative('results', view.source)})`)
      .join('\n');
  const others = files
    .filter((file) => /^results\/.*\.md$/.test(file) && path.posix.basename(file) !== 'report.md')
    .map((file) => `- [${nameRun(file.replace(/(?:\/README)?\.md$/, ''))}](${path.posix.relative('results', file)})`);
  const parts = [
    '# Results',
    'Every committed run, with plots, filters by contender and flag, and sorting. A page holds all it needs, so it can be kept and mailed.',
    '## Runs',
    runs.map(({ folder, run }) => `- ${linkToRun(source, folder)}, ${formatMoment(run.startedAt)}`).join('\n'),
    ...(hasHistory ? [`How speedups moved from run to run: [history](history/${reportName}).`] : []),
    ...['payload', 'size', 'sink'].flatMap((name) => [`## By ${name}`, listOf(`by-${name}`)]),
    '## Second opinions and other measurements',
    others.join('\n'),
  ];
  return { source, text: `${parts.filter((part) => part !== '').join('\n\n')}\n` };
}

/** Links to a run's report with plots and to its tables. */
function linkToRun(source: string, folder: string): string {
  const way = path.posix.relative(path.posix.dirname(source), folder);
  return `[${nameRun(folder)}](${way}/${reportName}) ([tables](${way}/report.md))`;
}

/** `reference / python` for results/reference/python. */
function nameRun(folder: string): string {
  return folder.split('/').slice(1).join(' / ');
}

/** The page with plots and filters, which leads back to the others. */
async function makeReport(folder: string, report: Report): Promise<MadeFile> {
  const up = path.posix.relative(folder, '');
  const around = [
    { title: 'wirebench', href: `${up}/index.html` },
    { title: 'Results', href: `${up}/results/index.html` },
  ];
  return { output: `${folder}/${reportName}`, text: await renderPage(report, around) };
}

async function renderMarkdown(report: Report): Promise<string> {
  const markdown = (await loadFormats()).get('markdown');
  if (markdown === undefined) throw new Error('src/report/formats/ has no format markdown');
  return markdown.render(report, { color: false, columns: 120 });
}
