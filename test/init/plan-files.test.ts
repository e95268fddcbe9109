import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { baselineArguments, planFiles } from '../../src/init/plan-files.ts';
import type { FilePlan, InitPlan, OwnSample, Project } from '../../src/init/project.ts';
import { changesOf, describeProject, showPlan } from '../../src/init/show-plan.ts';
import { imagine, manifestOf } from './projects.ts';

type Texts = Readonly<Record<string, string>>;

function plan(project: Project, texts: Texts = {}, sample?: OwnSample): InitPlan {
  const files = new Map(Object.entries({ 'package.json': manifestOf({}), ...texts }));
  return planFiles({ project, sample, version: '0.1.0', read: (path) => files.get(path) });
}

/** The files as they are after the plan was carried out. */
function carryOut({ files }: InitPlan): Texts {
  return Object.fromEntries(files.flatMap((file) => ('text' in file ? [[file.path, file.text]] : [])));
}

function fileOf({ files }: InitPlan, path: string): FilePlan {
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`the plan has no ${path}`);
  return found;
}

const textOf = (project: Project, path: string): string => carryOut(plan(project))[path] ?? `there is no ${path}`;
const workflowOf = (project: Project, path = '.github/workflows/wirebench.yml'): string => textOf(project, path);

const invoice: OwnSample = {
  name: 'invoice',
  described: 'samples/invoice.json',
  value: { id: 1, lines: [{ a: 'b' }] },
};
const berry = { name: 'yarn', isBerry: true, version: '4.18.1' };
const kinds: readonly Project[] = [
  imagine(),
  imagine({ modules: 'cjs', framework: 'nestjs', packageManager: berry }),
  imagine({
    repository: { up: '../../', prefix: 'packages/gw', mainBranch: 'trunk', isMainFound: false },
    workspace: 'member',
  }),
];

describe('a plan', () => {
  it('writes what is missing, and where all is written nothing', () => {
    for (const project of kinds) {
      const first = plan(project, {}, invoice);
      expect(changesOf(first).map(({ path }) => path)).toHaveLength(5);
      const second = plan(project, carryOut(first), invoice);
      expect(second.files.map(({ action }) => action)).toEqual(['same', 'same', 'same', 'same', 'same']);
      // Without the sample the configuration is another text, and has what is needed all the same.
      const third = plan(project, carryOut(first));
      expect(changesOf(third)).toEqual([]);
      expect(showPlan(third)).not.toContain('by hand');
    }
  });

  it('takes files that git gave other line ends for the same', () => {
    const written = Object.entries(carryOut(plan(imagine()))).map(([path, text]) => [
      path,
      text.replaceAll('\n', '\r\n'),
    ]);
    expect(changesOf(plan(imagine(), Object.fromEntries(written) as Texts))).toEqual([]);
  });

  it.each([
    ['wirebench.config.ts', '// the gate\nexport default {};', "payloads: ['bench/payloads'],\n  gate: {"],
    ['wirebench.config.mjs', "export default { gate: {}, payloads: ['bench/payloads/a.json'] };", ''],
    ['wirebench.config.js', 'export default { gate: {} };', "payloads: ['bench/payloads'],"],
    ['.github/workflows/wirebench.yml', 'on: push', 'gate --base HEAD^1'],
    ['.github/workflows/wirebench.yml', 'run: npx wirebench gate --base main', ''],
    ['bench/payloads/invoice.ts', 'export default {};', ''],
    ['package.json', manifestOf({ scripts: { 'bench:gate': 'mine', 'bench:baseline': 'mine' } }), '"wirebench gate"'],
  ])('leaves %s alone where it is another: %j', (path, text, byHand) => {
    const made = plan(imagine(), { [path]: text }, invoice);
    const file = fileOf(made, path);
    expect(file.action).toBe('leave');
    // An empty text is in every other one: where nothing is to be done, nothing is said.
    expect('byHand' in file).toBe(byHand !== '');
    expect(JSON.stringify(file)).toContain(JSON.stringify(byHand).slice(1, -1));
    expect(changesOf(made).map((change) => change.path)).not.toContain(path);
    expect(showPlan(made)).toContain(`${path} is there and `);
  });

  it('adds no second workflow beside one that calls the gate, except in a package', () => {
    const [gateWorkflows, path] = [['gate.yml'], '.github/workflows/gate.yml'];
    expect(fileOf(plan(imagine({ gateWorkflows })), path)).toEqual({ action: 'leave', path });
    const inside = imagine({ gateWorkflows, repository: { ...imagine().repository, up: '../', prefix: 'gw' } });
    expect(fileOf(plan(inside), '../.github/workflows/wirebench-gw.yml').action).toBe('create');
  });

  it('shows every line that it would write, and no character of others as a command', () => {
    const shown = showPlan(plan(imagine(), { '.gitignore': 'dist/\r\n' }, { ...invoice, value: ['\u001B[31mred'] }));
    expect(shown).toContain('--- /dev/null\n+++ wirebench.config.ts\n');
    expect(shown).toContain('--- .gitignore\n+++ .gitignore\n@@ -1,1 +1,5 @@\n dist/\n+results/baseline/\n');
    expect(shown).toContain('+    "bench:gate": "wirebench gate",');
    expect(shown).not.toContain('\u001B');
  });

  it('shows the beginning of a long response, and how much there is of it', () => {
    const value = Array.from({ length: 500 }, (_, id) => id);
    const shown = showPlan(plan(imagine(), {}, { ...invoice, value }));
    expect(shown).toContain("+const response: ReturnType<UserPayload['generate']> = [\n+  0,\n+  1,\n");
    expect(shown).toMatch(/\n… and \d{3} lines more of the response\n\n--- \/dev\/null\n\+\+\+ wirebench\.config\.ts/);
    // Everything else is shown whole, in the longest of its forms.
    for (const project of kinds) expect(showPlan(plan(project))).not.toContain('lines more');
  });

  it('says what was found out', () => {
    expect(describeProject(imagine({ packageManager: berry, gateWorkflows: ['a.yml'] }))).toBe(
      'framework:   fastify\npackages:    yarn 4.18.1 (berry)\nNode.js:     24\nmodules:     ES modules\nmain branch: main\ngate in:     a.yml\n',
    );
  });
});

