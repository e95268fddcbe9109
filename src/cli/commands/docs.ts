/**
 * `wirebench docs`: writes the generated parts of README.md and of the pages below docs/ anew: answers and tables from
 * committed runs, help texts, lists of pages.
 *
 * No figure and no list of options is typed into a document. A part stands between `<!-- generated: NAME ARGS -->` and
 * `<!-- end generated -->`; reports of committed runs are written anew whole. `--check` says what has drifted, and a
 * test calls it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadRegistry, type Registry } from '../../registry/registry.ts';
import { reportClaimLines, reportHttpClaimLines } from '../../report/run/claims-report.ts';
import { flagLegend } from '../../report/catalog.ts';
import { reportAdded } from '../../report/http/added.ts';
import { reportCarried } from '../../report/http/carried.ts';
import { reportHttpHeadline } from '../../report/http/http-headline.ts';
import { reportAnswer } from '../../report/run/answer.ts';
import { reportCeiling } from '../../report/run/ceiling.ts';
import { reportHeadline } from '../../report/run/headline.ts';
import { reportRun } from '../../report/run/run-report.ts';
import { reportRuntimes } from '../../report/run/runtimes.ts';
import type { Document } from '../../report/document.ts';
import { contendersIn, excerptOf } from '../../report/excerpt.ts';
import { list, paragraph } from '../../report/parts/blocks.ts';
import { titleRuntime } from '../../report/parts/environment-lines.ts';
import { formatMoment } from '../../report/quantities.ts';
import { showTranscript } from '../../report/parts/transcript.ts';
import type { TranscriptStep } from '../../model/transcript.ts';
import { reportPowerGoals } from '../../report/gate/power-report.ts';
import {
  tabulateKnownClasses,
  tabulatePageCommands,
  tabulatePresets,
  tabulateWantedSettings,
} from '../../report/users/reference-tables.ts';
import { loadFormats } from '../../report/formats.ts';
import { readPowerFile } from '../../store/power-file.ts';
import { runFileName, writeText } from '../../store/run-file.ts';
import { readStoredRun } from '../../runs/stored-run.ts';
import { settings } from '../../tuning/settings.ts';
import { presets } from '../../users/presets.ts';
import { packageRoot } from '../../own-files.ts';
import { unknownName, UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io } from '../command.ts';
import { pageRows } from '../reference-page.ts';

/** The report that stands beside a committed run. */
const reportName = 'report.md';

const root = fileURLToPath(packageRoot);

const command: CliCommand = defineCommand({
  summary: 'write the generated parts of the documents anew, or check them',
  needsCheckout: true,
  declare: (docs) => docs.option('--check', 'write nothing; exit code 1 where a part has drifted'),

  async run({ options: { check } }, io) {
    const registry = await loadRegistry();
    const renewals = [
      ...listDocuments().map((name) => ({
        name,
        renew: (before: string) => renewParts(before, { file: name, registry, io }),
      })),
      ...listReports().map((name) => ({ name, renew: () => renewReport(name, registry) })),
    ];
    let drifted = false;
    for (const { name, renew } of renewals) {
      const file = path.join(root, name);
      const before = readFileSync(file, 'utf8');
      const after = await renew(before);
      if (before === after) continue;
      drifted = true;
      if (check === true) io.stdout.write(`${name} has drifted; \`pnpm docs:update\` writes it anew\n`);
      else writeText(file, after);
    }
    return drifted && check === true ? 1 : 0;
  },
});

export default command;

/** Documents that may have generated parts, relative to the checkout. */
function listDocuments(): string[] {
  const pages = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name))
    .toSorted();
  return ['README.md', ...pages];
}

/** Committed reports of committed runs, relative to the checkout; flags and sentences in them change with the code. */
function listReports(): string[] {
  const reference = path.join('results', 'reference');
  return readdirSync(path.join(root, reference), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        path.basename(name) === reportName && existsSync(path.join(root, reference, path.dirname(name), runFileName)),
    )
    .map((name) => path.join(reference, name))
    .toSorted();
}

/** Committed runs in the folders of a directory, relative to the checkout. */
function listRuns(directory: string): string[] {
  if (!existsSync(path.join(root, directory))) return [];
  return readdirSync(path.join(root, directory))
    .map((name) => path.join(directory, name, runFileName))
    .filter((file) => existsSync(path.join(root, file)))
    .toSorted();
}

async function renewReport(name: string, registry: Registry): Promise<string> {
  const run = await readStoredRun(path.join(root, path.dirname(name), runFileName));
  return renderWhole(reportRun({ run, registry }));
}

interface PartContext {
  readonly file: string;
  readonly registry: Registry;
  readonly io: Io;
}

type GeneratedPart = (args: readonly string[], context: PartContext) => Promise<string>;

