/**
 * `wirebench gate` on real repositories with contenders that lie, crash, hang, come and go.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { GateSettings } from '../../src/gate/settings.ts';
import type { RunRecord } from '../../src/run-file/records.ts';
import type { GateSession } from '../../src/model/gate.ts';
import { readGateSession } from '../../src/store/gate-file.ts';
import type { TestRepository, Workshop } from '../gate/sides/repositories.ts';
import { createWorkshop } from '../gate/sides/repositories.ts';
import { invoke, words } from './invoke.ts';

// What is tested is what the command does with a session, so its figures may be poor and its patience short.
vi.mock('../../src/gate/settings.ts', async (importOriginal) => {
  const { withQuickSettings } = await import('./quick-gate.ts');
  return withQuickSettings(await importOriginal<{ gateSettings: GateSettings }>());
});

const fixture = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, '../fixtures/bench', `${name}.ts`), 'utf8');
const contender = (name: string): string => fixture(`contenders/${name}`);

// So wide that the noise of short blocks decides nothing, since only what has nothing to do with time is asserted here.
const tolerance = { time: 0.9, outputBytes: 0.5, allocations: 0.9 };
const config = (gate: unknown = { cells: [{ suites: ['plain'], variants: ['text'] }], tolerance }): string =>
  `export default ${JSON.stringify({ gate })};\n`;

const project = {
  'bench/contenders/honest.ts': contender('honest'),
  'bench/payloads/notes.ts': fixture('payloads/notes'),
  'bench/suites/plain.ts': fixture('suites/plain'),
  'wirebench.config.ts': config(),
};

let workshop: Workshop;
let repository: TestRepository;
let out: string;
beforeEach(() => {
  workshop = createWorkshop();
  repository = workshop.repository();
  repository.commit(project);
  out = path.join(workshop.folder, 'out');
  vi.stubEnv('TMPDIR', workshop.temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  const leftovers = workshop.leftovers();
  workshop.remove();
  // Whatever a test was about, nothing may be left behind.
  if (leftovers.length > 0) throw new Error(`left behind: ${leftovers.join(', ')}`);
});

const gate = (argv: readonly string[] = [], options: Parameters<typeof invoke>[1] = {}) =>
  invoke(['gate', '--out', out, ...argv], { cwd: repository.top, ...options });
const session = (): GateSession => readGateSession(path.join(out, 'gate.json'));
const verdictsOf = ({ cells }: GateSession) =>
  Object.fromEntries(cells.map(({ cell, verdict }) => [cell.contender, verdict]));

describe('wirebench gate', () => {
  it('finds no regression where nothing changed, writes three files, and leaves the repository as it was', async () => {
    const before = repository.fingerprint();
    const { code, stdout, stderr } = await gate(['--base', 'HEAD']);
    expect([0, 3]).toContain(code);
    expect(stdout).toContain('plain/honest');
    expect(stderr).toContain('extracting the baseline (HEAD)');
    expect(stderr).toContain('a first look at 1 cell');
    expect(readdirSync(out).toSorted()).toEqual(['gate.json', 'junit.xml', 'report.md']);
    const { baseline, candidate, cells, leftOut } = session();
    expect(baseline.commit).toBe(candidate.commit);
    expect(candidate.ref).toBe('working tree');
    expect(cells[0]?.duets.length).toBeGreaterThanOrEqual(3);
    expect(leftOut).toEqual([]);
    expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('plain/honest');
    expect(readFileSync(path.join(out, 'junit.xml'), 'utf8')).toContain('<testcase');
    expect(repository.fingerprint()).toEqual(before);
  });

  it('compares two refs without a look at the working tree', async () => {
    const newer = repository.commit({ 'bench/contenders/second.ts': contender('honest') });
    repository.write({ 'bench/contenders/second.ts': contender('liar') });
    const { code } = await gate(['--base', 'HEAD~1', '--head', 'HEAD']);
    expect([0, 3]).toContain(code);
    expect(session().candidate.commit).toBe(newer.slice(0, 12));
    expect(verdictsOf(session())).toMatchObject({ second: 'new' });
  });

  it('exits with 1 where the output became wrong, and names the cell and the place', async () => {
    repository.write({ 'bench/contenders/honest.ts': contender('liar') });
    const { code, stdout } = await gate(['--base', 'HEAD']);
    expect(code).toBe(1);
    expect(stdout).toContain('plain/honest');
    expect(stdout).toContain('/0/note');
    expect(session()).toMatchObject({
      verdict: 'regression',
      cells: [{ verdict: 'regression', reason: expect.stringContaining('wrong output') }],
    });
    expect(session().candidate.commit).toMatch(/-dirty$/);
    expect(readFileSync(path.join(out, 'junit.xml'), 'utf8')).toContain('<failure');
  });

  it('says which contenders are new and which are gone, and fails for neither', async () => {
    repository.commit({ 'bench/contenders/old.ts': contender('honest') });
    rmSync(path.join(repository.top, 'bench/contenders/old.ts'));
    repository.write({ 'bench/contenders/fresh.ts': contender('honest') });
    const { code } = await gate(['--base', 'HEAD']);
    expect([0, 3]).toContain(code);
    expect(verdictsOf(session())).toMatchObject({ fresh: 'new', old: 'gone' });
    const report = readFileSync(path.join(out, 'report.md'), 'utf8');
    expect(report).toContain('no such contender in the baseline');
    expect(report).toContain('no such contender in the candidate');
  });

  it('exits with 2 where nothing is on both sides', async () => {
    repository.write({ 'bench/contenders/fresh.ts': contender('honest') });
    const { code, stderr } = await gate(['--base', 'HEAD', '--suite', 'plain', '--contender', 'fresh']);
    expect(stderr).toContain('no cell is on both sides');
    expect(code).toBe(2);
  });

  it.each([
    ['ends its process', 'exiter', 'ended with exit code 7'],
    ['hangs', 'hanger', 'gave no answer within 5 s'],
  ])('exits with 2 where the candidate %s, and says so', async (_title, name, reason) => {
    repository.write({ 'bench/contenders/honest.ts': contender(name) });
    const { code, stdout } = await gate(['--base', 'HEAD']);
    expect(code).toBe(2);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('failed');
    expect(session().cells).toEqual([
      expect.objectContaining({ verdict: 'failed', reason: expect.stringContaining(reason) }),
    ]);
  });

  it('exits with 2 where a contender does not load, whichever side has it', async () => {
    repository.write({ 'bench/contenders/honest.ts': 'export default {{{' });
    const inCandidate = await gate(['--base', 'HEAD']);
    expect(inCandidate).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('wirebench: cannot load'),
    });
    expect(inCandidate.stderr).not.toContain('a bug in wirebench');

    repository.commit({});
    repository.commit({ 'bench/contenders/honest.ts': contender('honest') });
    const inBaseline = await gate(['--base', 'HEAD~1']);
    expect(inBaseline).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('the contenders of the baseline (HEAD~1'),
    });
    expect(inBaseline.stderr).not.toContain('a bug in wirebench');
  });

  it('appends the report to the job summary, and keeps annotations out of the report', async () => {
    repository.write({ 'bench/contenders/honest.ts': contender('liar') });
    const summary = path.join(workshop.folder, 'summary.md');
    writeFileSync(summary, 'an earlier step\n');
    const { code, stdout, stderr } = await gate(['--base', 'HEAD'], { env: { GITHUB_STEP_SUMMARY: summary } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^::error title=regression%3A plain\/honest\/notes\/3\/text\/bytes::/m);
    expect(stdout).toContain('wirebench gate: regression');
    expect(stdout).not.toContain('::error');
    expect(readFileSync(summary, 'utf8')).toBe(`an earlier step\n${readFileSync(path.join(out, 'report.md'), 'utf8')}`);
  });

  it('prints the format that is asked for and nothing else', async () => {
    repository.write({ 'bench/contenders/honest.ts': contender('liar') });
    const { stdout } = await gate(['--base', 'HEAD', '--format', 'json']);
    const { answer, ...stored } = JSON.parse(stdout) as Record<string, unknown>;
    expect(stored).toEqual(JSON.parse(readFileSync(path.join(out, 'gate.json'), 'utf8')));
    expect(answer).toContainEqual(expect.stringContaining('regressed'));
  });

  it('stops at Ctrl-C with 130 and keeps what there is', async () => {
    const log = path.join(workshop.folder, 'loads.txt');
    // Every load leaves a mark, two a duet, so that the test knows when the second one has begun.
    const slow = `
      import { appendFileSync } from 'node:fs';
      export default {
        kind: 'serialize', title: 'slow to load', package: null, tier: 'quick', capabilities: [], equality: 'bytes',
        load: async () => {
          appendFileSync(${JSON.stringify(log)}, 'x');
          await new Promise((resolve) => setTimeout(resolve, 500));
          return () => ({ stringify: (value) => JSON.stringify(value) });
        },
      };`;
    repository.commit({ 'bench/contenders/honest.ts': slow });
    const abort = new AbortController();
    const running = gate(['--base', 'HEAD'], { signal: abort.signal });
    await vi.waitFor(() => expect(readFileSync(log, 'utf8').length).toBeGreaterThan(2), { timeout: 30_000 });
    abort.abort();
    const { code, stdout } = await running;
    expect(code).toBe(130);
    expect(session()).toMatchObject({ interrupted: true, cells: [{ cell: { contender: 'honest' } }] });
    expect(session().cells[0]?.duets).toHaveLength(1);
    expect(stdout).toContain('stopped');
  });

  it('stops at Ctrl-C with 130 before anything is measured', async () => {
    const { code, stdout } = await gate(['--base', 'HEAD'], { signal: AbortSignal.abort() });
    expect([code, stdout]).toEqual([130, '']);
    expect(existsSync(path.join(out, 'gate.json'))).toBe(false);
  });
});

describe('what the gate cannot start with', () => {
  const cases: [string, string[], string][] = [
    ['an unknown ref', ['--base', 'no-such-branch'], "unknown revision 'no-such-branch'"],
    ['an unknown format', ['--base', 'HEAD', '--format', 'junitt'], "unknown format 'junitt'; did you mean 'junit'?"],
    ['a budget without a unit', ['--budget', '5'], "'5' is not a length of time"],
    ['a budget of words', ['--budget', 'soon'], "'soon' is not a length of time"],
    ['an empty budget', ['--budget', ''], "'' is not a length of time"],
    ['a negative budget', ['--budget=-5m'], "'-5m' is not a length of time"],
    ['a budget for nothing', ['--base', 'HEAD', '--budget', '1ms'], 'the budget is too short'],
    ['a tolerance without its sign', ['--tolerance', '5'], "'5' is not a percentage"],
    [
      'an unknown contender',
      ['--base', 'HEAD', '--suite', 'plain', '--contender', 'honset'],
      "unknown contender 'honset'; did you mean 'honest'?",
    ],
    ['--confirm without --baseline', ['--base', 'HEAD', '--confirm'], '--confirm goes with --baseline'],
    ['both modes at once', ['--base', 'HEAD', '--baseline', 'run.json'], 'cannot be used with'],
    ['a baseline that is not there', ['--baseline', 'run.json'], 'cannot read'],
    [
      'an --out that cannot be',
      ['--base', 'HEAD', '--out', path.join('wirebench.config.ts', 'below')],
      'cannot write to',
    ],
  ];
  it.each(cases)('%s is answered with exit code 2 and a message', async (_title, argv, message) => {
    const { code, stdout, stderr } = await gate(argv);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/a bug in wirebench|\n\s+at /);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('a report that would be written through a link, which the working tree may hold', async () => {
    const elsewhere = path.join(workshop.folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, 'precious'), 'kept');
    mkdirSync(path.join(repository.top, 'results'));
    symlinkSync(elsewhere, path.join(repository.top, 'results/gate'));
    const throughDirectory = await invoke(['gate', '--base', 'HEAD'], { cwd: repository.top });
    expect([throughDirectory.code, throughDirectory.stderr]).toEqual([
      2,
      expect.stringContaining('it is a link that leads elsewhere'),
    ]);
    mkdirSync(out);
    symlinkSync(path.join(elsewhere, 'precious'), path.join(out, 'gate.json'));
    const throughFile = await gate(['--base', 'HEAD']);
    expect([throughFile.code, throughFile.stderr]).toEqual([2, expect.stringContaining('gate.json: it is a link')]);
    expect(readdirSync(elsewhere)).toEqual(['precious']);
    expect(readFileSync(path.join(elsewhere, 'precious'), 'utf8')).toBe('kept');
  });

  it('a machine without git', async () => {
    vi.stubEnv('PATH', workshop.programs);
    const { code, stderr } = await gate(['--base', 'HEAD']);
    expect(stderr).toContain('git was not found');
    expect(code).toBe(2);
  });

  it('a directory outside of git', async () => {
    rmSync(path.join(repository.top, '.git'), { recursive: true });
    vi.stubEnv('GIT_CEILING_DIRECTORIES', workshop.folder);
    const { code, stderr } = await gate(['--base', 'HEAD']);
    expect(stderr).toContain('is not in a git repository');
    expect(code).toBe(2);
  });

  it('a project without a bench directory', async () => {
    rmSync(path.join(repository.top, 'bench'), { recursive: true });
    const { code, stderr } = await gate(['--base', 'HEAD', '--suite', 'plain']);
    expect(stderr).toMatch(
      /^wirebench: cannot load the contenders of the candidate \(working tree, [\w-]+\): there are none/m,
    );
    expect(code).toBe(2);
  });

  it.each([
    ['a share that is a percentage', { tolerance: { time: 3 } }, '/gate/tolerance/time'],
    ['no cells at all', { cells: [] }, '/gate/cells'],
    ['a misspelt field', { tolerence: {} }, "unknown field 'tolerence'"],
    ['a rule for nothing', { tolerances: [{ time: 0.1 }] }, '/gate/tolerances/0'],
  ])('a configuration with %s is answered with the name of the field', async (_title, wrong, field) => {
    repository.write({ 'wirebench.config.ts': config(wrong) });
    const { code, stderr } = await gate(['--base', 'HEAD']);
    expect(stderr).toContain('cannot use wirebench.config.ts');
    expect(stderr).toContain(field);
    expect(code).toBe(2);
  });

  it('a configuration that does not load', async () => {
    repository.write({ 'wirebench.config.ts': 'throw new Error("not today");' });
    const { code, stderr } = await gate(['--base', 'HEAD']);
    expect(stderr).toContain('cannot use wirebench.config.ts: not today');
    expect(code).toBe(2);
  });

  it('a job summary that cannot be written', async () => {
    const { code, stderr } = await gate(['--base', 'HEAD'], {
      env: { GITHUB_STEP_SUMMARY: path.join(workshop.folder, 'missing', 'summary.md') },
    });
    expect(stderr).toContain('cannot write the job summary');
    expect(code).toBe(2);
  });
});

describe('a stored baseline', () => {
  const stored = path.join(import.meta.dirname, '../fixtures/runs/small.json');
  const write = (name: string, text: string): string => {
    mkdirSync(out, { recursive: true });
    const file = path.join(out, name);
    writeFileSync(file, text);
    return file;
  };

  it.each([
    ['is cut off', (text: string) => text.slice(0, text.length / 2), 'it is not JSON'],
    ['lost its cells', (text: string) => text.replace('"cells":', '"sells":'), 'must have required property'],
    ['is something else', () => '{"name":"a package"}', 'it is not a run file'],
    [
      'comes from the future',
      (text: string) => text.replace('"schemaVersion": 1', '"schemaVersion": 99'),
      'its schemaVersion is 99',
    ],
  ])('that %s is refused', async (_title, damage, message) => {
    const damaged = damage(readFileSync(stored, 'utf8'));
    const { code, stdout, stderr } = await gate(['--baseline', write('damaged.json', damaged)]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('of another machine is refused with the fields that differ and what to do', async () => {
    const run = JSON.parse(readFileSync(stored, 'utf8')) as RunRecord;
    const foreign = {
      ...run,
      environment: { ...run.environment, cpuModel: 'Abacus', cores: 1000, commit: 'abcdef012345' },
    };
    const { code, stderr } = await gate(['--baseline', write('foreign.json', JSON.stringify(foreign))]);
    expect(stderr).toMatch(/it was measured elsewhere: .*cpuModel, cores.* differ/);
    expect(stderr).toContain('--base abcdef012345');
    expect(code).toBe(2);
  });

  it('of this machine is compared by ratios, and what cannot be compared any more does not pass', async () => {
    const cells = words(
      '--suite serialize --contender json-stringify,safe-stable-stringify --payload tools --items 10 --variant text',
    );
    const file = path.join(out, 'run.json');
    await invoke(['run', ...cells, '--forks', '3', '--out', out]);
    // A budget this short leaves the fewest forks.
    const compared = await gate(['--baseline', file, ...cells, '--budget', '1s']);
    expect([0, 3]).toContain(compared.code);
    expect(compared.stdout).toContain('serialize/safe-stable-stringify/tools/10/text/bytes');

    // No worker starts with an option that it may not have.
    vi.stubEnv('NODE_OPTIONS', '--no-such-option');
    const broken = await gate(['--baseline', file, ...cells, '--budget', '1s']);
    vi.stubEnv('NODE_OPTIONS', undefined);
    expect(broken.stderr).toContain(
      'serialize/json-stringify/tools/10/text/bytes was measured for the baseline and cannot be now: failed',
    );
    expect(broken.code).toBe(2);

    const run = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
    const alone = { ...run, cells: run.cells.filter((cell) => cell.contender === 'json-stringify') };
    const lonely = await gate(['--baseline', write('alone.json', JSON.stringify(alone)), ...cells, '--budget', '1s']);
    expect(lonely.stderr).toContain('none of its cells stands beside');
    expect(lonely.code).toBe(2);
  });
});
