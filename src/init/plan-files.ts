/**
 * What becomes of a project's files, as data: made of facts and of the texts that are there, and of nothing else.
 *
 * A file of the project's own is never written over: it gets lines where lines can be added without a doubt, and is left
 * alone with a word of what is to be added by hand where not.
 */
import type { Agent } from 'package-manager-detector';
import { resolveCommand } from 'package-manager-detector/commands';

import { cellsOf } from './contenders.ts';
import { addIgnored, addScripts, isSameText, scriptsOf } from './edit-files.ts';
import type { FilePlan, GateCells, InitPlan, OwnSample, Project } from './project.ts';
import { configNameOf, payloadsLine, writeConfig, writeGate } from './texts/config-text.ts';
import { payloadPathOf, writePayload } from './texts/payload-text.ts';
import { callsGate, gateCommandOf, workflowNameOf, writeWorkflow } from './texts/workflow-text.ts';

/** Where the first baseline is kept, relative to the project. */
export const baselineDirectory = 'results/baseline';

/** What the commands write for one machine or one day; relative to the project. */
const passingResults = [baselineDirectory, 'results/choose', 'results/gate', 'results/latest'].map(
  (directory) => `${directory}/`,
);

export interface PlanRequest {
  readonly project: Project;
  /** A response of the project's own; without it the gate measures the suite's list of tools. */
  readonly sample?: OwnSample | undefined;
  /** Of wirebench, exact: the one that judges. */
  readonly version: string;
  /** The text of a file by its path relative to the project, with slashes; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

export function planFiles(request: PlanRequest): InitPlan {
  const { project, sample } = request;
  const cells = cellsOf(project, sample);
  return {
    files: [
      ...(sample === undefined ? [] : [planPayload(request, sample)]),
      planConfig(request, cells),
      planManifest(request, cells),
      planIgnored(request),
      planWorkflow(request),
    ],
    notes: notesOf(request),
    cells,
  };
}

/** The command that measures what `gate --baseline` compares with. */
export function baselineArguments({ contenders, payload, items }: GateCells): string[] {
  // Beside the reference of the suite, one in plain JavaScript: what moves only one of both is not the machine.
  const wanted = [...new Set(['json-stringify', 'safe-stable-stringify', ...contenders])];
  const cells = ['--suite', 'serialize', '--contender', wanted.join(','), '--payload', payload, '--sink', 'bytes'];
  const sizes = items === undefined ? [] : ['--items', items.join(',')];
  // Three rounds are the fewest that give an interval.
  return ['run', '--quick', '--forks', '3', ...cells, ...sizes, '--out', baselineDirectory];
}

function planPayload({ project, read }: PlanRequest, sample: OwnSample): FilePlan {
  const path = payloadPathOf(project, sample);
  return planWhole({ path, text: writePayload(project, sample), before: read(path), byHand: () => undefined });
}

function planConfig({ project, sample, read }: PlanRequest, cells: GateCells): FilePlan {
  const names = ['wirebench.config.ts', 'wirebench.config.mjs', 'wirebench.config.js'];
  const path = names.find((name) => read(name) !== undefined) ?? configNameOf(project);
  return planWhole({
    path,
    text: writeConfig(project, cells),
    before: read(path),
    byHand: (before) => {
      const lacksPayload = sample !== undefined && !before.includes('bench/payloads');
      const lines = [
        ...(lacksPayload ? [payloadsLine] : []),
        ...(/\bgate\s*[:,}]/.test(before) ? [] : writeGate(project, cells)),
      ];
      return lines.length === 0 ? undefined : `add to what it exports:\n${lines.join('\n')}`;
    },
  });
}

function planManifest({ project, read }: PlanRequest, cells: GateCells): FilePlan {
  const path = 'package.json';
  const before = read(path) ?? '';
  const { mainBranch, isMainFound } = project.repository;
  const scripts = {
    // A name that a shell would take for more than a name is left to the user.
    'bench:gate': `wirebench gate${isMainFound || !/^[\w./-]+$/.test(mainBranch) ? '' : ` --base ${mainBranch}`}`,
    'bench:baseline': `wirebench ${baselineArguments(cells).join(' ')}`,
  };
  const text = addScripts(before, scripts);
  if (text !== before) return { action: 'change', path, before, text };
  const gate = scriptsOf(before)['bench:gate'];
  const isOther = typeof gate !== 'string' || !/\bgate\b/.test(gate);
  return isOther
    ? { action: 'leave', path, byHand: `it has a script bench:gate; under another name: "${scripts['bench:gate']}"` }
    : { action: 'same', path };
}

