/**
 * The composite action and the workflow that uses it: valid YAML, inputs that exist, no input inside a script.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly 'continue-on-error'?: boolean;
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
const comment = action.runs.steps.find(({ name }) => name === 'Comment on the pull request');

/** Where a runner keeps what lasts as long as a job. */
const runnerTemp = path.join(tmpdir(), 'wirebench-test-runner');
afterAll(() => rmSync(runnerTemp, { recursive: true, force: true }));

/** The arguments that the action's script gives to npx. */
function runScript(env: Readonly<Record<string, string>>): string[] {
  const given = { RUNNER_TEMP: runnerTemp, GITHUB_OUTPUT: '/dev/null', GATE_VERSION: '1.2.3', ...env };
  const script = `npx() { printf '%s\\n' "$@"; }; ${compare?.run ?? ''}`;
  return execFileSync('bash', ['--norc', '-e', '-o', 'pipefail', '-c', script], {
    encoding: 'utf8',
    env: given,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trimEnd()
    .split('\n');
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
    const inCompare = Object.values(compare?.env ?? {}).map(
      (value) => /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1],
    );
    expect(inCompare).not.toContain(undefined);
    const inComment = /inputs\.([\w-]+)/.exec(comment?.if ?? '')?.[1];
    expect(new Set([...inCompare, inComment])).toEqual(new Set(Object.keys(action.inputs)));
  });

  it('passes on what is given and leaves the rest to the command', () => {
    const none = { GATE_BASE: '', GATE_BUDGET: '', GATE_INCONCLUSIVE: '', GATE_FORMAT: '', GATE_PASS_ENV: '' };
    const judge = ['--yes', `--prefix=${runnerTemp}/wirebench-judge`, 'wirebench@1.2.3', 'gate'];
    expect(runScript(none)).toEqual([...judge, '--out', 'results/gate']);
    expect(
      runScript({
        GATE_BASE: '$(id) x',
        GATE_BUDGET: '5m',
        GATE_INCONCLUSIVE: 'pass',
        GATE_FORMAT: 'markdown',
        GATE_PASS_ENV: 'A,B',
      }),
    ).toEqual([
      ...judge,
      '--out',
      'results/gate',
      '--base',
      '$(id) x',
      '--budget',
      '5m',
      '--inconclusive',
      'pass',
      '--format',
      'markdown',
      '--pass-env',
      'A,B',
    ]);
  });

  it('judges with the version of this package unless told otherwise, and says which one it is', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(action.inputs['version']?.default).toBe(version);
    expect(compare?.run).toContain('echo "judging with wirebench@$GATE_VERSION" >&2');
  });

  it('needs nothing of the repository that it runs in: no script, package or file of it is called', () => {
    expect(compare?.run).not.toMatch(/pnpm|npm ci|npm run|node_modules|\.\//);
  });

  it('comments only when told to, whatever came of the comparison, and lets nothing of that change the result', () => {
    expect(action.inputs['comment']?.default).toBe('false');
    expect(comment?.if).toBe("always() && inputs.comment == 'true' && github.event_name == 'pull_request'");
    expect(comment?.['continue-on-error']).toBe(true);
  });

  it('has the token in no step but the one that comments, which runs nothing of a side', () => {
    const withToken = action.runs.steps.filter((step) => /github\.token|secrets\./.test(JSON.stringify(step)));
    expect(withToken).toEqual([comment]);
    expect(comment?.run).toMatch(
      /^npx --yes --prefix="\$\{RUNNER_TEMP:\?\}\/wirebench-judge" "wirebench@\$GATE_VERSION" comment results\/gate$/,
    );
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

  const steps = jobs['gate']?.steps ?? [];

  it('fetches the whole history, and takes the judge from the base and never from the pull request', () => {
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    expect(checkout?.with?.['fetch-depth']).toBe(0);
    // `uses: ./` would be the action of the pull request.
    expect(steps.filter(({ uses }) => uses?.startsWith('./') === true)).toEqual([]);
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts).toHaveLength(2);
    expect(scripts[0]).toContain(`git archive 'HEAD^1' | tar -x -C "$RUNNER_TEMP/judge"`);
    expect(scripts[1]).toMatch(
      /^judge="\$RUNNER_TEMP\/judge"\n"\$judge\/node_modules\/\.bin\/node" "\$judge\/src\/cli\/main\.ts" gate --base 'HEAD\^1' /,
    );
    for (const run of scripts) expect(run).not.toContain('${{');
  });

  it('measures alone: nothing else runs beside it', () => {
    expect(Object.keys(jobs)).toEqual(['gate']);
  });
});
