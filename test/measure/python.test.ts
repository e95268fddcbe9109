/**
 * What python3 measures: the same answers as from any worker, and whatever goes wrong there costs its own cell only.
 *
 * Needs python3; without one the tests that start it say so and are skipped. Deliberately absent: any figure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import type { Job } from '../../src/measure/job.ts';
import { materializeCorpus } from '../../src/measure/materialize.ts';
import { planRun } from '../../src/measure/plan.ts';
import { profiles } from '../../src/measure/profiles.ts';
import { readPythonVersions } from '../../src/measure/python/run-job.ts';
import { runPlan } from '../../src/measure/session.ts';
import type { Registered } from '../../src/model/bench-module.ts';
import type { MicroCellId, ForkOutcome } from '../../src/model/cell.ts';
import type { PythonCode } from '../../src/model/contender.ts';
import type { Payload } from '../../src/model/payload.ts';
import { loadRegistry } from '../../src/registry/registry.ts';
import { patienceMs } from '../patience.ts';
import { measureOne } from './measure-one.ts';

const registry = await loadRegistry();
const pythonContenders = registry.contenders.filter(({ python }) => python !== undefined);

/** Modules that this machine's python3 has, of those that contenders ask for; `undefined` without a python3. */
function findModules(): string[] | undefined {
  try {
    return [...new Set(pythonContenders.flatMap(({ python }) => python?.module ?? []))].filter((module) =>
      canImport(module),
    );
  } catch {
    return undefined;
  }
}