describe('the configuration', () => {
  it.each([
    ['fastify', [], "['json-stringify', 'fast-json-stringify']"],
    ['express', [], "['json-stringify']"],
    ['hono', ['gateway-serializer', 'superjson'], "['json-stringify', 'gateway-serializer', 'superjson']"],
    ['fastify', ['fast-json-stringify'], "['json-stringify', 'fast-json-stringify']"],
  ] as const)('of %s with %j watches %s', (framework, serializers, contenders) => {
    expect(textOf(imagine({ framework, serializers }), 'wirebench.config.ts')).toContain(`contenders: ${contenders},`);
  });

  it('is JavaScript where modules are CommonJS, and so is the response', () => {
    const texts = carryOut(plan(imagine({ modules: 'cjs' }), {}, invoice));
    expect(Object.keys(texts).slice(0, 2)).toEqual(['bench/payloads/invoice.mjs', 'wirebench.config.mjs']);
    expect(texts['bench/payloads/invoice.mjs']).not.toContain('satisfies');
  });
});

describe('the response', () => {
  it.each([
    ['a usual one', { id: 1, '"quoted"': [null, 'ü\u2028'] }],
    ['one with a key that sets a prototype', JSON.parse('{"__proto__": {"a": "it\'s"}, "b": 1}')],
    ['a single text', 'text'],
  ])('is the document: %s', async (_name, value: unknown) => {
    const texts = carryOut(plan(imagine({ modules: 'cjs' }), {}, { ...invoice, described: 'a*/b', value }));
    const text = texts['bench/payloads/invoice.mjs'] ?? '';
    const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      default: { title: string; generate: () => unknown };
    };
    expect(module.default.title).toBe('invoice');
    expect(JSON.stringify(module.default.generate())).toBe(JSON.stringify(value));
  });
});

