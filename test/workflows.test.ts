/**
 * Workflows and the action, by what an attacker would look for: actions that can change, credentials that stay, rights.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly jobs?: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly permissions?: Readonly<Record<string, string>> }>
  >;
  readonly runs?: { readonly steps: readonly Step[] };
}

const workflowFiles = globSync(['.github/workflows/*.yml', 'examples/*/.github/workflows/*.yml'], {
  cwd: root,
}).toSorted();
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const readWorkflow = (file: string): Workflow => parse(read(file)) as Workflow;
const stepsOf = ({ jobs = {}, runs }: Workflow): readonly Step[] => [
  ...Object.values(jobs).flatMap(({ steps }) => steps),
  ...(runs?.steps ?? []),
];

/** Jobs that may write, and what. */
const writers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '.github/workflows/release.yml': { publish: ['id-token'] },
  '.github/workflows/site.yml': { publish: ['pages', 'id-token'] },
  '.github/workflows/thorough.yml': { propose: ['contents', 'pull-requests'] },
};

describe.each([...workflowFiles, 'action.yml'])('%s', (file) => {
  it('names every action by its commit, with the version beside it', () => {
    const uses = read(file)
      .split('\n')
      .filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    const loose = uses.filter(
      (line) => !/uses: \.\//.test(line) && !/uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
    );
    expect(loose).toEqual([]);
  });

  it('leaves no credentials in the checkout', () => {
    const checkouts = stepsOf(readWorkflow(file)).filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('puts nothing of an event into a script', () => {
    expect(stepsOf(readWorkflow(file)).filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });
});

describe.each(workflowFiles)('%s', (file) => {
  const workflow = readWorkflow(file);

  const writesOf = (permissions: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(permissions)
      .filter(([, right]) => right !== 'read' && right !== 'none')
      .map(([name]) => name);

  it('says what it may do, and lets no job write that does not need to', () => {
    expect(workflow.permissions).toBeDefined();
    expect(writesOf(workflow.permissions as Readonly<Record<string, string>>)).toEqual([]);
    const jobs = Object.entries(workflow.jobs ?? {}).map(([job, { permissions }]) => [job, writesOf(permissions)]);
    expect(Object.fromEntries(jobs.filter(([, rights]) => rights?.length !== 0))).toEqual(writers[file] ?? {});
  });

  it('runs nothing of the repository where it may write to it', () => {
    const own = Object.values(workflow.jobs ?? {}).filter(({ permissions }) =>
      writesOf(permissions).some((right) => right !== 'id-token'),
    );
    const scripts = own.flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    expect(scripts.filter((script) => /\b(?:npx|pnpm|npm|node|bash|sh)\b|(?:^|\s)\.\//.test(script))).toEqual([]);
    expect(own.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('./') === true))).toEqual([]);
  });

  it('does not run code of a fork with rights of the base', () => {
    expect(JSON.stringify(workflow.on)).not.toContain('pull_request_target');
  });
});

describe('the release', () => {
  const scripts = stepsOf(readWorkflow('.github/workflows/release.yml')).map(({ run = '' }) => run);

  it('publishes what pnpm has packed, since npm would leave out what publishConfig says of Node.js', () => {
    const packed = /pack --out (?<file>\S+)/.exec(scripts.find((script) => script.includes('pnpm@12 --dir')) ?? '');
    expect(scripts.at(-1)).toMatch(/^npm publish --provenance /);
    expect(scripts.at(-1)?.endsWith(` ${packed?.groups?.['file']}`)).toBe(true);
  });

  it('tests, lists what is in it and publishes with provenance, in that order', () => {
    const places = ['pnpm@12 test', 'pnpm@12 sbom', 'npm publish --provenance'].map((part) =>
      scripts.findIndex((script) => script.includes(part)),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe('the thorough run', () => {
  const file = '.github/workflows/thorough.yml';
  const { jobs } = parse(read(file)) as {
    jobs: Record<
      string,
      { strategy?: { 'fail-fast': boolean; matrix: { shard: number[] } }; if?: string; needs?: string }
    >;
  };
  const { shard, join, propose } = jobs;

  it('measures every shard of one division', () => {
    const shards = shard?.strategy?.matrix.shard ?? [];
    expect(shards.length).toBeGreaterThan(1);
    expect(shards).toEqual(shards.map((_, index) => index + 1));
  });

  it('joins what there is, also where a machine was lost', () => {
    expect(shard?.strategy?.['fail-fast']).toBe(false);
    expect(join?.if).toBe('always()');
  });

  it('proposes what was joined, and from main alone', () => {
    expect([propose?.needs, propose?.if]).toEqual(['join', "github.ref == 'refs/heads/main'"]);
    const steps = stepsOf(readWorkflow(file));
    const kept = steps.find((step) => step.with?.['name'] === 'kept' && step.uses?.includes('upload') === true);
    const [, added = ''] = /git add (.+)/.exec(steps.map(({ run = '' }) => run).join('\n')) ?? [];
    expect(
      String(kept?.with?.['path'])
        .trim()
        .split(/\/?\s+/)
        .map((name) => name.replace(/\/$/, '')),
    ).toEqual(added.split(' '));
  });
});

describe('the site', () => {
  it('is built for every change and published from main, as one built it', () => {
    const { on, jobs } = parse(read('.github/workflows/site.yml')) as {
      on: Record<string, unknown>;
      jobs: Record<string, { needs?: string; if?: string; steps: Step[] }>;
    };
    expect(Object.keys(on)).toEqual(['push', 'pull_request', 'workflow_dispatch']);
    expect([jobs['publish']?.needs, jobs['publish']?.if]).toEqual(['build', "github.ref == 'refs/heads/main'"]);
    const packed = jobs['build']?.steps.find(({ uses }) => uses?.includes('upload-pages-artifact') === true);
    expect(read('docs/site/build.ts')).toContain(`= '${String(packed?.with?.['path'])}'`);
  });
});

describe('the project', () => {
  it('says how to report a vulnerability and what is trusted', () => {
    for (const heading of ['## Supported versions', '## Reporting', '## What is trusted, and what is not'])
      expect(read('SECURITY.md')).toContain(heading);
  });

  it('pins its package manager, and lets the one that runs go on', () => {
    expect((JSON.parse(read('package.json')) as { packageManager: string }).packageManager).toMatch(
      /^pnpm@12\.\d+\.\d+$/,
    );
    expect((parse(read('pnpm-workspace.yaml')) as { pmOnFail: string }).pmOnFail).toBe('ignore');
  });
});
