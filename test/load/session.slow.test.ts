/**
 * Whole sessions against a small server in all kinds of trouble: what is measured, what fails alone, what is left
 * behind.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { assembleHttpCells } from '../../src/compare/assemble-loads.ts';
import { measureHttpNoise } from '../../src/compare/measure-noise.ts';
import { scenariosById } from './scenarios.ts';
import type { HttpPlan, PlannedHttpSuite } from '../../src/load/plan.ts';
import type { HttpTarget } from '../../src/load/servers/target.ts';
import { runHttpPlan } from '../../src/load/session.ts';
import { openSite } from '../../src/load/servers/user-site.ts';
import type { HttpOutcome } from '../../src/model/http.ts';
import { patienceMs } from '../patience.ts';
import { builtInMetrics, storeHttp } from '../records.ts';

const fakeServer = fileURLToPath(new URL('../fixtures/load/fake-server.ts', import.meta.url));

// What is tested is the protocol, so the figures may be poor. Troubles begin after twenty requests, which each warm-up
// exceeds.
const load = {
  warmupMs: 50,
  fewestWarmups: 25,
  longestWarmupMs: 3000,
  measureMs: 200,
  fewestRequests: 5,
  longestMs: 3000,
  requestTimeoutMs: 5000,
};
const profile = {
  summary: '',
  minRounds: 1,
  maxRounds: 1,
  budgetMs: undefined,
  connections: 2,
  sweepConnections: [],
  openLoop: false,
  windows: 2,
  serverMs: 60_000,
  load,
};

const contender = (id: string, ...flags: string[]): HttpTarget => ({
  id,
  command: () => ({ module: fakeServer, arguments: flags }),
});
const plain = contender('plain');

function suiteOf(
  targets: readonly HttpTarget[],
  { ids = ['tools-10'], reference = 'plain' }: { ids?: readonly string[]; reference?: string } = {},
): PlannedHttpSuite {
  return { id: 'suite', reference, targets, scenarios: scenariosById(ids), sweeps: true, headline: [] };
}

interface Changes extends Partial<HttpPlan> {
  readonly ids?: readonly string[];
  readonly reference?: string;
  readonly targets?: readonly HttpTarget[];
  readonly startLimitMs?: number;
  readonly done?: readonly HttpOutcome[];
}

async function measure(others: HttpTarget[], changes: Changes = {}): Promise<HttpOutcome[]> {
  const {
    ids = ['tools-10'],
    reference = 'plain',
    targets = [plain, ...others],
    startLimitMs = patienceMs,
    done = [],
    ...rest
  } = changes;
  const plan: HttpPlan = {
    suites: [suiteOf(targets, { ids, reference })],
    profile,
    metrics: builtInMetrics,
    seed: 1,
    ...rest,
  };
  const outcomes: HttpOutcome[] = [];
  for await (const event of runHttpPlan(plan, {
    signal: new AbortController().signal,
    now: () => performance.now(),
    startLimitMs,
    done,
  })) {
    if (event.type === 'outcome') outcomes.push(event.outcome);
  }
  return outcomes;
}

/** What becomes of a contender beside one that is measured whatever happens to the other. */
async function reasonOf(flags: string[], changes: Parameters<typeof measure>[1] = {}): Promise<string> {
  const outcomes = await measure([contender('other', ...flags)], changes);
  expect(outcomes.filter((outcome) => outcome.contender === 'plain').map(({ status }) => status)).toEqual(['ok']);
  const other = outcomes.find((outcome) => outcome.contender === 'other');
  return `${other?.status}: ${other?.reason}`;
}

/** What becomes of a server that never answers, alone: its limit may be short, since no other has to keep it. */
async function reasonAlone(flags: string[], changes: Pick<Changes, 'startLimitMs' | 'profile'>): Promise<string> {
  const [outcome] = await measure([], { targets: [contender('other', ...flags)], reference: 'other', ...changes });
  return `${outcome?.status}: ${outcome?.reason}`;
}

/** Processes that this one started and that still run. */
function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => new RegExp(`^\\s*${pid}\\s.*(fake-server|generators/worker)`).test(line))
    .map((line) => Number(line.trim().split(/\s+/)[1]));
}

afterEach(() => {
  const left = childrenOf(process.pid);
  if (left.length > 0) throw new Error(`processes were left behind: ${left.join(', ')}`);
});

