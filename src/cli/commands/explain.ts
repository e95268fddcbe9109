/**
 * `wirebench explain`: why JSON.stringify leaves V8's fast path on a value of the user's, where, and what that costs.
 *
 * Reads a JSON document as parsed, or the live objects that a module exports. Processes of their own look at the value,
 * since how this one keeps its strings would change the answer.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Command } from '@commander-js/extra-typings';

import { explainValue } from '../../choose/fast-path/explain.ts';
import type { ValueSource } from '../../choose/fast-path/messages.ts';
import type { Explanation } from '../../model/explanation.ts';
import { guardScratch, makeScratchDirectory } from '../../process/scratch-directory.ts';
import { reportExplanation } from '../../report/choice/explanation-report.ts';
import { readEnvironment } from '../../store/environment.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseSeed, parseWhole } from '../options.ts';
import { openProgress } from '../progress.ts';
import { checkFormat, renderDocument } from '../render.ts';
import { defaultAuthEnv, readSource } from '../../record/sample.ts';

const declare = (explain: Command) =>
  explain
    .option('--sample <source>', 'a JSON document, explained as JSON.parse makes it: a file, a URL, or recorded/<name>')
    .option('--module <file>', 'a .ts, .js or .mjs module, whose exported objects are explained as they are')
    .option('--export <name>', 'with --module: the export to explain; a function is called (default: default)')
    .option(
      '--forks <n>',
      'rounds of measurement, fresh processes each (default: 5, fewer where many causes are measured)',
      parseWhole({ min: 1, max: 100 }),
    )
    .option('--auth-env <variable>', 'environment variable with the Authorization header for URLs', defaultAuthEnv)
    .option('--seed <n>', 'seed of the order of measurement', parseSeed, defaultSeed)
    .option('--format <name>', 'terminal, markdown, json, or another file of src/report/formats/', 'terminal');

type ExplainOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: "say why JSON.stringify leaves V8's fast path on a value, where, and what that costs",
  declare,

  async run({ options }, io) {
    checkUsage(options);
    // An unknown format should fail before anything is measured.
    await checkFormat(options.format);
    const explanation =
      options.sample === undefined ? await explainModule(options, io) : await explainSample(options, io);
    io.stdout.write(await renderDocument({ document: reportExplanation(explanation), format: options.format, io }));
    return explanation.interrupted === true ? 130 : 0;
  },
});

export default command;

function checkUsage({ sample, module, export: name }: ExplainOptions): void {
  const hint = 'give --sample FILE for a JSON document, or --module FILE for live objects';
  if (sample === undefined && module === undefined)
    throw new UserError('explain: there is no value to explain', { hint });
  if (sample !== undefined && module !== undefined)
    throw new UserError('explain: --sample and --module exclude each other', { hint });
  if (name !== undefined && module === undefined) {
    throw new UserError(`explain: --export '${name}' names an export of a --module, and there is none`, {
      hint: 'add --module FILE',
    });
  }
}

async function explainSample(options: ExplainOptions, io: Io): Promise<Explanation> {
  const { text, described } = await readSource(options.sample ?? '', options.authEnv, io);
  return whileScratch((scratch) => {
    // A file of our own, so that every process reads the same text whatever becomes of the user's.
    const file = path.join(scratch, 'sample.json');
    guardScratch(scratch, () => writeFileSync(file, text));
    return explainSource({ options, io, described, source: { type: 'text', file }, scratch });
  });
}

async function whileScratch<T>(action: (directory: string) => Promise<T>): Promise<T> {
  const scratch = makeScratchDirectory({ purpose: 'explain' });
  try {
    return await action(scratch.path);
  } finally {
    scratch.remove();
  }
}

async function explainModule(options: ExplainOptions, io: Io): Promise<Explanation> {
  const { module = '', export: exportName = 'default' } = options;
  const file = path.resolve(io.cwd, module);
  if (!existsSync(file)) {
    throw new UserError(`explain: cannot read --module '${module}': there is no such file`, {
      hint: 'give a path that starts from the working directory',
    });
  }
  const described = exportName === 'default' ? module : `${module}, export ${exportName}`;
  return whileScratch((scratch) =>
    explainSource({ options, io, described, source: { type: 'module', file, exportName }, scratch }),
  );
}

async function explainSource(given: {
  options: ExplainOptions;
  io: Io;
  described: string;
  source: ValueSource;
  scratch: string;
}): Promise<Explanation> {
  const { options, io, described, source, scratch } = given;
  const environment = await readEnvironment({ packages: [], directory: io.cwd });
  const progress = openProgress(io);
  try {
    return await explainValue({
      described,
      source,
      environment,
      cwd: io.cwd,
      scratchDirectory: scratch,
      ...(options.forks === undefined ? {} : { rounds: options.forks }),
      seed: options.seed,
      signal: io.signal,
      progress,
    });
  } finally {
    progress.end();
  }
}
