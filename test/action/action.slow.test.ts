/**
 * The action as a job of somebody else's project carries it out: the very steps of action.yml, with this package packed
 * in place of the one on the registry, on a tree that did not change and on one that writes a wrong output.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { copyTree } from '../../release/tree-copy.ts';
import { createWorkshop, type TestRepository } from '../gate/sides/repositories.ts';
import { Packing } from '../package/packing.ts';
import { type FakeGithub, startFakeGithub } from '../pull-request/fake-github.ts';
import { runAction, type StepResult } from './run-action.ts';

/** Compiling and packing. */
const preparationMs = 240_000;
/** An installation and a session, which is short, since all of its cells are decided by what they write. */
const actionMs = 240_000;

const workshop = createWorkshop();
const tarball = path.join(workshop.folder, 'wirebench.tgz');
const packing = new Packing();
let github: FakeGithub;
let repository: TestRepository;
let base: string;

const contender = (stringify: string): string =>
  `export default { kind: 'serialize', title: 'ours', load: async () => () => ({ stringify: ${stringify} }) };\n`;
const project = {
  'package.json': JSON.stringify({ name: 'a-gateway', version: '1.0.0', private: true, type: 'module' }),
  '.gitignore': 'results\n',
  'bench/ours.js': contender('(value) => JSON.stringify(value)'),
  'bench/notes.js': `export default {
    title: 'notes',
    sizes: [5],
    generate: (generator, items) => Array.from({ length: items }, () => ({ id: generator.uuid(), note: 'n' })),
  };\n`,
  'wirebench.config.js': `export default ${JSON.stringify({
    contenders: ['bench/ours.js'],
    payloads: ['bench/notes.js'],
    gate: {
      cells: [
        { suites: ['serialize'], payloads: ['notes'], contenders: ['ours'], variants: ['text'], sinks: ['string'] },
      ],
      // So wide that the noise of a busy machine decides nothing.
      tolerance: { time: 0.9, outputBytes: 0.5, allocations: 0.9 },
    },
  })};\n`,
};

beforeAll(async () => {
  const tree = path.join(workshop.folder, 'tree');
  mkdirSync(tree);
  copyTree(tree);
  // Without a check of types, which is what takes long: test/package/tarball.slow.test.ts builds as a release does.
  const compiler = path.join(tree, 'node_modules/.bin/tsc');
  await packing.run(compiler, ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false'], tree);
  const pack = ['-y', '--prefer-offline', 'pnpm@12', '--config.ignore-scripts=true', 'pack', '--out', tarball];
  await packing.run('npx', pack, tree);
  await openHome();
  github = await startFakeGithub();
  repository = workshop.repository();
  base = repository.commit(project);
}, preparationMs);
beforeEach(({ skip }) => {
  if (packing.whyNot !== undefined) skip(packing.whyNot);
});
afterAll(async () => {
  await github.close();
  workshop.remove();
});

const token = 'secret-token';

const home = path.join(workshop.folder, 'home');

/** A home that keeps what npm has fetched before, and this package once it is installed. */
async function openHome(): Promise<void> {
  const { stdout: cache } = await execa('npm', ['config', 'get', 'cache']);
  mkdirSync(path.join(home, 'npm'), { recursive: true });
  if (existsSync(path.join(cache, '_cacache')))
    symlinkSync(path.join(cache, '_cacache'), path.join(home, 'npm/_cacache'));
}

/** A job on the repository as it is. */
async function runJob(inputs: Readonly<Record<string, string>>) {
  const sha = repository.git('rev-parse', 'HEAD');
  const eventFile = path.join(home, 'event.json');
  const event = { pull_request: { number: 7, base: { sha: base }, head: { sha, repo: { full_name: 'owner/name' } } } };
  writeFileSync(eventFile, JSON.stringify(event));
  const npmSettings = Object.entries(process.env).filter(([name]) => /^npm_config_(?!cache|prefix)/i.test(name));
  return runAction({
    inputs: { version: `file:${tarball}`, ...inputs },
    github: { event_name: 'pull_request', event, token, api_url: github.url },
    workspace: repository.top,
    runnerTemp: path.join(home, 'runner'),
    env: {
      ...(Object.fromEntries(npmSettings) as Record<string, string>),
      npm_config_cache: path.join(home, 'npm'),
      npm_config_prefer_offline: 'true',
      // What this takes long over and the test has no use for.
      npm_config_audit: 'false',
      npm_config_omit: 'optional',
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: workshop.temporary,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_JOB: 'gate',
      GITHUB_REPOSITORY: 'owner/name',
      GITHUB_SHA: sha,
      GITHUB_WORKFLOW: 'gate',
    },
  });
}

/** What a step said, where it came to something else than it should: an exit code alone tells nobody why. */
function showUnless(exitCode: number, step: StepResult | undefined): void {
  if (step?.exitCode !== exitCode) process.stderr.write(`${step?.log ?? 'there is no such step'}\n`);
}

it(
  'passes a tree that did not change and reports it, and asks for no comment unless told to',
  async () => {
    // Whether a short session on a busy machine can tell is not what is asked here.
    const { outcome, outputs, summary, steps } = await runJob({ inconclusive: 'pass', base: 'HEAD' });
    const { Compare: compare, 'Comment on the pull request': comment, 'Keep the evidence': evidence } = steps;
    showUnless(0, compare);
    expect([outcome, compare?.exitCode, outputs]).toEqual(['success', 0, { 'exit-code': '0' }]);
    expect(compare?.log).toContain(`judging with wirebench@file:${tarball}`);
    expect(compare?.log).toMatch(/^::notice title=wirebench gate%3A /m);
    expect(summary).toMatch(/^# wirebench gate: .*\n\n## The answer\n/);
    expect([comment?.outcome, github.asked]).toEqual(['skipped', []]);
    const kept = evidence?.with['path']?.trim().split('\n') ?? [];
    expect(kept.map((file) => existsSync(path.join(repository.top, file)))).toEqual([true, true, true]);
  },
  actionMs,
);

it(
  'fails a change that writes a wrong output, annotates it, and comments on the pull request with the token apart',
  async () => {
    rmSync(path.join(repository.top, 'results'), { recursive: true, force: true });
    const loot = path.join(workshop.folder, 'loot');
    const steal = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(loot)}, JSON.stringify(process.env) + '\\n');\n`;
    const wrong = contender(`(value) => JSON.stringify(value).replace('"note":"n"', '"note":"@team"')`);
    repository.commit({ 'bench/ours.js': steal + wrong });
    const { outcome, outputs, summary, steps } = await runJob({ comment: 'true', format: 'markdown' });
    const { Compare: compare, 'Comment on the pull request': comment } = steps;
    showUnless(1, compare);
    expect([outcome, compare?.exitCode, outputs]).toEqual(['failure', 1, { 'exit-code': '1' }]);
    expect(compare?.log).toMatch(
      /^::error title=regression%3A serialize\/ours\/notes\/5\/text\/string::.*wrong output/m,
    );
    expect(summary).toContain('writes a wrong output');
    expect(comment?.log).toContain('created the comment https://github.example/c/new');
    expect(github.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^<!-- wirebench gate of gate\/gate -->\n# wirebench gate: regression\n\n## The answer\n/),
    ]);
    expect(github.asked.at(-1)?.authorization).toBe(`Bearer ${token}`);
    // The code of the change ran, and nowhere beside the token.
    expect(readFileSync(loot, 'utf8')).toContain('PATH');
    expect(readFileSync(loot, 'utf8')).not.toContain(token);
  },
  actionMs,
);
