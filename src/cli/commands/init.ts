/**
 * `wirebench init`: sets a project up for the gate: configuration, workflow, scripts, a response, a first baseline.
 *
 * Reads as the plan it carries out: find out, plan, show, ask, write, measure. Nothing is changed that was not shown.
 */
import path from 'node:path';

import { Option, type Command } from '@commander-js/extra-typings';

import { createGenerator } from '../../corpus/generator.ts';
import { detectProject } from '../../init/detect-project.ts';
import { baselineArguments, baselineDirectory, planFiles } from '../../init/plan-files.ts';
import type { InitPlan, OwnSample, Project } from '../../init/project.ts';
import { changesOf, describeProject, showPlan } from '../../init/show-plan.ts';
import { readProjectFile, refuseReadOnly, writeFiles } from '../../init/write-files.ts';
import { listModules, readManifest } from '../../own-files.ts';
import { defaultAuthEnv, readSample } from '../../record/sample.ts';
import { benchRoot } from '../../registry/registry.ts';
import { formatPlural } from '../../report/quantities.ts';
import { runFileName } from '../../store/run-file.ts';
import type { ExitCode } from '../../user-error.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { isSupportedNode } from '../node-version.ts';
import { defaultSeed } from '../options.ts';
import { tell } from '../progress.ts';
import { tellSample } from '../tell-sample.ts';

const declare = (init: Command) =>
  init
    .option('--sample <source>', 'a response as your gateway sends it, for the gate: a JSON file or a URL')
    .option('--types <rules>', 'its strings that are objects in memory, e.g. createdAt=date,/items/*/id=uuid')
    .option('--auth-env <variable>', 'environment variable with the Authorization header for URLs', defaultAuthEnv)
    .option('--no-baseline', 'measure no first baseline for `gate --baseline`')
    .addOption(new Option('--dry-run', 'show what would change, and change nothing').conflicts('yes'))
    .option('--yes', 'do not ask; for CI and scripts')
    .addHelpText(
      'after',
      [
        '',
        'Finds out the framework, the package manager, the version of Node.js, the kind of modules, the main branch and',
        'the workflows that there are. Files that exist are never written over: package.json and .gitignore get lines,',
        'and of others it says what to add by hand. A second run changes nothing.',
      ].join('\n'),
    );

type InitOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'set a project up for the gate: configuration, workflow, scripts, a first baseline',
  declare,

  async run({ options }, io) {
    const project = await detectProject({
      surroundings: io,
      isSupportedNode,
      runningNode: process.versions.node,
    });
    const sample = await readOwnSample(options, io);
    const plan = planFiles({
      project,
      sample,
      version: readManifest().version,
      read: (file) => readProjectFile(io.cwd, file),
    });
    io.stdout.write(`${describeProject(project)}\n${showPlan(plan)}`);

    const changes = changesOf(plan);
    if (changes.length > 0) {
      refuseReadOnly(io.cwd, changes);
      if (!(await mayWrite(options, changes.length, io))) return io.signal.aborted ? 130 : 0;
      await writeFiles({
        directory: io.cwd,
        changes,
        signal: io.signal,
        onWritten: (file) => tell(io, `wrote ${file}`),
      });
    } else tell(io, 'nothing to change: every file is as it is to be, or is your own');
    if (options.dryRun === true) return 0;
    return measureBaseline({ options, project, plan, io });
  },
});

export default command;

/** @throws {UserError} where nobody can be asked. */
async function mayWrite({ yes, dryRun }: InitOptions, count: number, io: Io): Promise<boolean> {
  if (yes === true) return true;
  if (dryRun === true) {
    tell(io, `nothing was written: this was a dry run; --yes writes ${formatPlural(count, 'file')}`);
    return false;
  }
  if (io.ask === undefined) {
    throw new UserError('nothing was written: there is no terminal to ask on', {
      hint: 'look at what would change, and run it again with --yes',
    });
  }
  if (await io.ask(`Write ${formatPlural(count, 'file')}?`)) return true;
  tell(io, 'nothing was written');
  return false;
}

/** The response that the user names, under a name that no payload of wirebench has. */
async function readOwnSample({ sample, types, authEnv }: InitOptions, io: Io): Promise<OwnSample | undefined> {
  if (sample === undefined) {
    if (types === undefined) return undefined;
    throw new UserError('--types goes with --sample', { hint: 'name the response whose strings they are' });
  }
  const read = await readSample({ source: sample, types, authEnv }, io);
  tellSample(read, io);
  const { payload } = read;
  const name = payload.id.replace(/^.*\//, '');
  const taken = listModules(new URL('payloads/', benchRoot)).some(({ id }) => id === name);
  const [size = 1] = payload.sizes;
  return {
    name: taken ? `own-${name}` : name,
    described: payload.where,
    value: payload.generate(createGenerator(defaultSeed), size),
    // A sample's own schema is always the schema itself.
    ...(types === undefined || typeof payload.schema === 'string' ? {} : { nativeSchema: payload.schema }),
  };
}

/** Of this machine, for `gate --baseline`; what is there already stays. */
async function measureBaseline(request: {
  options: InitOptions;
  project: Project;
  plan: InitPlan;
  io: Io;
}): Promise<ExitCode> {
  const { options, project, plan, io } = request;
  const file = `${baselineDirectory}/${runFileName}`;
  if (!options.baseline || readProjectFile(io.cwd, file) !== undefined) return 0;
  const later = `measure it with the script bench:baseline`;
  if (!project.wirebench.isInstalled) {
    tell(io, `no baseline was measured: wirebench is not installed here; install it, then ${later}`);
    return 0;
  }
  tell(io, `measuring a first baseline into ${baselineDirectory}; Ctrl-C ends it, and the files stay`);
  // Imported here, since the module that lists the commands cannot be imported by one of them at the top.
  const { runCli } = await import('../run-cli.ts');
  const code = await runCli(baselineArguments(plan.cells), io);
  if (code === 0) tell(io, `compare with it on this machine by: wirebench gate --baseline ${path.normalize(file)}`);
  else tell(io, `there is no whole baseline; ${later}`);
  return code;
}