function canImport(module: string): boolean {
  const script = `import importlib\ntry:\n    importlib.import_module('${module}')\n    print('yes')\nexcept ImportError:\n    print('no')`;
  return (
    execFileSync('python3', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() === 'yes'
  );
}

const modules = findModules();
if (modules === undefined) process.stderr.write('skipped: tests that start python3, because this machine has none\n');
const noPython = modules === undefined;

const corpus = materializeCorpus({ seed: 3, catalogs: 2 });
const scratch = mkdtempSync(path.join(tmpdir(), 'wirebench-test-'));
afterAll(() => {
  corpus.remove();
  rmSync(scratch, { recursive: true, force: true });
});

// What is tested is the protocol, so the figures may be poor.
const settings = {
  ...profiles.quick.sampler,
  warmupNs: 1e6,
  warmupCapNs: 2e6,
  blockNs: 5e5,
  turns: 3,
  timedNs: 0,
  mostTimedNs: 3e9,
  peakNs: 0,
};
const module: PythonCode = { module: 'json', distribution: null };
const plainCode: PythonCode = { ...module, stringify: 'json.dumps' };

interface Attempt {
  readonly code?: Partial<PythonCode>;
  /** Without the plain serializer that is there otherwise. */
  readonly onlyCode?: true;
  readonly cell?: Partial<MicroCellId>;
  readonly method?: Job['method'];
  readonly interpreter?: string;
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
}

function findPayload(id: string): Registered<Payload> {
  const found = registry.payloads.find((payload) => payload.id === id);
  if (found === undefined) throw new Error(`there is no payload ${id}`);
  return found;
}

async function attempt({
  code = {},
  onlyCode,
  cell = {},
  method = 'latency',
  interpreter,
  timeLimitMs = patienceMs,
  signal,
}: Attempt): Promise<ForkOutcome | undefined> {
  const id: MicroCellId = {
    suite: 'serialize',
    contender: 'any',
    payload: 'seed-items',
    items: 3,
    variant: 'text',
    sink: 'bytes',
    ...cell,
  };
  const python = { ...(onlyCode === undefined ? plainCode : module), ...code };
  const job: Job = {
    method,
    cell: id,
    round: 4,
    contenderUrl: '',
    settings,
    python,
    corpus: corpus.filesOf(findPayload(id.payload), id.items),
  };
  return measureOne(job, {
    signal: signal ?? new AbortController().signal,
    timeLimitMs,
    scratchDirectory: scratch,
    ...(interpreter === undefined ? {} : { interpreter }),
  });
}

/** A stand-in for python3. */
function writeProgram(name: string, lines: readonly string[]): string {
  const file = path.join(scratch, name);
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a job in python3', () => {
  it.skipIf(noPython)('has the outcome of any other fork', async () => {
    const outcome = await attempt({});
    expect(outcome).toMatchObject({ status: 'ok', round: 4, cell: { contender: 'any' } });
    expect(outcome?.fork?.blocks).toHaveLength(settings.turns);
    expect(outcome?.fork?.latencyNs).toBeGreaterThan(0);
    expect(outcome?.fork?.outputBytes).toBeGreaterThan(500);
    expect(outcome?.example).toMatch(/^\{"id": 0, .* characters\)$/);
  });

  it.skipIf(noPython).each(['string', 'bytes'] as const)(
    'checks the function that is timed, as %s and in a frame',
    async (sink) => {
      const framed = { payload: 'sse-event', items: 1, sink };
      const right = 'lambda value: json.dumps(value).encode()';
      expect(await attempt({ code: { stringify: 'lambda value: "null"', encode: right }, cell: framed })).toMatchObject(
        { status: 'incorrect' },
      );
      const late = 'lambda value: "null" if len(calls) > 8 else (calls.append(1), json.dumps(value))[1]';
      const outcome = await attempt({ code: { setup: ['calls = []'], stringify: late }, cell: { sink } });
      expect(outcome).toMatchObject({ status: 'incorrect', reason: expect.stringContaining('after it was timed') });
    },
  );

  it.skipIf(noPython)('names the place where the output is wrong', async () => {
    const wrong = (expression: string): Promise<ForkOutcome | undefined> =>
      attempt({ code: { stringify: expression } });
    expect(
      await wrong("lambda value: json.dumps([{**item, 'active': int(item['active'])} for item in value])"),
    ).toMatchObject({
      status: 'incorrect',
      reason: 'at /0/active: wrote 1 where true was expected',
    });
    expect(await wrong('lambda value: json.dumps(value[:2])')).toMatchObject({
      status: 'incorrect',
      reason: expect.stringContaining('at /2: wrote nothing'),
    });
    expect(await wrong('lambda value: json.dumps(value)[1:]')).toMatchObject({
      status: 'incorrect',
      reason: expect.stringContaining('wrote no JSON'),
    });
    expect(await wrong('lambda value: value.nothing')).toMatchObject({
      status: 'incorrect',
      reason: expect.stringContaining('threw: AttributeError'),
    });
    expect(await wrong('lambda value: 1')).toMatchObject({ status: 'incorrect' });
  });

  it.skipIf(noPython)('hands native values over as datetime and UUID objects', async () => {
    const setup = [
      'import datetime, uuid',
      'seen = set()',
      'def note(value):',
      '    seen.add(type(value).__name__)',
      '    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)',
    ];
    const stringify = 'lambda value: json.dumps(value, default=note)';
    expect(await attempt({ code: { setup, stringify }, cell: { variant: 'native' } })).toMatchObject({ status: 'ok' });
    expect(await attempt({ cell: { variant: 'native' } })).toMatchObject({
      status: 'incorrect',
      reason: expect.stringMatching(/UUID is not JSON serializable|datetime is not JSON serializable/),
    });
    // A space in place of the T is no datetime of RFC 3339.
    const spaced = await attempt({
      code: { stringify: 'lambda value: json.dumps(value, default=str)' },
      cell: { variant: 'native' },
    });
    expect(spaced).toMatchObject({ status: 'incorrect', reason: expect.stringContaining('at /0/created_at') });
  });

  it.skipIf(noPython)('puts a frame around what is timed and leaves it out of the check', async () => {
    const payload = findPayload('sse-event');
    const cell = { payload: payload.id, items: 1 };
    const compact = "json.dumps(value, separators=(',', ':'), ensure_ascii=False)";
    const asText = await attempt({ cell, code: { stringify: `lambda value: ${compact}` } });
    const asBytes = await attempt({ cell, code: { encode: `lambda value: ${compact}.encode()` }, onlyCode: true });
    const texts = corpus.filesOf(payload, 1).catalogPaths.map((file) => readFileSync(file).length);
    const frameBytes = Buffer.byteLength(`${payload.frame?.prefix}${payload.frame?.suffix}`);
    const expected = Math.round(texts.reduce((sum, size) => sum + size, 0) / texts.length) + frameBytes;
    expect(frameBytes).toBeGreaterThan(0);
    expect([asText, asBytes].map((outcome) => outcome?.fork?.outputBytes)).toEqual([expected, expected]);
  });

  it.skipIf(noPython)('says which end of the wire it cannot reach', async () => {
    const outcome = await attempt({
      cell: { sink: 'string' },
      code: { encode: 'lambda value: json.dumps(value).encode()' },
      onlyCode: true,
    });
    expect(outcome).toMatchObject({ status: 'unsupported', reason: 'writes bytes, not a string' });
  });

  it.skipIf(noPython)('lets a worker compress what it has written, for sizes', async () => {
    const outcome = await attempt({ method: 'size' });
    expect(outcome?.status).toBe('ok');
    const [file] = corpus.filesOf(findPayload('seed-items'), 3).catalogPaths;
    expect(outcome?.size?.outputBytes).toBeGreaterThan(readFileSync(file ?? '').length);
    expect(outcome?.size?.encoded.map(({ encoding }) => encoding)).toEqual(['gzip', 'br', 'zstd']);
    expect(await attempt({ method: 'size', code: { stringify: 'lambda value: json.dumps(value[1:])' } })).toMatchObject(
      { status: 'incorrect' },
    );
  });

  it.skipIf(noPython)('parses the same text from bytes and as a string', async () => {
    const parse = (sink: 'bytes' | 'string', parseText: string): Promise<ForkOutcome | undefined> =>
      attempt({ cell: { suite: 'parse', sink }, code: { parseText }, onlyCode: true });
    expect(
      [await parse('bytes', 'json.loads'), await parse('string', 'json.loads')].map((outcome) => outcome?.status),
    ).toEqual(['ok', 'ok']);
    expect(await parse('bytes', 'lambda text: json.loads(text)[::-1]')).toMatchObject({
      status: 'incorrect',
      reason: expect.stringContaining('/0/id: read 2 where 0'),
    });
  });

  it.skipIf(noPython)('takes a job of any length, and what a library prints for what it is', async () => {
    const long = ['# '.padEnd(3_000_000, 'x'), 'print(\'{"type": "outcome"}\')'];
    expect(await attempt({ code: { setup: long } })).toMatchObject({ status: 'ok' });
  });
});

