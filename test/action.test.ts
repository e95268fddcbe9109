/**
 * The composite action and the workflow that uses it: valid YAML, inputs that exist, no input inside a script.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

function readYaml(file: string): unknown {
  return parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
}

const action = readYaml('action.yml') as Action;
const [compare] = action.runs.steps;

/** The arguments that the action's script gives to npx. */
function runScript(env: Readonly<Record<string, string>>): string[] {
  const script = `npx() { printf '%s\\n' "$@"; }; ${compare?.run ?? ''}`;
  return execFileSync('bash', ['--norc', '-e', '-o', 'pipefail', '-c', script], { encoding: 'utf8', env }).trimEnd().split('\n');
}

describe('the action', () => {
  it('is composite and names a shell for every script', () => {
    expect(action.runs.using).toBe('composite');
    const scripts = action.runs.steps.filter(({ run }) => run !== undefined);
    expect(scripts.length).toBeGreaterThan(0);
    for (const { shell } of scripts) expect(shell).toBe('bash');
  });

  it('hands inputs over as environment variables, every one of them, and never inside a script', () => {
    for (const { run } of action.runs.steps) expect(run ?? '').not.toContain('${{');
    const used = Object.values(compare?.env ?? {}).map((value) => /^\$\{\{ inputs\.(\w+) \}\}$/.exec(value)?.[1]);
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
  });

  it('passes on what is given and leaves the rest to the command', () => {
    expect(runScript({ GATE_BASE: '', GATE_BUDGET: '', GATE_INCONCLUSIVE: '', GATE_FORMAT: '' })).toEqual([
      '-y', 'pnpm@12', 'bench:gate', '--out', 'results/gate',
    ]);
    expect(runScript({ GATE_BASE: '$(id) x', GATE_BUDGET: '5m', GATE_INCONCLUSIVE: 'pass', GATE_FORMAT: 'markdown' }).slice(5)).toEqual([
      '--base', '$(id) x', '--budget', '5m', '--inconclusive', 'pass', '--format', 'markdown',
    ]);
  });

  it('keeps the evidence whatever came of the comparison', () => {
    const upload = action.runs.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@') === true);
    expect(upload?.if).toBe('always()');
    expect(upload?.with?.['path']).toContain('results/gate/gate.json');
    expect(upload?.with?.['path']).toContain('results/gate/junit.xml');
  });
});

describe('the workflow of the gate', () => {
  const { jobs } = readYaml('.github/workflows/gate.yml') as Workflow;

  it('fetches the whole history before it uses the action, with inputs that the action has', () => {
    const steps = jobs['gate']?.steps ?? [];
    const checkout = steps.findIndex(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    const gate = steps.findIndex(({ uses }) => uses === './');
    expect(checkout).toBeGreaterThanOrEqual(0);
    expect(gate).toBeGreaterThan(checkout);
    expect(steps[checkout]?.with?.['fetch-depth']).toBe(0);
    const unknown = Object.keys(steps[gate]?.with ?? {}).filter((name) => !Object.hasOwn(action.inputs, name));
    expect(unknown).toEqual([]);
  });

  it('measures alone: nothing else runs in its job or beside it in the workflow', () => {
    expect(Object.keys(jobs)).toEqual(['gate']);
    expect(jobs['gate']?.steps.flatMap(({ run }) => run ?? [])).toEqual([]);
  });
});