function planIgnored({ read }: PlanRequest): FilePlan {
  const path = '.gitignore';
  const before = read(path);
  const text = addIgnored(before ?? '', passingResults);
  if (before === undefined) return { action: 'create', path, text };
  return text === before ? { action: 'same', path } : { action: 'change', path, before, text };
}

function planWorkflow({ project, version, read }: PlanRequest): FilePlan {
  const { up, prefix } = project.repository;
  const name = workflowNameOf(prefix);
  const path = `${up}.github/workflows/${name}`;
  const before = read(path);
  const other = project.gateWorkflows.find((file) => file !== name);
  // A second one would only add noise to the first. Beside other packages' ones a package has its own.
  if (before === undefined && other !== undefined && prefix === '')
    return { action: 'leave', path: `.github/workflows/${other}` };
  return planWhole({
    path,
    text: writeWorkflow(project, version),
    before,
    byHand: (text) => (callsGate(text) ? undefined : `add a step that runs:\n  ${gateCommandOf(version)}`),
  });
}

/** A file that is written whole or not at all. @param file.byHand what is missing in a text of somebody's own. */
function planWhole(file: {
  path: string;
  text: string;
  before: string | undefined;
  byHand: (before: string) => string | undefined;
}): FilePlan {
  const { path, text, before } = file;
  if (before === undefined) return { action: 'create', path, text };
  if (isSameText(before, text)) return { action: 'same', path };
  const byHand = file.byHand(before);
  return byHand === undefined ? { action: 'leave', path } : { action: 'leave', path, byHand };
}

function notesOf({ project, sample, version }: PlanRequest): string[] {
  const { node, packageManager, wirebench, workspace, hasNoNodeModules, compilesEverything, modules } = project;
  const add = resolveCommand(addingAgentOf(project), 'add', ['-D', `wirebench@${version}`]);
  const adding = add === null ? `add wirebench@${version}` : `run: ${add.command} ${add.args.join(' ')}`;
  const { declared } = wirebench;
  const config = configNameOf(project);
  return [
    ...(declared === undefined
      ? [`wirebench is not in package.json, and the gate measures what a side has installed; ${adding}.`]
      : []),
    ...(declared !== undefined && /^(?:file|link|portal):|\.tgz$/.test(declared)
      ? [`package.json has wirebench from ${declared}: CI needs that file, too, and its judge is wirebench@${version}.`]
      : []),
    ...(node.asked === undefined || node.isAsked
      ? []
      : [
          `This project asks for Node.js ${node.asked.range} (${node.asked.from}), on which wirebench does not run; the workflow measures on ${node.workflow}.`,
        ]),
    ...(packageManager.name !== 'npm' && packageManager.version === undefined
      ? [`The workflow gets the newest ${packageManager.name}; a packageManager field in package.json would pin it.`]
      : []),
    ...(hasNoNodeModules
      ? ['The gate looks for packages in node_modules: set `nodeLinker: node-modules` in .yarnrc.yml.']
      : []),
    ...(workspace === 'root'
      ? ['This is the root of a workspace; if your gateway is one of its packages, run it there instead.']
      : []),
    ...(compilesEverything && modules === 'esm'
      ? [
          `tsconfig.json names no files, so the compiler takes ${config} into its output; exclude it${sample === undefined ? '' : ', and bench'}.`,
        ]
      : []),
    ...(sample === undefined
      ? ['The gate measures the list of tools of the suite; with --sample FILE or URL it measures your own response.']
      : [`Look through bench/payloads/${sample.name} before you commit it: it holds what the response held.`]),
  ];
}

function addingAgentOf({ packageManager: { name, isBerry } }: Project): Agent {
  const known = (['pnpm', 'yarn', 'bun'] as const).find((candidate) => candidate === name) ?? 'npm';
  return isBerry ? 'yarn@berry' : known;
}