describe('what goes wrong with python3', () => {
  it('is unavailable without one', async () => {
    expect(await attempt({ interpreter: path.join(scratch, 'no-such-python') })).toMatchObject({
      status: 'unavailable',
      reason: 'there is no python3 on this machine',
    });
    expect(
      await attempt({ interpreter: writeProgram('shim', ['echo "shim: python3: command not found" >&2', 'exit 127']) }),
    ).toMatchObject({ status: 'unavailable' });
    expect(await readPythonVersions([], path.join(scratch, 'no-such-python'))).toEqual({});
  });

  it.skipIf(noPython)('is unavailable without the library, which is named', async () => {
    const outcome = await attempt({ code: { module: 'wirebench_no_such_module' } });
    expect(outcome).toMatchObject({
      status: 'unavailable',
      reason: expect.stringContaining("No module named 'wirebench_no_such_module'"),
    });
  });

  it('is a failure that quotes nonsense', async () => {
    expect(await attempt({ interpreter: writeProgram('babbler', ['echo hello']) })).toMatchObject({
      status: 'failed',
      reason: String.raw`reported nonsense: "hello"`,
    });
    const shaped = writeProgram('liar', [`echo '{"type": "outcome", "outcome": {"status": "splendid"}}'`]);
    expect(await attempt({ interpreter: shaped })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nonsense'),
    });
  });

  it('is a failure that says how the process ended', async () => {
    expect(
      await attempt({ interpreter: writeProgram('exiter', ['echo "SyntaxError: too new" >&2', 'exit 3']) }),
    ).toMatchObject({
      status: 'failed',
      reason: 'ended with exit code 3 before it reported: SyntaxError: too new',
    });
    expect(await attempt({ interpreter: writeProgram('crasher', ['kill -SEGV $$']) })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('SIGSEGV'),
    });
  });

  it.skipIf(noPython)('is a failure where a library takes the process down', async () => {
    const outcome = await attempt({ code: { setup: ['import os', 'os.abort()'] } });
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringContaining('SIGABRT') });
  });

  it.skipIf(noPython)('ends at the time limit', async () => {
    const outcome = await attempt({ code: { setup: ['import time', 'time.sleep(600)'] }, timeLimitMs: 300 });
    expect(outcome).toMatchObject({ status: 'failed', reason: 'gave no answer within 0.3 s and was ended' });
  });

  it.skipIf(noPython)(
    'is no outcome where the user interrupts, and leaves no process of its own or of those that it started',
    async () => {
      const note = path.join(scratch, 'pids');
      const setup = [
        'import os, subprocess, time',
        "child = subprocess.Popen(['sleep', '600'])",
        `open(${JSON.stringify(note)}, 'w').write(f"{os.getpid()} {child.pid} ")`,
        'time.sleep(600)',
      ];
      const interrupt = new AbortController();
      const pending = attempt({ code: { setup }, signal: interrupt.signal });
      while (!existsSync(note) || readFileSync(note, 'utf8') === '') await sleep(20);
      const pids = readFileSync(note, 'utf8').trim().split(' ').map(Number);
      interrupt.abort();
      expect(await pending).toBeUndefined();
      expect(pids).toHaveLength(2);
      for (const pid of pids) expect(await goneSoon(pid)).toBe(true);
    },
  );
});

