/**
 * Processes that take turns: who is told what and when, and what one process in trouble does to the others.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { DuetArm } from '../../src/measure/duet.ts';
import { armOf, fixture, statusesOf, troubledArm, useStage } from './duets.ts';

const stage = useStage();
const duetOf: ReturnType<typeof stage>['duetOf'] = (...request) => stage().duetOf(...request);

/** Where scribes write, one file for all of them; their names are letters in the order of the arms. */
const logFile = (): string => path.join(stage().directory, 'log.txt');
const logLines = (): string[] => readFileSync(logFile(), 'utf8').trimEnd().split('\n');
const scribe = (arm: string, extra: Partial<DuetArm> = {}): DuetArm => ({
  nodePath: process.execPath,
  contenderUrl: `${fixture('duet/scribe')}?${new URLSearchParams({ arm, log: logFile() }).toString()}`,
  ...extra,
});

/** Names of the arms in the order in which they were given a command, e.g. `abba`. */
const orderOf = (command: string): string =>
  logLines()
    .filter((line) => line.endsWith(` ${command}`))
    .map((line) => line.charAt(0))
    .join('');

describe('a duet', () => {
  it('gives every arm one block a turn, all of the same number of operations, and the counts of bytes', async () => {
    const result = await duetOf([armOf('honest'), armOf('honest')]);
    expect(statusesOf(result)).toEqual(['ok', 'ok']);
    expect(result?.opsPerBlock).toBeGreaterThanOrEqual(1);
    for (const arm of result?.arms ?? []) {
      expect(arm.blocks).toHaveLength(4);
      expect(Math.min(...arm.blocks)).toBeGreaterThan(0);
      expect(arm.outputBytes).toBeGreaterThan(100);
      expect(arm.allocatedBytesPerOp).toBeGreaterThan(0);
    }
    expect(result?.arms[0]?.outputBytes).toBe(result?.arms[1]?.outputBytes);
  });

  it.each([
    { fork: 0, warmUp: 'ab', blocks: 'abbaabba' },
    { fork: 1, warmUp: 'ba', blocks: 'baabbaab' },
    { fork: 2, warmUp: 'ab', blocks: 'abbaabba' },
  ])('of two arms lets each go first in every other turn, fork $fork', async ({ fork, warmUp, blocks }) => {
    const result = await duetOf([scribe('a'), scribe('b')], { fork });
    expect(statusesOf(result)).toEqual(['ok', 'ok']);
    expect([orderOf('warm-up'), orderOf('block')]).toEqual([warmUp, blocks]);
  });

  it('of three arms goes through every order once in six turns, and begins each fork with another one', async () => {
    const firsts: string[] = [];
    for (const fork of [0, 1]) {
      rmSync(logFile(), { force: true });
      const result = await duetOf([scribe('a'), scribe('b'), scribe('c')], { fork, turns: 6 });
      expect(result?.arms.map((arm) => arm.blocks.length)).toEqual([6, 6, 6]);
      const turns = orderOf('block').match(/.{3}/g) ?? [];
      expect(turns.toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
      firsts.push(turns[0] as string);
    }
    expect(firsts[0]).not.toBe(firsts[1]);
  });

  it('lets only one process work at a time once all are ready', async () => {
    await duetOf([scribe('a'), scribe('b')]);
    const lines = logLines();
    const told = lines.slice(lines.findIndex((line) => line.endsWith(' warm-up')));
    let turn = '';
    const outOfTurn = told.filter((line) => {
      if (!line.endsWith(' call')) turn = line.charAt(0);
      return line.charAt(0) !== turn;
    });
    expect(told.filter((line) => line.endsWith(' call')).length).toBeGreaterThan(8);
    expect(outOfTurn).toEqual([]);
  });

  it('does the share of operations twice that is asked for', async () => {
    const result = await duetOf(
      [scribe('a'), scribe('b', { repeatedShare: 1 }), scribe('c', { repeatedShare: 0.25 })],
      { turns: 6 },
    );
    const operations = result?.opsPerBlock ?? 0;
    const lines = logLines();
    const sumOf = (arm: string): number => {
      const firstBlock = lines.indexOf(`${arm} block`);
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
    const result = await duetOf([armOf('honest'), { ...armOf('honest'), mutantUrl: fixture('duet/emptying') }]);
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
  ])('says why and leaves the status of the others: %s', async (contender, reason) => {
    const result = await duetOf([armOf('honest'), armOf(contender)]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(reason)]);
    expect(result?.opsPerBlock).toBeUndefined();
    expect(result?.arms.map(({ blocks }) => blocks.length)).toEqual([0, 0]);
  });

  it('is named whatever its place is', async () => {
    const result = await duetOf([armOf('liar'), armOf('honest'), armOf('missing')]);
    expect(statusesOf(result)).toEqual([
      expect.stringMatching(/^incorrect/),
      'ok',
      expect.stringMatching(/^unavailable/),
    ]);
  });

  it.each([
    ['exit', /^failed: ended with exit code 9/],
    ['throw', /^failed: threw: changed its mind$/],
  ])('ends the duet if it fails in a block: %s', async (trouble, reason) => {
    const troubled = troubledArm(trouble);
    const result = await duetOf([armOf('honest'), troubled]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(reason)]);
    expect(result?.arms[0]?.blocks.length).toBeLessThan(4);
  });

  it('did not start if there is no such program', async () => {
    const result = await duetOf([
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
    expect(await duetOf([scribe('a'), armOf('hanger')], { signal: abort.signal })).toBeUndefined();
    expect(processesOf(stage().corpus.directory)).toEqual([]);
  });

  it('gives undefined where it came before the start', async () => {
    expect(await duetOf([armOf('honest'), armOf('honest')], { signal: AbortSignal.abort() })).toBeUndefined();
    expect(processesOf(stage().corpus.directory)).toEqual([]);
  });
});

it('leaves no process behind when a duet ends in trouble', async () => {
  await duetOf([armOf('honest'), armOf('exiter'), armOf('liar')]);
  expect(processesOf(stage().corpus.directory)).toEqual([]);
});

/** Running processes whose arguments name the directory, as those of workers do. */
function processesOf(text: string): string[] {
  const listed = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line.includes(text));
}
