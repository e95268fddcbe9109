import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import type { Plan } from '../../src/measure/plan.ts';
import { planRun } from '../../src/measure/plan.ts';
import { runPlan } from '../../src/measure/session.ts';
import type { ForkOutcome } from '../../src/model/cell.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { patienceMs } from '../patience.ts';

const registry = await loadRegistry(new URL('../fixtures/bench/', import.meta.url));

function planOf(contenders: string[], suites = ['plain']): Plan {
  const plan = planRun({
    registry,
    profile: 'quick',
    selection: { suites, contenders, variants: ['native'] },
    seed: 1,
    forks: 2,
  });
  // What is tested is the protocol, so the figures may be poor.
  const sampler = {
    ...plan.settings.sampler,
    warmupNs: 2e6,
    warmupCapNs: 4e6,
    blockNs: 1e6,
    turns: 3,
    timedNs: 0,
    mostTimedNs: 3e9,
    peakNs: 0,
  };
  return { ...plan, twins: new Set(), settings: { ...plan.settings, budgetMs: undefined, sampler } };
}

async function outcomesOf(
  plan: Plan,
  options: { signal?: AbortSignal; timeLimitMs?: number; done?: ForkOutcome[] } = {},
): Promise<ForkOutcome[]> {
  const outcomes: ForkOutcome[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for await (const event of runPlan({
    plan,
    now: () => performance.now(),
    timeLimitMs: patienceMs,
    ...options,
    signal,
  })) {
    if (event.type === 'outcome') outcomes.push(event.outcome);
  }
  return outcomes;
}

async function reasonOf(contender: string): Promise<{ status: string; reason: string | undefined; forks: number }> {
  const outcomes = await outcomesOf(planOf([contender]));
  const own = outcomes.filter(({ cell }) => cell.contender === contender);
  const reference = outcomes.filter(({ cell }) => cell.contender === 'honest');
  // Whatever happens to the one, the other is measured in both rounds.
  expect(reference.map(({ status }) => status)).toEqual(['ok', 'ok']);
  return { status: own[0]?.status ?? 'none', reason: own[0]?.reason, forks: own.length };
}

describe('runPlan', () => {
  it('measures an honest contender once a round', async () => {
    const outcomes = await outcomesOf(planOf(['honest']));
    expect(outcomes.map(({ round, status }) => [round, status])).toEqual([
      [0, 'ok'],
      [1, 'ok'],
    ]);
    const fork = outcomes[0]?.fork;
    // As many turns as were asked for, and more where the processor was not at its floor.
    expect(fork?.blocks.length).toBeGreaterThanOrEqual(3);
    expect(fork?.blocks.length).toBeLessThanOrEqual(5);
    expect(fork?.latencyNs).toBeGreaterThan(0);
    expect(fork?.outputBytes).toBeGreaterThan(100);
    expect(outcomes[0]?.example).toMatch(/^\{"id":"[0-9a-f-]{20}.* characters\)$/);
  });

  it('finds a contender that lies, names the place, and does not ask it again', async () => {
    const { status, reason, forks } = await reasonOf('liar');
    expect(status).toBe('incorrect');
    expect(reason).toContain('/0/note');
    expect(forks).toBe(1);
  });

  it('charges a throw, an exit and a missing library to their own cells', async () => {
    expect(await reasonOf('thrower')).toMatchObject({
      status: 'incorrect',
      reason: expect.stringContaining('cannot write this'),
    });
    expect(await reasonOf('exiter')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('exit code 7'),
    });
    expect(await reasonOf('missing')).toMatchObject({
      status: 'unavailable',
      reason: 'no such library on this machine',
    });
  });

  it('ends a contender that hangs', async () => {
    const plan = planOf(['hanger']);
    // Alone, so that the limit can be short without another contender's being too slow for it.
    const alone = { ...plan, cells: plan.cells.filter(({ id }) => id.contender === 'hanger') };
    const outcomes = await outcomesOf(alone, { timeLimitMs: 300 });
    expect(outcomes.map(({ status, reason }) => [status, reason])).toEqual([
      ['failed', 'gave no answer within 0.3 s and was ended'],
    ]);
  });

  it('names memory where a contender takes all of it', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=48');
    expect(await reasonOf('glutton')).toMatchObject({ status: 'failed', reason: 'ran out of memory' });
    vi.unstubAllEnvs();
  });

  it('does not believe a contender that talks to the parent', async () => {
    const { status, reason } = await reasonOf('babbler');
    expect(['failed', 'incorrect']).toContain(status);
    expect(reason).toMatch(/nonsense|after the babble/);
  });

  it('reports what a contender cannot do without running it', async () => {
    expect(await reasonOf('unwilling')).toEqual({ status: 'unsupported', reason: 'knows no Dates', forks: 1 });
  });

  it('looks at every input though one of them ends the process', async () => {
    const outcomes = await outcomesOf(planOf(['exiter', 'honest'], ['looks']));
    const observed = Object.fromEntries(
      outcomes.map(({ cell, observations }) => [
        cell.contender,
        observations?.map(({ input, outcome }) => [input, outcome]),
      ]),
    );
    expect(observed).toEqual({
      exiter: [
        ['one', 'crashed'],
        ['two', 'crashed'],
      ],
      honest: [
        ['one', 'kept'],
        ['two', 'kept'],
      ],
    });
  });

  it('does not repeat what an earlier session has measured', async () => {
    const plan = planOf(['honest']);
    const [first] = await outcomesOf(plan);
    const rest = await outcomesOf(plan, { done: first === undefined ? [] : [first] });
    expect(rest.map(({ round }) => round)).toEqual([1]);
  });

  it('stops when aborted, and leaves no files behind', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
    vi.stubEnv('TMPDIR', directory);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 600);
    const outcomes = await outcomesOf(planOf(['hanger']), { signal: abort.signal });
    // One that had been waited for to its limit would have an outcome.
    expect(outcomes.filter(({ cell }) => cell.contender === 'hanger')).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
    vi.unstubAllEnvs();
  });
});
