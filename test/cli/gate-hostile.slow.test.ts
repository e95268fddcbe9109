/**
 * A change that wants to pass: modules of the candidate that reach for the judge's exit code, report, environment and
 * answers. The gate runs as a process of its own, as in CI, and the output of one contender is wrong, so that the only
 * right answer is a regression or a refusal.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GateSession } from '../../src/model/gate.ts';
import type { TestRepository, Workshop } from '../gate/sides/repositories.ts';
import { createWorkshop } from '../gate/sides/repositories.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const fixture = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, '../fixtures/bench', `${name}.ts`), 'utf8');
const config = (content: object): string => `export default ${JSON.stringify({ gate: content })};\n`;
const gateOf = {
  cells: [{ suites: ['plain'], contenders: ['honest'], variants: ['text'] }],
  tolerance: { time: 0.5, outputBytes: 0.001 },
};

let workshop: Workshop;
let repository: TestRepository;
let out: string;
let loot: string;
let commands: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  out = path.join(workshop.folder, 'out');
  loot = path.join(workshop.folder, 'loot');
  commands = path.join(workshop.folder, 'commands');
  mkdirSync(commands);
  repository.commit({
    'bench/contenders/honest.ts': fixture('contenders/honest'),
    'bench/payloads/notes.ts': fixture('payloads/notes'),
    'bench/suites/plain.ts': fixture('suites/plain'),
    'wirebench.config.ts': config(gateOf),
  });
});
afterEach(() => workshop.remove());

const files = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const;
const secrets = {
  GITHUB_TOKEN: 'secret-a',
  ACTIONS_RUNTIME_TOKEN: 'secret-b',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'secret-c',
  NODE_AUTH_TOKEN: 'secret-d',
};

async function gate(argv: readonly string[] = []) {
  const given = Object.fromEntries(files.map((name) => [name, path.join(commands, name)]));
  for (const file of Object.values(given)) writeFileSync(file, '');
  return execa(process.execPath, [main, 'gate', '--base', 'HEAD', '--format', 'json', '--out', out, ...argv], {
    cwd: repository.top,
    env: {
      PATH: process.env['PATH'],
      HOME: workshop.folder,
      TMPDIR: workshop.temporary,
      GITHUB_ACTIONS: 'true',
      ...secrets,
      ...given,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
}

/** A module that does something when it is imported, and is a contender beside that. */
const contender = (code: string): string =>
  `${code}\nexport default { kind: 'serialize', title: 'new here', load: async () => () => ({ stringify: (value) => JSON.stringify(value) }) };\n`;

/** Text of a program that writes what it can see to the loot. */
const steal = (): string => `
  import { appendFileSync } from 'node:fs';
  appendFileSync(${JSON.stringify(loot)}, JSON.stringify(process.env) + '\\n');`;