describe('runHttpPlan', () => {
  it('has further rounds of the headline alone', async () => {
    const suite = { ...suiteOf([plain], { ids: ['tools-10', 'tools-100'] }), headline: ['tools-100'] };
    const outcomes = await measure([], { suites: [suite], profile: { ...profile, minRounds: 1, maxRounds: 3 } });
    expect(outcomes.map(({ scenario, round }) => `${scenario} ${round}`).toSorted()).toEqual([
      'tools-10 0',
      'tools-100 0',
      'tools-100 1',
      'tools-100 2',
    ]);
  });

  it('finds the server slower that sleeps before each answer', async () => {
    const contenders = [contender('slow', '--delay', '20')];
    const outcomes = await measure(contenders, { profile: { ...profile, minRounds: 2, maxRounds: 2 } });
    expect(outcomes.map(({ round }) => round)).toEqual([0, 0, 1, 1]);
    const measured = {
      id: 'suite',
      reference: 'plain',
      contenders: ['plain', 'slow'].map((id) => ({ id, title: id })),
    };
    const cells = assembleHttpCells({
      outcomes,
      scenarios: scenariosById(['tools-10']),
      suites: [measured],
      metrics: builtInMetrics,
    });
    const [fast, slow] = storeHttp(cells).map((cell) => cell.metrics);
    // Timers may fire up to a millisecond early.
    expect(slow?.p50Ns?.median).toBeGreaterThan(19e6);
    // Two connections cannot get more than two answers in each 20 milliseconds.
    expect(slow?.requestsPerSec?.median).toBeLessThan(2 / 0.019);
    expect(fast?.wireBytesPerRequest?.median).toBe(slow?.wireBytesPerRequest?.median);
    expect(fast?.cpuNsPerRequest?.median).toBeGreaterThan(0);
  });

  it('tells a wrong answer with its place', async () => {
    expect(await reasonOf(['--wrong'])).toBe(
      'incorrect: GET /tools at /0/name: answered "other" where "first" was expected',
    );
  });

  it('charges servers that do not start to their own cells', async () => {
    expect(await reasonOf(['--trouble', 'refuse'])).toContain(
      'failed: the server ended with exit code 1 before it listened: Error: no database here',
    );
    expect(await reasonAlone(['--trouble', 'mute'], { startLimitMs: 500 })).toContain(
      'failed: the server did not say where it listens within 0.5 s',
    );
  });

  it('charges servers that die in the middle to their own cells', async () => {
    expect(await reasonOf(['--trouble', 'die', '--after', '20'])).toContain(
      'failed: the server ended with exit code 3 while it was measured',
    );
    expect(await reasonOf(['--trouble', 'kill', '--after', '20'])).toContain(
      'failed: the server was killed by SIGKILL while it was measured',
    );
  });

  it('counts failed requests by kind', async () => {
    expect(await reasonOf(['--trouble', 'error', '--after', '20'])).toMatch(
      /^failed: requests failed: \d+ x HTTP 503$/,
    );
    expect(await reasonOf(['--trouble', 'reset', '--after', '20'])).toMatch(
      /^failed: requests failed: \d+ x ECONNRESET/,
    );
    expect(await reasonOf(['--trouble', 'cut', '--after', '20'])).toMatch(
      /^failed: requests failed: \d+ x connection closed/,
    );
    const impatient = { ...profile, load: { ...load, requestTimeoutMs: 3000 } };
    expect(await reasonAlone(['--trouble', 'hang', '--after', '20'], { profile: impatient })).toMatch(
      /^failed: requests failed: \d+ x timeout$/,
    );
  });

  it('names a first answer that is none', async () => {
    expect(await reasonOf(['--trouble', 'error'])).toBe('failed: answered HTTP 503 to GET /tools');
    const impatient = { ...profile, load: { ...load, requestTimeoutMs: 300 } };
    expect(await reasonAlone(['--trouble', 'hang'], { profile: impatient })).toContain(
      'failed: could not be asked: timeout',
    );
  });

  it('measures a server that closes each connection where that is known', async () => {
    expect(await reasonOf(['--trouble', 'close'])).toContain('connection closed');
    const closing: HttpTarget = { ...contender('closing', '--trouble', 'close'), closesConnections: true };
    const outcomes = await measure([closing]);
    expect(outcomes.map(({ status, failures }) => ({ status, failures }))).toEqual(
      [0, 1].map(() => ({ status: 'ok', failures: {} })),
    );
  });

  it('goes on where an earlier session was stopped, at the same fixed rate', async () => {
    const openLoop = { ...profile, maxRounds: 2, minRounds: 2, openLoop: true };
    const whole = await measure([contender('other')], { ids: ['tools-100'], profile: openLoop });
    const nameOf = ({ contender: id, round, load: { kind } }: HttpOutcome): string => `${id} ${round} ${kind}`;
    expect(whole.map(nameOf).toSorted()).toEqual(
      ['other', 'plain'].flatMap((id) => [0, 1].flatMap((round) => [`${id} ${round} closed`, `${id} ${round} open`])),
    );
    // Stopped between the two loads of one server, and with a failure that is not worth trying again.
    const failed: HttpOutcome = {
      ...(whole.find((outcome) => nameOf(outcome) === 'other 0 closed') as HttpOutcome),
      status: 'failed',
      reason: 'made up',
    };
    const done = [...whole.slice(0, 3).filter((outcome) => nameOf(outcome) !== 'other 0 closed'), failed];
    const rest = await measure([contender('other')], { ids: ['tools-100'], profile: openLoop, done });
    const expected = whole.map(nameOf).filter((name) => !done.map(nameOf).includes(name) && name !== 'other 1 closed');
    expect(rest.map(nameOf).toSorted()).toEqual(expected.toSorted());
    const rates = new Set(
      [...done, ...rest].flatMap(({ load: asked }) => (asked.kind === 'open' ? [asked.requestsPerSec] : [])),
    );
    expect(rates.size).toBe(1);
  });

  it('holds the servers of a suite against each other and not those of another suite', async () => {
    const suites = ['first', 'second'].map((id) => ({ ...suiteOf([plain, contender('other')]), id }));
    const outcomes = await measure([], { suites });
    // The servers of one place stand beside each other, whatever order places and servers got.
    expect(outcomes.map(({ suite }) => suite)).toEqual([
      outcomes[0]?.suite,
      outcomes[0]?.suite,
      outcomes[2]?.suite,
      outcomes[2]?.suite,
    ]);
    expect(new Set(outcomes.map(({ suite, contender: id }) => `${suite} ${id}`)).size).toBe(4);
  });

  it('measures the reference beside itself in one scenario, under one load, and takes that for noise', async () => {
    const suite = { ...suiteOf([plain, contender('other')], { ids: ['tools-10', 'tools-100'] }), twinIn: 'tools-100' };
    const outcomes = await measure([], {
      suites: [suite],
      profile: { ...profile, sweepConnections: [1] },
    });
    const twins = outcomes.filter(({ isTwin }) => isTwin === true);
    expect(twins.map(({ contender: id, scenario, load: asked }) => [id, scenario, asked.connections])).toEqual([
      ['plain', 'tools-100', 2],
    ]);
    const cells = assembleHttpCells({
      outcomes,
      scenarios: scenariosById(['tools-10', 'tools-100']),
      suites: [{ id: 'suite', reference: 'plain', contenders: ['plain', 'other'].map((id) => ({ id, title: id })) }],
      metrics: builtInMetrics,
    });
    // Two servers, two scenarios, and a second load of the swept one: twins are no cells.
    expect(cells).toHaveLength(6);
    expect(measureHttpNoise(outcomes)?.twins).toEqual([
      expect.objectContaining({
        cell: { suite: 'suite', scenario: 'tools-100', contender: 'plain', load: { kind: 'closed', connections: 2 } },
      }),
    ]);
  });

  it('does not ask again for what failed, and measures the rest', async () => {
    const outcomes = await measure([contender('other', '--trouble', 'error', '--after', '20')], {
      profile: { ...profile, minRounds: 3, maxRounds: 3 },
    });
    expect(outcomes.filter((outcome) => outcome.contender === 'plain').map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(outcomes.filter((outcome) => outcome.contender === 'other')).toHaveLength(1);
  });

  it('measures every kind of client', async () => {
    const outcomes = await measure([contender('slow', '--delay', '20')], {
      ids: ['rpc-tool-call', 'export', 'events', 'federation-sync', 'mix'],
    });
    expect(outcomes.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(outcomes).toHaveLength(10);
    const slowest = outcomes
      .filter((outcome) => outcome.contender === 'slow')
      .map(({ metrics }) => metrics?.p50Ns ?? 0);
    expect(Math.min(...slowest)).toBeGreaterThan(19e6);
  });

  it('takes latency in an open loop from when a request was due', async () => {
    // One connection's worth of service, 20 ms a request, gets more requests than that: each one waits longer.
    const openLoop = { ...profile, openLoop: true, load: { ...load, measureMs: 400 } };
    const outcomes = await measure([contender('slow', '--delay', '20')], {
      ids: ['tools-100'],
      profile: openLoop,
      requestsPerSec: 100,
    });
    const open = outcomes.filter((outcome) => outcome.load.kind === 'open');
    expect(open.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(open.find((outcome) => outcome.contender === 'slow')?.metrics?.p50Ns).toBeGreaterThan(19e6);
  });

  it('sends nothing that writes to a server of the user unless it may', async () => {
    const server = spawn(process.execPath, [fakeServer], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
      const running: HttpTarget = {
        id: 'running',
        site: openSite({ url: (JSON.parse(line) as { url: string }).url, env: {} }),
      };
      const sites = { targets: [running], reference: 'running', ids: ['tools-10', 'rpc-tool-call'] };
      const statuses = async (changes: object) =>
        (await measure([], { ...sites, ...changes })).map(({ scenario, status }) => `${scenario} ${status}`).toSorted();
      expect(await statuses({})).toEqual(['rpc-tool-call unsupported', 'tools-10 ok']);
      expect(await statuses({ writeToSites: true })).toEqual(['rpc-tool-call ok', 'tools-10 ok']);
      const [outcome] = await measure([], { ...sites, ids: ['tools-10'] });
      expect(outcome?.absent).toMatchObject({ cpuNsPerRequest: 'the server is no process of this program' });
    } finally {
      server.kill('SIGKILL');
      await once(server, 'close');
    }
  });

  it('ends at once and leaves nothing when it is aborted', async () => {
    const controller = new AbortController();
    const plan: HttpPlan = {
      suites: [suiteOf([plain])],
      profile: { ...profile, load: { ...load, measureMs: 3_600_000, longestMs: 3_600_000 } },
      metrics: builtInMetrics,
      seed: 1,
    };
    const outcomes: HttpOutcome[] = [];
    for await (const event of runHttpPlan(plan, { signal: controller.signal, now: () => performance.now() })) {
      if (event.type === 'start') setTimeout(() => controller.abort(), 700);
      if (event.type === 'outcome') outcomes.push(event.outcome);
    }
    // A load that had gone on would outlast the test by far.
    expect(outcomes).toEqual([]);
  });

  it('leaves nothing when a caller stops listening or throws', async () => {
    const plan: HttpPlan = { suites: [suiteOf([plain])], profile, metrics: builtInMetrics, seed: 1 };
    const events: string[] = [];
    const listen = async (): Promise<void> => {
      for await (const event of runHttpPlan(plan, {
        signal: new AbortController().signal,
        now: () => performance.now(),
      })) {
        events.push(event.type);
        if (event.type === 'outcome') throw new Error('no disk');
      }
    };
    await expect(listen()).rejects.toThrow('no disk');
    expect(events).toEqual(['prepare', 'start', 'outcome']);
  });

  it('leaves nothing when the whole program is killed', async () => {
    const parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('../fixtures/load/endless-session.ts', import.meta.url)), fakeServer],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(parent.stdout, 'data');
    const children = await waitFor(
      () => childrenOf(parent.pid ?? 0),
      (list) => list.length === 2,
    );
    parent.kill('SIGKILL');
    const isAlive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(
      await waitFor(
        () => children.filter(isAlive),
        (list) => list.length === 0,
      ),
    ).toEqual([]);
  });

  it('refuses a plan without its reference', async () => {
    await expect(measure([], { reference: 'none' })).rejects.toThrow("unknown reference 'none'");
  });
});

async function waitFor<T>(look: () => T, isEnough: (value: T) => boolean): Promise<T> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const value = look();
    if (isEnough(value) || performance.now() > untilMs) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