describe('the workflow', () => {
  interface Step {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }
  interface Workflow {
    readonly on: unknown;
    readonly permissions: unknown;
    readonly jobs: { readonly gate: { readonly steps: readonly Step[]; readonly defaults?: unknown } };
  }
  const read = (text: string): Workflow => parse(text) as Workflow;

  it('may only read, keeps no credentials, names no secret and gives no expression to a shell', () => {
    for (const project of kinds) {
      const [, text = ''] = Object.entries(carryOut(plan(project))).find(([path]) => path.includes('workflows')) ?? [];
      const { on, permissions, jobs } = read(text);
      expect(on).toBe('pull_request');
      expect(permissions).toEqual({ contents: 'read' });
      expect(jobs.gate.steps[0]?.with).toEqual({ 'persist-credentials': false, 'fetch-depth': 0 });
      expect(text).not.toMatch(/secrets\.|\$\{\{/);
    }
  });

  it("has the actions and the judge of this project's example", () => {
    const example = readFileSync(
      fileURLToPath(new URL('../../examples/ci-gate/.github/workflows/gate.yml', import.meta.url)),
      'utf8',
    );
    const usesOf = (text: string): string[] => [...text.matchAll(/uses: (.+)/g)].map(([, action = '']) => action);
    expect(usesOf(workflowOf(imagine()))).toEqual(usesOf(example));
    const judge = read(example).jobs.gate.steps.find(({ run }) => run !== undefined)?.run;
    expect(workflowOf(imagine())).toContain(judge?.trim());
    expect(judge).toContain(' gate --base HEAD^1 ');
  });

  it.each([
    [{ name: 'npm', isBerry: false, version: '11.0.0' }, undefined],
    [{ name: 'pnpm', isBerry: false, version: '12.21.0' }, 'npm install --global pnpm@12.21.0'],
    [berry, 'npm install --global @yarnpkg/cli-dist@4.18.1'],
    [{ name: 'yarn', isBerry: false, version: undefined }, 'npm install --global yarn'],
    [{ name: 'bun', isBerry: false, version: '1.4.5' }, 'npm install --global --allow-scripts=bun bun@1.4.5'],
  ])('gets the package manager that installs both sides: %j', (packageManager, command) => {
    const { steps } = read(workflowOf(imagine({ packageManager }))).jobs.gate;
    expect(steps.flatMap(({ run = '' }) => run.match(/^npm install.*/) ?? [])).toEqual(
      command === undefined ? [] : [command],
    );
  });

  it('of a package lies at the top level, works in the package and keeps its evidence', () => {
    const repository = { up: '../../', prefix: "packages/it's", mainBranch: 'main', isMainFound: true };
    const text = workflowOf(imagine({ repository }), "../../.github/workflows/wirebench-it's.yml");
    const { defaults, steps } = read(text).jobs.gate;
    expect(defaults).toEqual({ run: { 'working-directory': "packages/it's" } });
    const script = steps.find(({ run }) => run?.includes('cat-file'))?.run ?? '';
    const git = 'git() { printf %s "$3"; return 1; }';
    const said = execFileSync('bash', ['-c', `${git}\n${script}`], { encoding: 'utf8' });
    expect(said).toMatch(/^HEAD\^1:packages\/it's\/wirebench\.config\.tsthe base has no wirebench\.config\.ts yet/);
    expect(steps.at(-1)?.with?.['path']).toContain("packages/it's/results/gate/gate.json");
  });
});

describe('what a reader is told', () => {
  const told = (changes: Partial<Project>, sample?: OwnSample): string =>
    plan(imagine(changes), {}, sample).notes.join('\n');

  it.each<[Partial<Project>, string]>([
    [{ wirebench: { declared: undefined, isInstalled: false } }, 'run: npm i -D wirebench@0.1.0'],
    [
      { wirebench: { declared: undefined, isInstalled: false }, packageManager: berry },
      'run: yarn add -D wirebench@0.1.0',
    ],
    [{ wirebench: { declared: 'file:../wirebench.tgz', isInstalled: true } }, 'CI needs that file'],
    [{ node: { asked: { range: '20.x', from: 'engines' }, workflow: '24', isAsked: false } }, 'asks for Node.js 20.x'],
    [{ packageManager: { name: 'pnpm', isBerry: false, version: undefined } }, 'the newest pnpm'],
    [{ hasNoNodeModules: true }, 'nodeLinker: node-modules'],
    [{ workspace: 'root' }, 'root of a workspace'],
    [{ compilesEverything: true }, 'exclude it.'],
  ])('%j: %s', (changes, message) => {
    expect(told(changes)).toContain(message);
    expect(told({})).not.toContain(message);
  });

  it('names the branch to the gate where it would not find it', () => {
    const repository = { ...imagine().repository, mainBranch: 'trunk', isMainFound: false };
    expect(textOf(imagine({ repository }), 'package.json')).toContain('"wirebench gate --base trunk"');
    const hostile = { ...repository, mainBranch: 'a;touch${IFS}b' };
    expect(textOf(imagine({ repository: hostile }), 'package.json')).toContain('"wirebench gate"');
  });

  it('measures a baseline of the cells of the gate, beside both references', () => {
    expect(baselineArguments({ contenders: ['json-stringify', 'superjson'], payload: 'invoice' }).join(' ')).toBe(
      'run --quick --forks 3 --suite serialize --contender json-stringify,safe-stable-stringify,superjson --payload invoice --sink bytes --out results/baseline',
    );
  });
});