const parts: Readonly<Record<string, GeneratedPart>> = {
  answer: async ([file = '', suite = '', payload = ''], { registry }) =>
    renderMarkdown(reportAnswer({ run: await readStoredRun(path.join(root, file)), registry, suite, payload })),
  headline: async ([file = '', suite = '', payload = ''], { registry }) =>
    renderMarkdown(reportHeadline({ run: await readStoredRun(path.join(root, file)), registry, suite, payload })),
  ceiling: async ([file = '', suite = '', contender = ''], { registry }) =>
    renderMarkdown(reportCeiling({ run: await readStoredRun(path.join(root, file)), registry, suite, contender })),
  excerpt: async ([file = '', section = '', ...rest], { registry }) => {
    const run = await readStoredRun(path.join(root, file));
    const { blocks } = reportRun({ run, registry });
    const table = rest.map(Number).find((number) => number > 0);
    const wanted = { section: section.split('/'), ...(table === undefined ? { words: rest } : { table }) };
    const part = excerptOf(blocks, wanted);
    const legend = flagLegend(registry, contendersIn(part));
    const where = paragraph(`Measured ${formatMoment(run.startedAt)} on ${titleRuntime(run.environment)}.`);
    return renderMarkdown({ title: '', blocks: [...part, ...list(legend), where] });
  },
  runtimes: async ([directory = '', suite = '', payload = '', contender = ''], { registry }) => {
    const files = listRuns(directory);
    if (files.length === 0) throw new UserError(`no run below ${directory}`);
    const runs = await Promise.all(files.map((file) => readStoredRun(path.join(root, file))));
    return renderMarkdown(reportRuntimes({ runs, registry, suite, payload, contender }));
  },
  power: ([file = '']) => renderMarkdown(reportPowerGoals(readPowerFile(path.join(root, file)).summary)),
  claims: async ([file = ''], { registry }) =>
    renderMarkdown({
      title: '',
      blocks: reportClaimLines(await readStoredRun(path.join(root, file)), registry.claims ?? []),
    }),
  http: async ([file = ''], { registry }) => {
    const run = await readStoredRun(path.join(root, file));
    const claims = reportHttpClaimLines(run, registry.claims ?? []);
    return renderMarkdown({ title: '', blocks: [...reportHttpHeadline(run), ...claims] });
  },
  added: async ([file = '', contender = '', scenario]) => {
    const run = await readStoredRun(path.join(root, file));
    return renderMarkdown({ title: '', blocks: reportAdded({ run, contender, scenario }) });
  },
  carried: async ([file = '']) => {
    const run = await readStoredRun(path.join(root, file));
    return renderMarkdown({ title: '', blocks: reportCarried(run) });
  },
  'page-commands': () => {
    const gone = pageRows.find(({ test }) => !existsSync(path.join(root, test)));
    if (gone !== undefined) throw new UserError(`nothing holds that ${gone.page} works: there is no ${gone.test}`);
    return renderMarkdown({ title: '', blocks: [tabulatePageCommands(pageRows)] });
  },
  classes: (_args, { registry }) => renderMarkdown({ title: '', blocks: [tabulateKnownClasses(registry.users ?? [])] }),
  presets: () =>
    renderMarkdown({
      title: '',
      blocks: [tabulatePresets(Object.entries(presets).map(([name, preset]) => ({ name, ...preset })))],
    }),
  tuning: () => renderMarkdown({ title: '', blocks: [tabulateWantedSettings(settings)] }),
  transcript: ([file = '', chapter = '']) => {
    const lines = readFileSync(path.join(root, file), 'utf8').trim().split('\n');
    const steps = lines.map((line) => JSON.parse(line) as TranscriptStep);
    const own = steps.filter((step) => step.chapter === chapter);
    return renderMarkdown({ title: '', blocks: showTranscript(own) });
  },
  help: (args, { io }) => showHelp(args, io),
  commands: async (_args, { io }) => {
    const sections = listCommands().map(async (name) => `## ${name}\n\n${await showHelp([name], io)}`);
    return (await Promise.all(sections)).join('\n');
  },
  file: ([file = '']) => {
    const text = readFileSync(path.join(root, file), 'utf8').trimEnd();
    return Promise.resolve(`\`\`\`${path.extname(file).slice(1)}\n${text}\n\`\`\`\n`);
  },
  pages: ([directory = '']) => Promise.resolve(listPages(directory)),
};

const marked = /(<!-- generated: ([^\n]*?) -->\n)[\s\S]*?(<!-- end generated -->)/g;

async function renewParts(text: string, context: PartContext): Promise<string> {
  let renewed = '';
  let end = 0;
  for (const match of text.matchAll(marked)) {
    const [whole, open, instruction = '', close] = match;
    const [name = '', ...args] = instruction.split(' ');
    const part = parts[name];
    if (part === undefined)
      throw unknownName({ what: `generated part in ${context.file}`, name, choices: Object.keys(parts) });
    renewed += `${text.slice(end, match.index)}${open}\n${await part(args, context)}\n${close}`;
    end = match.index + whole.length;
  }
  return renewed + text.slice(end);
}

/** Without the title: the page has one. */
async function renderMarkdown(document: Document): Promise<string> {
  return (await renderWhole(document)).replace(/^# .*\n+/, '');
}

async function renderWhole(document: Document): Promise<string> {
  const markdown = (await loadFormats()).get('markdown');
  if (markdown === undefined) throw new Error('src/report/formats/ has no markdown format');
  return markdown.render(document, { color: false, columns: 120 });
}

/** Commands by the files that hold them, in the order of the alphabet. */
function listCommands(): string[] {
  return readdirSync(path.join(root, 'src', 'cli', 'commands'))
    .map((name) => path.basename(name, '.ts'))
    .toSorted();
}

/** Links to the pages of a directory, each by its own title; the page that holds the list is not in it. */
function listPages(directory: string): string {
  return readdirSync(path.join(root, directory))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .toSorted()
    .map((name) => {
      const [, title = name] = /^# (.+)$/m.exec(readFileSync(path.join(root, directory, name), 'utf8')) ?? [];
      return `- [${title}](${name})\n`;
    })
    .join('');
}

async function showHelp(args: readonly string[], io: Io): Promise<string> {
  return `\`\`\`text\n${(await readHelp(args, io)).trimEnd()}\n\`\`\`\n`;
}

async function readHelp(args: readonly string[], io: Io): Promise<string> {
  // Imported here, since the module that lists the commands cannot be imported by one of them at the top.
  const { runCli } = await import('../run-cli.ts');
  let help = '';
  const code = await runCli([...args, '--help'], { ...io, stdout: { write: (text) => (help += text), columns: 100 } });
  if (code !== 0) throw new UserError(`no help for ${args.join(' ')}`);
  return help;
}
