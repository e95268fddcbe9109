/**
 * A plan as text for a terminal: what would change, as a diff, and what is left to do by hand.
 */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

import { showLines } from '../foreign-text.ts';
import type { FilePlan, InitPlan, Project } from './project.ts';

/** What was found out, in one line a fact. */
export function describeProject(project: Project): string {
  const { framework, packageManager, node, modules, repository, workspace, gateWorkflows } = project;
  const manager = `${packageManager.name}${packageManager.version === undefined ? '' : ` ${packageManager.version}`}`;
  const facts = [
    ['framework', framework === 'node:http' ? 'none that is known, so node:http' : framework],
    ['packages', `${manager}${packageManager.isBerry ? ' (berry)' : ''}`],
    ['Node.js', node.asked === undefined ? node.workflow : `${node.asked.range} (${node.asked.from})`],
    ['modules', modules === 'esm' ? 'ES modules' : 'CommonJS'],
    ['main branch', repository.mainBranch],
    ...(workspace === 'none' ? [] : [['workspace', workspace === 'root' ? 'its root' : `in ${repository.prefix}`]]),
    ...(gateWorkflows.length === 0 ? [] : [['gate in', gateWorkflows.join(', ')]]),
  ];
  return facts.map(([name = '', value = '']) => `${`${name}:`.padEnd(13)}${value.trim()}\n`).join('');
}

/** Diffs of what is to be written, then what is left alone; an empty text where there is nothing to say. */
export function showPlan({ files, notes }: InitPlan): string {
  const diffs = files.map(showDiff).filter((text) => text !== '');
  const left = files.flatMap((file) => (file.action === 'leave' ? [showLeft(file)] : []));
  const told = notes.map((note) => `- ${note}\n`);
  return showLines([...diffs, left.join(''), told.join('')].filter((text) => text !== '').join('\n'));
}

/** Files that are to be written. */
export function changesOf({ files }: InitPlan): Exclude<FilePlan, { action: 'same' | 'leave' }>[] {
  return files.filter((file) => file.action === 'create' || file.action === 'change');
}

function showDiff(file: FilePlan): string {
  if (file.action !== 'create' && file.action !== 'change') return '';
  const before = file.action === 'create' ? '' : file.before;
  const from = file.action === 'create' ? '/dev/null' : file.path;
  const [older, newer] = [withoutReturns(before), withoutReturns(file.text)];
  const options = { context: 2, headerOptions: FILE_HEADERS_ONLY };
  return shorten(createTwoFilesPatch(from, file.path, older, newer, undefined, undefined, options));
}

/** Lines of a diff that are shown. Every file but a response is shorter, and that one is the reader's own. */
const mostLines = 60;

function shorten(diff: string): string {
  const lines = diff.split('\n');
  if (lines.length <= mostLines + 1) return diff;
  return `${lines.slice(0, mostLines).join('\n')}\n… and ${lines.length - 1 - mostLines} lines more of the response\n`;
}

/** The end of a line is no part of what is shown of it. */
function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function showLeft({ path, byHand }: { path: string; byHand?: string }): string {
  return byHand === undefined
    ? `${path} is there and has what is needed; it is left as it is.\n`
    : `${path} is there and is left as it is; by hand, ${byHand}\n`;
}
