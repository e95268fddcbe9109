/**
 * The example workflow with the gate: valid YAML, steps in the right order, and a command that the program accepts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { invoke } from '../cli/invoke.ts';
import { directoryOf, planGateOf, readManifestOf, root } from './projects.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const example = 'ci-gate';
const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));
const workflow = read(path.join(directoryOf(example), '.github/workflows/gate.yml')) as Workflow;
const steps = workflow.jobs['gate']?.steps ?? [];
const placeOf = (test: (step: Step) => boolean): number => steps.findIndex(test);

/** The arguments that the step's script gives to npx, found by running it with an npx that prints them. */
function argumentsOf(script: string): string[] {
  const text = execFileSync(
    'bash',
    ['--norc', '-e', '-o', 'pipefail', '-c', `npx() { printf '%s\\n' "$@"; }; ${script}`],
    { encoding: 'utf8', env: { RUNNER_TEMP: '/runner' } },
  );
  return text.trimEnd().split('\n');
}

const compare = placeOf(({ run }) => run?.includes(' gate ') === true);
/** What npx itself is told, and what it runs. */
const [yes, prefix, program, ...argv] = argumentsOf(steps[compare]?.run ?? '');

describe('the example workflow', () => {
  it('runs for pull requests, may only read, and measures alone', () => {
    expect(workflow.on).toBe('pull_request');
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.jobs)).toEqual(['gate']);
  });

  it('fetches the whole history, then Node.js, then compares, and runs no code of the pull request to judge it', () => {
    const checkout = placeOf(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    const node = placeOf(({ uses }) => uses?.startsWith('actions/setup-node@') === true);
    expect(checkout).toBeGreaterThanOrEqual(0);
    expect(node).toBeGreaterThan(checkout);
    expect(compare).toBeGreaterThan(node);
    expect(steps.filter(({ run }) => run !== undefined)).toHaveLength(1);
    expect(steps[checkout]?.with?.['fetch-depth']).toBe(0);
  });

  it('gives no input to a shell as code', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('calls the gate with options that it has, with values that it can read', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect([yes, prefix, program, argv[0]]).toEqual([
      '--yes',
      '--prefix=/runner/wirebench-judge',
      `wirebench@${version}`,
      'gate',
    ]);
    const { stdout: help } = await invoke(['gate', '--help']);
    const options = argv.filter((argument) => argument.startsWith('--'));
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(help).toMatch(new RegExp(`^ +${option} `, 'm'));
    // An empty directory has no two versions: everything on the command line has been understood by then.
    const empty = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    const { code, stderr } = await invoke(argv, { cwd: empty });
    rmSync(empty, { recursive: true });
    expect(code).toBe(2);
    expect(stderr).toContain('is not in a git repository');
  });

  it('keeps the same evidence as the action, whatever came of the comparison', () => {
    const action = read(path.join(root, 'action.yml')) as { runs: { steps: readonly Step[] } };
    const isUpload = ({ uses }: Step): boolean => uses?.startsWith('actions/upload-artifact@') === true;
    const [own, official] = [steps.find(isUpload), action.runs.steps.find(isUpload)];
    expect(own?.if).toBe('always()');
    expect(own?.uses).toBe(official?.uses);
    expect(own?.with?.['path']).toBe(official?.with?.['path']);
    expect(own?.with?.['path']).toContain(`${argv[argv.indexOf('--out') + 1]}/gate.json`);
  });

  it('installs the program that it calls, and watches cells that exist', async () => {
    expect(Object.keys(readManifestOf(example).devDependencies ?? {})).toContain('wirebench');
    const cells = await planGateOf(example);
    expect(cells).toContain('serialize/json-stringify/tools/100/native/bytes');
    expect(cells).toContain('serialize/fast-json-stringify/tools/1000/text/bytes');
  });
});
