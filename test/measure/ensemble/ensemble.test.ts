/**
 * Processes that take turns: who is told what and when, and what one process in trouble does to the others.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { imaginaryCore } from '../../imaginary-core.ts';
import { armOf, fixture, statusesOf, type TestArm, troubledArm, useStage } from '../ensembles.ts';

const stage = useStage();
const ensembleOf: ReturnType<typeof stage>['ensembleOf'] = (...request) => stage().ensembleOf(...request);

/** Where scribes write, one file for all of them; their names are letters in the order of the arms. */
const logFile = (): string => path.join(stage().directory, 'log.txt');
const logLines = (): string[] => readFileSync(logFile(), 'utf8').trimEnd().split('\n');
const scribe = (arm: string, extra: Partial<TestArm> = {}): TestArm => ({
  contenderUrl: `${fixture('ensemble/scribe')}?${new URLSearchParams({ arm, log: logFile() }).toString()}`,
  ...extra,
});

/** Names of the arms in the order in which they were given a command, e.g. `abba`. */
const orderOf = (command: string): string =>
  logLines()
    .filter((line) => line.endsWith(` ${command}`))
    .map((line) => line.charAt(0))
    .join('');

const sorted = (letters: string): string => Array.from(letters).toSorted().join('');

describe('an ensemble', () => {
  it('gives every process its turns, and the counts of bytes', async () => {
    const result = await ensembleOf([armOf('honest'), armOf('honest')]);
    expect(statusesOf(result)).toEqual(['ok', 'ok']);
    for (const arm of result?.arms ?? []) {
      expect(arm.opsPerBlock).toBeGreaterThanOrEqual(1);
      expect(arm.turns).toHaveLength(4);
      expect(Math.min(...arm.turns.map(({ latencyNs }) => latencyNs))).toBeGreaterThan(0);
      expect(arm.turns.map(({ excess }) => excess)).toEqual([0, 0, 0, 0]);
      expect(arm.outputBytes).toBeGreaterThan(100);
      expect(arm.compileNs).toBeGreaterThanOrEqual(0);
      expect(arm.account?.allocatedBytesPerOp).toBeGreaterThan(0);
      expect(arm.account?.peakBlockNs).toBeGreaterThan(0);
    }
    expect(result?.arms[0]?.outputBytes).toBe(result?.arms[1]?.outputBytes);
  });

  it.each([2, 3, 4])('of %i processes sweeps over all of them, in another order each round', async (count) => {
    const names = 'abcd'.slice(0, count);
    const seen: string[] = [];
    for (const round of [0, 1, 2]) {
      rmSync(logFile(), { force: true });
      await ensembleOf(
        Array.from(names, (name) => scribe(name)),
        { round, settings: { turns: 6, timedNs: 0, mostTimedNs: 3e9, blockNs: 1e6 } },
      );
      // The first sweep is the rehearsal.
      const sweeps = orderOf('block').match(new RegExp(`.{${count}}`, 'g')) ?? [];
      expect(sweeps).toHaveLength(1 + 6);
      for (const sweep of sweeps) expect(sorted(sweep)).toBe(names);
      expect(sorted(orderOf('warm-up'))).toBe(names);
      seen.push(sweeps.join(' '));
    }
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  it('takes turns again where the processor was not at its floor, and says of each turn how far it was off', async () => {
    // One probe before the first turn and one after each: the second and third turn have a disturbed one beside them.
    const core = imaginaryCore([0, 0, 0.5, 0]);
    const result = await ensembleOf([armOf('honest')], { core });
    expect(result?.arms[0]?.turns.map(({ excess }) => excess)).toEqual([0, 0.5, 0.5, 0, 0, 0]);
  });

  it('ends on a machine that is never quiet', async () => {
    const core = imaginaryCore(Array.from({ length: 100 }, () => 0.5));
    const result = await ensembleOf([armOf('honest'), armOf('honest')], { core });
    expect(result?.arms.map(({ turns }) => turns.length)).toEqual([6, 6]);
  });

  it('takes more turns where blocks are short for the time that is wanted', async () => {
    const result = await ensembleOf([armOf('honest')], {
      settings: { turns: 2, timedNs: 1e15, mostTimedNs: 3e9, blockNs: 1e6 },
    });
    expect(result?.arms[0]?.turns).toHaveLength(200);
  });

  it('lets only one process work at a time once all are warm', async () => {
    await ensembleOf([scribe('a'), scribe('b')]);
    const lines = logLines();
    const told = lines.slice(
      lines.findIndex((line) => line.endsWith(' block')),
      lines.findIndex((line) => line.endsWith(' verify')),
    );
    let turn = '';
    const outOfTurn = told.filter((line) => {
      if (!line.endsWith(' call')) turn = line.charAt(0);
      return line.charAt(0) !== turn;
    });
    expect(told.filter((line) => line.endsWith(' call')).length).toBeGreaterThan(8);
    expect(outOfTurn).toEqual([]);
  });

  it('does the share of operations twice that is asked for', async () => {
    const result = await ensembleOf(
      [scribe('a'), scribe('b', { repeatedShare: 1 }), scribe('c', { repeatedShare: 0.25 })],
      { settings: { turns: 6, timedNs: 0, mostTimedNs: 3e9, blockNs: 1e6 } },
    );
    const operations = Math.max(...(result?.arms ?? []).map(({ opsPerBlock = 0 }) => opsPerBlock));
    const lines = logLines();
    const sumOf = (arm: string): number => {
      const rehearsal = lines.indexOf(`${arm} block`);
      const firstBlock = lines.indexOf(`${arm} block`, rehearsal + 1);
      const lastBlock = lines.indexOf(`${arm} account`);
      return lines.slice(firstBlock, lastBlock).filter((line) => line === `${arm} call`).length;
    };
    expect(operations).toBeGreaterThanOrEqual(1);
    expect(sumOf('a')).toBe(6 * operations);
    expect(sumOf('b')).toBe(2 * 6 * operations);
    // What is owed from before the first block may be paid in it.
    expect(Math.abs(sumOf('c') - 1.25 * 6 * operations)).toBeLessThanOrEqual(1);
  });

  it('puts a mutant around the serializer of the arm that has one, and checks its output too', async () => {
    const result = await ensembleOf([armOf('honest'), { ...armOf('honest'), mutantUrl: fixture('ensemble/emptying') }]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(/^incorrect: /)]);
  });
});

describe('an arm in trouble', () => {
  it.each([
    ['liar', /^incorrect: .*\/0\/note/],
    ['thrower', /^incorrect: threw: cannot write this/],
    ['exiter', /^failed: ended with exit code 7/],
    ['babbler', /^failed: reported nonsense: .*splendid/],
    ['missing', /^unavailable: no such library on this machine$/],
  ])('says why, and the others go on without it: %s', async (contender, reason) => {
    const result = await ensembleOf([armOf('honest'), armOf(contender)]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(reason)]);
    expect(result?.arms.map(({ turns }) => turns.length)).toEqual([4, 0]);
  });

  it('is named whatever its place is', async () => {
    const result = await ensembleOf([armOf('liar'), armOf('honest'), armOf('missing')]);
    expect(statusesOf(result)).toEqual([
      expect.stringMatching(/^incorrect/),
      'ok',
      expect.stringMatching(/^unavailable/),
    ]);
  });

  it.each([
    ['exit', /^failed: ended with exit code 9/],
    ['throw', /^failed: threw: changed its mind$/],
  ])('that fails in a block costs its own place only: %s', async (trouble, reason) => {
    const troubled = troubledArm(trouble);
    const result = await ensembleOf([armOf('honest'), troubled]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(reason)]);
    expect(result?.arms.map(({ turns }) => turns.length)).toEqual([4, 0]);
  });

  it('did not start if there is no such program', async () => {
    const result = await ensembleOf([
      armOf('honest'),
      { ...armOf('honest'), nodePath: path.join(stage().directory, 'no-such-node') },
    ]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(/^failed: did not start/)]);
  });
});

describe('an abort', () => {
  it('gives undefined and ends every process, whatever it does', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 700);
    expect(await ensembleOf([scribe('a'), armOf('hanger')], { signal: abort.signal })).toBeUndefined();
    expect(processesOf(stage().corpus.directory)).toEqual([]);
  });

  it('gives undefined where it came before the start', async () => {
    expect(await ensembleOf([armOf('honest'), armOf('honest')], { signal: AbortSignal.abort() })).toBeUndefined();
    expect(processesOf(stage().corpus.directory)).toEqual([]);
  });
});

it('leaves no process behind when an ensemble ends in trouble', async () => {
  await ensembleOf([armOf('honest'), armOf('exiter'), armOf('liar')]);
  expect(processesOf(stage().corpus.directory)).toEqual([]);
});

/** Running processes whose arguments name the directory, as those of workers do. */
function processesOf(text: string): string[] {
  const listed = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line.includes(text));
}