describe('an added contender', () => {
  const attacks: [string, string][] = [
    ['sets the exit code as the process ends', `process.on('exit', () => { process.exitCode = 0; });`],
    [
      'ends the process with 0 as soon as it may',
      `process.on('exit', () => process.reallyExit(0)); setImmediate(() => { process.exitCode = 0; });`,
    ],
    [
      'replaces what the judge calls',
      `process.exit = () => undefined; Array.prototype.find = () => undefined; process.stdout.write = () => true; process.stderr.write = () => true;`,
    ],
    [
      'sends messages',
      `process.send?.({ type: 'ready', outputBytes: 1 }); process.send?.({ config: {}, contenders: [] });`,
    ],
    [
      'prints control codes and workflow commands',
      `console.log('::error::forged\\n::set-output name=x::y\\u001b[2J'); console.error('::add-mask::a\\n\\u001b]0;title\\u0007');`,
    ],
    [
      'deletes and changes the environment',
      `process.env.GITHUB_STEP_SUMMARY = '/nowhere'; for (const name of Object.keys(process.env)) delete process.env[name];`,
    ],
  ];

  it.each(attacks)('that %s changes neither exit code nor report', async (_title, code) => {
    repository.write({
      'bench/contenders/honest.ts': fixture('contenders/liar'),
      'bench/contenders/added.ts': contender(code),
    });
    const { exitCode, stdout, stderr } = await gate();
    expect(stderr).not.toContain('a bug in wirebench');
    expect(exitCode).toBe(1);
    const { answer, ...session } = JSON.parse(stdout) as GateSession & { answer: string[] };
    expect(session).toEqual(JSON.parse(readFileSync(path.join(out, 'gate.json'), 'utf8')));
    expect(session.cells).toMatchObject([
      { verdict: 'regression', reason: expect.stringContaining('wrong output') as string },
    ]);
    expect(answer[0]).toContain('wrong output');
    // eslint-disable-next-line no-control-regex -- what is looked for
    expect(stderr).not.toMatch(/\u001b|\u0007|^\s*::(?:add-mask|set-output)/m);
    expect(stderr).not.toContain('forged');
  });

  const refusals: [string, string, RegExp][] = [
    ['ends the process with 0 when it is imported', 'process.exit(0);', /ended with exit code 0 before it reported/],
    ['kills its own process', `process.kill(process.pid, 'SIGKILL');`, /was killed by SIGKILL/],
    [
      'throws text that looks like a command',
      `throw new Error('a\\n::error::forged\\u001b[31m');`,
      /a⏎::error::forged␛\[31m/,
    ],
    [
      'answers in the name of its process',
      `import { writeSync } from 'node:fs'; writeSync(3, '{"config":{},"contenders":[]}'); process.kill(process.pid, 'SIGKILL');`,
      /the contender '\w+' is not described/,
    ],
    [
      'replaces what answers are written with',
      `JSON.stringify = () => '{"verdict":"pass"}';`,
      /reported nonsense: \{"verdict":"pass"\}/,
    ],
    [
      'answers nonsense',
      `import { writeSync } from 'node:fs'; writeSync(3, 'splendid');`,
      /reported nonsense: splendid/,
    ],
    [
      'answers without an end',
      `import { writeSync } from 'node:fs'; const junk = 'x'.repeat(1e6); try { for (;;) writeSync(3, junk); } catch {}`,
      /describes them/,
    ],
  ];

  it.each(refusals)('that %s is refused with exit code 2', async (_title, code, reason) => {
    repository.write({ 'bench/contenders/added.ts': contender(code) });
    const { exitCode, stdout, stderr } = await gate();
    expect(stderr).toMatch(/^wirebench: cannot load the contenders of the candidate \(working tree, [\w-]+\): /m);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/^\s*::/m);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it('that kills the judge makes the step fail, which is no pass', async () => {
    repository.write({
      'bench/contenders/honest.ts': fixture('contenders/liar'),
      'bench/contenders/added.ts': contender(`process.kill(process.ppid, 'SIGTERM');`),
    });
    const { exitCode } = await gate();
    expect(exitCode).toBe(130);
  });
});

describe('what a side sees', () => {
  it('holds no secret and no file of the runner, wherever its code runs', async () => {
    const curious = `${steal()}
      export default { kind: 'serialize', title: 'curious', equality: 'bytes', load: async () => () => ({ stringify: (value) => JSON.stringify(value) + ' ' }) };\n`;
    repository.write({ 'bench/contenders/honest.ts': curious, 'wirebench.config.ts': `${steal()}\n${config(gateOf)}` });
    const { exitCode } = await gate();
    expect(exitCode).toBe(1);
    const seen = readFileSync(loot, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    // The configuration, the contender when it is described, and the contender in its duets.
    expect(seen.length).toBeGreaterThanOrEqual(4);
    for (const environment of seen) {
      expect(JSON.stringify(environment)).not.toContain('secret-');
      expect(Object.keys(environment).filter((name) => /^(?:GITHUB|ACTIONS|RUNNER)_/.test(name))).toEqual([]);
      expect(environment['HOME']).toBe(workshop.folder);
    }
    for (const name of files.filter((each) => each !== 'GITHUB_STEP_SUMMARY'))
      expect(readFileSync(path.join(commands, name), 'utf8')).toBe('');
  });

  it('is not imported by the judge: a module notes the processes that it runs in', async () => {
    const note = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(loot)}, process.argv[1] + '\\n');`;
    for (const name of [
      'bench/contenders/honest.ts',
      'bench/payloads/notes.ts',
      'bench/suites/plain.ts',
      'wirebench.config.ts',
    ]) {
      repository.write({ [name]: `${note}\n${readFileSync(path.join(repository.top, name), 'utf8')}` });
    }
    // On both sides, and in the directory where the gate is called.
    repository.commit({ 'bench/contenders/second.ts': contender(note) });
    await gate(['--budget', '1ms']);
    const programs = new Set(
      readFileSync(loot, 'utf8')
        .trimEnd()
        .split('\n')
        .map((file) => path.basename(file)),
    );
    expect([...programs]).toEqual(['describe-worker.ts']);
    expect(existsSync(path.join(out, 'gate.json'))).toBe(false);
  });
});

describe('the configuration', () => {
  it("of the baseline counts, whatever the candidate's says, and that is told", async () => {
    const longer = `export default { kind: 'serialize', title: 'longer', load: async () => () => ({ stringify: (value) => JSON.stringify(value) + ' '.repeat(50) }) };\n`;
    repository.write({
      'bench/contenders/honest.ts': longer,
      'wirebench.config.ts': config({ ...gateOf, tolerance: { time: 0.9, outputBytes: 0.9 } }),
    });
    const { exitCode, stdout, stderr } = await gate();
    const session = JSON.parse(stdout) as GateSession;
    expect(session.cells[0]).toMatchObject({ verdict: 'regression', tolerance: { time: 0.5, outputBytes: 0.001 } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "the candidate's wirebench.config has other cells or tolerances for the gate; those of the baseline count",
    );
    expect(session.warnings).toContainEqual(expect.stringContaining('those of the baseline count'));
  });

  it('of the candidate cannot take the cells away', async () => {
    repository.write({
      'bench/contenders/honest.ts': fixture('contenders/liar'),
      'bench/contenders/other.ts': fixture('contenders/honest'),
      'wirebench.config.ts': config({ cells: [{ suites: ['plain'], contenders: ['other'] }] }),
    });
    expect((await gate()).exitCode).toBe(1);
  });

  it('of the candidate cannot name a module of the other side, or one outside of the repository', async () => {
    const named = (file: string) => `export default ${JSON.stringify({ contenders: [file], gate: gateOf })};\n`;
    for (const file of ['../older/bench/contenders/honest.ts', `../../../outside.ts`]) {
      writeFileSync(path.join(workshop.folder, 'outside.ts'), fixture('contenders/honest'));
      repository.write({ 'wirebench.config.ts': named(file) });
      const { exitCode, stdout, stderr } = await gate();
      expect(stderr).toMatch(/cannot load the contender/);
      expect([exitCode, stdout]).toEqual([2, '']);
    }
  });

  it('is the same for payloads and suites: those of the baseline are measured', async () => {
    repository.write({
      'bench/contenders/honest.ts': fixture('contenders/liar'),
      'bench/payloads/notes.ts': fixture('payloads/notes').replace('generate', 'generateNothing'),
      'bench/suites/plain.ts': 'throw new Error("no suites today");',
      'bench/payloads/fresh.ts': fixture('payloads/notes'),
    });
    const { exitCode, stderr } = await gate();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("payloads that the baseline lacks count once they are part of it: 'fresh'");
  });
});