describe('the Python worker', () => {
  it.skipIf(noPython)('ends itself when nobody is at the other end any more', async () => {
    const note = path.join(scratch, 'orphan-started');
    const setup = ['import time', `open(${JSON.stringify(note)}, 'w').write('yes')`, 'time.sleep(600)'];
    const cell: MicroCellId = {
      suite: 'serialize',
      contender: 'any',
      payload: 'seed-items',
      items: 3,
      variant: 'text',
      sink: 'bytes',
    };
    const job: Job = {
      method: 'latency',
      cell,
      round: 0,
      contenderUrl: '',
      settings,
      python: { ...plainCode, setup },
      corpus: corpus.filesOf(findPayload('seed-items'), 3),
    };
    const worker = spawn('python3', [fileURLToPath(new URL('../../src/measure/python/worker.py', import.meta.url))], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(worker, 'exit');
    worker.stdin.write(`${JSON.stringify(job)}\n`);
    while (!existsSync(note)) await sleep(20);
    worker.stdin.end();
    expect(await ended).toEqual([1, null]);
  });
});

/** A killed process stays visible until its parent has taken note. */
async function goneSoon(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(20);
  return !isAlive(pid);
}

describe('a plan with a reference in Python', () => {
  const planOf = (selection: Parameters<typeof planRun>[0]['selection']): string[] => {
    const plan = planRun({
      registry,
      profile: 'quick',
      selection: {
        suites: ['serialize', 'parse', 'output-size', 'type-handling'],
        payloads: ['seed-items'],
        ...selection,
      },
      seed: 1,
    });
    return [...new Set(plan.cells.map(({ id }) => `${id.suite} ${id.contender}`))];
  };
  const inPython = new Set(pythonContenders.map(({ id }) => id));
  const pythonRows = (rows: readonly string[]): string[] => rows.filter((row) => inPython.has(row.split(' ')[1] ?? ''));

  it('has none of its rows unless it is asked for', () => {
    expect(pythonContenders.length).toBeGreaterThan(1);
    expect(pythonRows(planOf({}))).toEqual([]);
  });

  it('has all of them where it is, beside whom they are to be compared with', () => {
    const rows = planOf({ references: ['python'] });
    expect(new Set(pythonRows(rows).map((row) => row.split(' ')[1]))).toEqual(inPython);
    expect(new Set(pythonRows(rows).map((row) => row.split(' ')[0]))).toEqual(
      new Set(['serialize', 'parse', 'output-size']),
    );
    const company = pythonContenders.flatMap(({ beside = [] }) => beside);
    expect(company.length).toBeGreaterThan(0);
    expect(company.filter((id) => !rows.includes(`serialize ${id}`))).toEqual([]);
  });

  it('keeps to the contenders that are named, and has a named one without being asked', () => {
    const first = pythonContenders.find(({ kind }) => kind === 'serialize');
    expect(pythonRows(planOf({ suites: ['serialize'], contenders: [first?.id ?? ''] }))).toEqual([
      `serialize ${first?.id}`,
    ]);
    const named = planOf({ suites: ['serialize'], contenders: ['msgpackr'], references: ['python'] });
    expect(named.filter((row) => !pythonRows(named).includes(row))).toEqual([
      'serialize json-stringify',
      'serialize msgpackr',
    ]);
  });

  it('puts them into the groups of the others, so that ratios pair', () => {
    const plan = planRun({
      registry,
      profile: 'quick',
      selection: {
        suites: ['serialize'],
        payloads: ['seed-items'],
        items: [10],
        variants: ['text'],
        references: ['python'],
      },
      seed: 1,
    });
    expect(new Set(plan.cells.map(({ group }) => group)).size).toBe(1);
  });

  it.skipIf(noPython)('measures on where Python fails', async () => {
    const broken = registry.contenders.map((contender) =>
      contender.python === undefined
        ? contender
        : { ...contender, python: { ...contender.python, setup: ['import os', 'os._exit(9)'] } },
    );
    const names = [
      'json-stringify',
      ...pythonContenders
        .filter(({ kind, python }) => kind === 'serialize' && python?.module === 'json')
        .map(({ id }) => id),
    ];
    const plan = planRun({
      registry: { ...registry, contenders: broken },
      profile: 'quick',
      seed: 1,
      forks: 2,
      selection: {
        suites: ['serialize'],
        payloads: ['seed-items'],
        items: [10],
        variants: ['text'],
        contenders: names,
      },
    });
    const outcomes: ForkOutcome[] = [];
    const quick = { ...plan, twins: new Set<string>(), settings: { ...plan.settings, sampler: settings } };
    for await (const event of runPlan({
      plan: quick,
      now: () => performance.now(),
      signal: new AbortController().signal,
    })) {
      if (event.type === 'outcome') outcomes.push(event.outcome);
    }
    const ended = outcomes.map(
      ({ cell, status, reason }) =>
        `${cell.contender === 'json-stringify' ? 'node' : 'python'} ${status}${reason === undefined ? '' : `: ${reason}`}`,
    );
    expect(ended.toSorted()).toEqual([
      'node ok',
      'node ok',
      'python failed: ended with exit code 9 before it reported',
    ]);
  });
});

describe('versions', () => {
  it.skipIf(noPython)('are those of python and of what is installed', async () => {
    const versions = await readPythonVersions(['wirebench-no-such-distribution']);
    expect(Object.keys(versions)).toEqual(['python']);
    expect(versions['python']).toMatch(/^3\.\d+/);
  });
});

/** Few items, so that a contender on a payload costs little more than starting Python. */
const contractItems = 4;

describe.each(pythonContenders)('$id', (contender) => {
  const { python } = contender;
  const isHere = modules?.includes(python?.module ?? '') === true;
  if (modules !== undefined && !isHere)
    process.stderr.write(`skipped: ${contender.id}, because python3 has no ${python?.module}\n`);

  const cells = registry.payloads
    .filter(({ role }) => role === 'response')
    .flatMap((payload) => payload.variants.map((variant) => ({ payload, variant })));
  it.skipIf(!isHere).each(cells)('is right about $payload.id in the $variant variant', async ({ payload, variant }) => {
    const items = payload.fixedSizes === true ? (payload.sizes[0] ?? 1) : contractItems;
    const suite = contender.kind === 'parse' ? 'parse' : 'serialize';
    const outcome = await attempt({
      code: python ?? {},
      onlyCode: true,
      cell: { suite, contender: contender.id, payload: payload.id, items, variant },
    });
    expect({ status: outcome?.status, reason: outcome?.reason }).toEqual({ status: 'ok', reason: undefined });
  });

  it('cannot be loaded by a process of JavaScript, and says so', async () => {
    await expect(contender.load()).rejects.toThrow('runs in python3');
    expect(contender.capabilities).toContain('in-python');
  });
});
