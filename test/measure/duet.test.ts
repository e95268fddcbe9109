/**
 * Processes that take turns: who is told what and when, and what one process in trouble does to the others.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Arm, DuetRequest, DuetResult } from '../../src/measure/duet.ts';
import { runDuet } from '../../src/measure/duet.ts';
import type { MaterializedCorpus } from '../../src/measure/materialize.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import type { SamplerSettings } from '../../src/measure/profiles.ts';
import type { CellId, Payload, Registered } from '../../src/model.ts';
import { loadRegistry } from '../../src/registry.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));
const notes = registry.payloads.find(({ id }) => id === 'notes') as Registered<Payload>;

// What is tested is the protocol, so the figures may be poor.
const settings: SamplerSettings = { warmupNs: 2e6, warmupCapNs: 4e6, warmupTolerance: 0.02, blockNs: 1e6, blocks: 3, peakNs: 0, catalogs: 2 };

let directory: string;
let corpus: MaterializedCorpus;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
  corpus = materializeCorpus({ seed: 1, catalogs: settings.catalogs });
});
afterEach(() => {
  corpus.remove();
  rmSync(directory, { recursive: true, force: true });
});

const fixture = (name: string): string => new URL(`../fixtures/${name}.ts`, import.meta.url).href;
const armOf = (contender: string): Arm => ({ nodePath: process.execPath, contenderUrl: fixture(`bench/contenders/${contender}`) });

function duetOf(arms: readonly Arm[], options: Partial<DuetRequest> = {}): Promise<DuetResult | undefined> {
  const cell: CellId = { suite: 'plain', contender: 'honest', payload: 'notes', items: 3, variant: 'text', sink: 'bytes' };
  return runDuet({
    cell,
    corpus: corpus.filesOf(notes, 3),
    arms,
    settings,
    turns: 4,
    fork: 0,
    signal: new AbortController().signal,
    timeLimitMs: 30_000,
    codeCacheDirectories: arms.map((_, index) => path.join(corpus.directory, `code-${index}`)),
    ...options,
  });
}

/** Where scribes write, one file for all of them; their names are letters in the order of the arms. */
const logFile = (): string => path.join(directory, 'log.txt');
const logLines = (): string[] => readFileSync(logFile(), 'utf8').trimEnd().split('\n');
const scribe = (arm: string, extra: Partial<Arm> = {}): Arm => ({
  nodePath: process.execPath,
  contenderUrl: `${fixture('duet/scribe')}?${new URLSearchParams({ arm, log: logFile() }).toString()}`,
  ...extra,
});

/** Names of the arms in the order in which they were given a command, e.g. `abba`. */
const orderOf = (command: string): string => logLines().filter((line) => line.endsWith(` ${command}`)).map((line) => line.charAt(0)).join('');

/** Statuses and reasons, in the order of the arms. */
const statusesOf = (result: DuetResult | undefined) => result?.arms.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`));

describe('a duet', () => {
  it('gives every arm one block a turn, all of the same number of operations, and the counts of bytes', async () => {
    const result = await duetOf([armOf('honest'), armOf('honest')]);
    expect(statusesOf(result)).toEqual(['ok', 'ok']);
    expect(result?.opsPerBlock).toBeGreaterThan(1);
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
    const result = await duetOf([scribe('a'), scribe('b', { repeatedShare: 1 }), scribe('c', { repeatedShare: 0.25 })], { turns: 6 });
    const operations = result?.opsPerBlock ?? 0;
    const lines = logLines();
    const sumOf = (arm: string): number => {
      const firstBlock = lines.indexOf(`${arm} block`);
      const lastBlock = lines.indexOf(`${arm} account`);
      return lines.slice(firstBlock, lastBlock).filter((line) => line === `${arm} call`).length;
    };
    expect(operations).toBeGreaterThan(1);
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
    expect(statusesOf(result)).toEqual([expect.stringMatching(/^incorrect/), 'ok', expect.stringMatching(/^unavailable/)]);
  });

  it('is ended at the time limit if it hangs before it is ready', async () => {
    const result = await duetOf([armOf('honest'), armOf('hanger')], { timeLimitMs: 4000 });
    expect(statusesOf(result)).toEqual(['ok', 'failed: gave no answer within 4 s and was ended']);
  });

  // The time limit ends both processes together, so only the order of questions tells the guilty one from the other.
  it.each([0, 1])('alone gets the blame if it hangs in a block, in place %i', async (place) => {
    const troubled: Arm = { nodePath: process.execPath, contenderUrl: `${fixture('duet/late-trouble')}?trouble=hang` };
    const result = await duetOf(place === 0 ? [troubled, armOf('honest')] : [armOf('honest'), troubled], { timeLimitMs: 4000 });
    const hung = 'failed: gave no answer within 4 s and was ended';
    expect(statusesOf(result)).toEqual(place === 0 ? [hung, 'ok'] : ['ok', hung]);
  });

  it.each([
    ['exit', /^failed: ended with exit code 9/],
    ['throw', /^failed: threw: changed its mind$/],
  ])('ends the duet if it fails in a block: %s', async (trouble, reason) => {
    const troubled: Arm = { nodePath: process.execPath, contenderUrl: `${fixture('duet/late-trouble')}?trouble=${trouble}` };
    const result = await duetOf([armOf('honest'), troubled]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(reason)]);
    expect(result?.arms[0]?.blocks.length).toBeLessThan(4);
  });

  it('did not start if there is no such program', async () => {
    const result = await duetOf([armOf('honest'), { ...armOf('honest'), nodePath: path.join(directory, 'no-such-node') }]);
    expect(statusesOf(result)).toEqual(['ok', expect.stringMatching(/^failed: did not start/)]);
  });
});

describe('an abort', () => {
  it('gives undefined and ends every process, whatever it does', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 700);
    expect(await duetOf([scribe('a'), armOf('hanger')], { signal: abort.signal })).toBeUndefined();
    expect(processesOf(corpus.directory)).toEqual([]);
  });

  it('gives undefined where it came before the start', async () => {
    expect(await duetOf([armOf('honest'), armOf('honest')], { signal: AbortSignal.abort() })).toBeUndefined();
    expect(processesOf(corpus.directory)).toEqual([]);
  });
});

it('leaves no process behind when a duet ends in trouble', async () => {
  await duetOf([armOf('honest'), armOf('exiter'), armOf('liar')]);
  expect(processesOf(corpus.directory)).toEqual([]);
});

/** Running processes whose arguments name the directory, as those of workers do. */
function processesOf(text: string): string[] {
  const listed = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line.includes(text));
}
