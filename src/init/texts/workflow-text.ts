/**
 * The workflow that init writes: the gate in one job, with no secret, by a program that the pull request cannot replace.
 *
 * Why it is like this: docs/guides/ci.md and docs/guides/gate.md. The commits of the actions are those of this project's
 * own workflows, which a test holds.
 */
import type { PackageManager, Project } from '../project.ts';
import { configNameOf } from './config-text.ts';

const actions = {
  checkout: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  node: 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0',
  upload: 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0',
};

/** The file of the workflow; each package of a repository has its own. @param prefix from the top level, with slashes. */
export function workflowNameOf(prefix: string): string {
  const name = prefix.split('/').at(-1) ?? '';
  return name === '' ? 'wirebench.yml' : `wirebench-${name}.yml`;
}

/** True for a workflow with a step that calls the gate, directly, by the script that init adds, or by the action. */
export function callsGate(text: string): boolean {
  return /wirebench(?:@\S+)? gate\b|bench:gate\b|uses:\s*\S+\/wirebench@/.test(text.replaceAll(/^\s*#.*$/gm, ''));
}

/** The command of the workflow that judges. @param version of the program, exact. */
export function gateCommandOf(version: string): string {
  return `npx --yes --prefix="$RUNNER_TEMP/wirebench-judge" wirebench@${version} gate --base HEAD^1 --budget 10m --out results/gate`;
}

export function writeWorkflow(
  project: Pick<Project, 'node' | 'packageManager' | 'repository' | 'modules'>,
  version: string,
): string {
  const { prefix } = project.repository;
  const inside = prefix === '' ? '' : `${prefix}/`;
  const config = `${inside}${configNameOf(project)}`;
  const install = installCommandOf(project.packageManager);
  return [
    '# Fails a pull request that makes responses slower, larger or wrong. Both sides are measured in this one job, each',
    '# installed from its own lockfile. Give it no secrets: what a pull request installs and measures runs as the same user.',
    `name: ${prefix === '' ? 'wirebench' : quote(`wirebench ${prefix.split('/').at(-1)}`)}`,
    'on: pull_request',
    'permissions:',
    '  contents: read',
    'jobs:',
    '  gate:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 45',
    ...(prefix === '' ? [] : ['    defaults:', '      run:', `        working-directory: ${quote(prefix)}`]),
    '    steps:',
    '      # Both sides are taken out of the history, so all of it is needed.',
    `      - uses: ${actions.checkout}`,
    '        with:',
    '          persist-credentials: false',
    '          fetch-depth: 0',
    `      - uses: ${actions.node}`,
    '        with:',
    `          node-version: ${quote(project.node.workflow)}`,
    ...(install === undefined
      ? []
      : [`      - name: Get the package manager that installs both sides`, `        run: ${install}`]),
    '      - name: Compare with the commit that this one would be merged into',
    '        # The program is fetched apart from the repository, so that a pull request does not bring its own judge.',
    '        run: |',
    `          if ! git cat-file -e ${quoteForShell(`HEAD^1:${config}`)}; then`,
    `            echo "the base has no ${configNameOf(project)} yet, so there is nothing to compare with"`,
    '            exit 0',
    '          fi',
    `          ${gateCommandOf(version)}`,
    '      - name: Keep the evidence',
    '        if: always()',
    `        uses: ${actions.upload}`,
    '        with:',
    '          name: wirebench-gate',
    '          if-no-files-found: ignore',
    '          path: |',
    ...['gate.json', 'junit.xml', 'report.md'].map((file) => `            ${inside}results/gate/${file}`),
    '',
  ].join('\n');
}

/** What a machine with Node.js and npm needs besides; nothing for npm, and for what npm is not known to install. */
function installCommandOf({ name, isBerry, version }: PackageManager): string | undefined {
  if (!['pnpm', 'yarn', 'bun'].includes(name)) return undefined;
  const wanted = `${isBerry ? '@yarnpkg/cli-dist' : name}${version === undefined ? '' : `@${version}`}`;
  // Of these only bun's package fetches its program by a script.
  return `npm install --global ${name === 'bun' ? '--allow-scripts=bun ' : ''}${wanted}`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text in YAML whatever it holds. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
