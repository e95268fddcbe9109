/**
 * The program `hey` as an engine, for figures that stand beside those that others have published.
 *
 * It gets the request in its arguments, since it reads it nowhere else; only the payload goes through a file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

import { childEnvironment } from '../../process/child-environment.ts';
import { type Child, startChild } from '../../process/child.ts';
import { describeDeath } from '../../process/death.ts';
import { makeScratchDirectory } from '../../process/scratch-directory.ts';
import { UserError } from '../../user-error.ts';
import type { CommandParts, Engine, EngineRun } from '../engine.ts';
import type { EngineFigures } from '../figures.ts';
import { parseHeyOutput } from '../hey-output.ts';
import { toRecord } from '../headers.ts';
import type { HeyPlan, Side } from '../plan.ts';

/** What hey may take to print its figures once it was told to stop; requests that hang keep it longer. */
const stopLimitMs = 5_000;
/** How often its processor time is read. */
const lookMs = 100;
/** Linux counts for programs in hundredths of a second, on every machine. */
const ticksPerSec = 100;

const engine: Engine = {
  title: 'hey',
  limits: [
    'hey looks at no body: errors inside a 200 count as answered',
    'hey sends the same number over each connection, so that a remainder of -n is left out',
    'its latencies come in steps of 0.1 ms, and of more than a million answers it looks at the first million',
    'it checks no certificates',
  ],
  commandLine,
  check({ direct }) {
    if (direct === undefined) return;
    throw new UserError(
      'cannot compare two servers with --engine hey: percentiles of several runs of hey cannot be joined',
      {
        hint: 'leave out --direct or --engine',
      },
    );
  },
  run,
};

export default engine;

function commandLine({ shape, url, method, headers, payloadFile }: CommandParts): readonly string[] {
  const { connections, volume, timeoutMs, mostPerSec, keepsAlive } = shape;
  const { host, ...fields } = toRecord(headers);
  return [
    'hey',
    ...(volume.kind === 'time' ? ['-z', `${volume.ms}ms`] : ['-n', `${volume.requests}`]),
    '-c',
    `${connections}`,
    '-m',
    method,
    '-t',
    `${timeoutMs / 1000}`,
    ...(mostPerSec === undefined ? [] : ['-q', `${mostPerSec}`]),
    ...(keepsAlive ? [] : ['-disable-keepalive']),
    // As our own engine does it.
    '-disable-compression',
    '-disable-redirects',
    ...(host === undefined ? [] : ['-host', host]),
    ...Object.entries(fields).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(payloadFile === undefined ? [] : ['-D', payloadFile]),
    url,
  ];
}

async function run(plan: HeyPlan, { env, signal }: EngineRun): Promise<EngineFigures> {
  const [side] = plan.sides as readonly [Side];
  const scratch = makeScratchDirectory({ purpose: 'hey' });
  try {
    const { url, method, headers, body } = side.request;
    const payloadFile = body === undefined ? undefined : path.join(scratch.path, 'payload');
    if (payloadFile !== undefined) writeFileSync(payloadFile, body as Buffer, { mode: 0o600 });
    const parts = { shape: plan, url: url.href, method, headers, payloadFile };
    const command = commandLine(parts) as [string, ...string[]];
    return await runHey(command, { env, signal });
  } finally {
    scratch.remove();
  }
}

async function runHey(
  command: readonly [string, ...string[]],
  { env, signal }: Pick<EngineRun, 'env' | 'signal'>,
): Promise<EngineFigures> {
  const startMs = performance.now();
  const child = startChild({ command, env: childEnvironment(env), talksOver: 'nothing' });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.signal('SIGINT');
    late = setTimeout(() => void child.kill(), stopLimitMs);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let cpuShare: number | undefined;
  const looks = setInterval(() => {
    const cpuMs = readCpuMs(child);
    if (cpuMs !== undefined) cpuShare = cpuMs / (performance.now() - startMs) / availableParallelism();
  }, lookMs);
  try {
    const ended = await child.ended;
    if (ended.end.how === 'not started') throw cannotStart(ended.end);
    const figures = parseHeyOutput(printed);
    if (figures === undefined && !signal.aborted) {
      // What it says may repeat its arguments, and these hold headers.
      throw new UserError(`cannot make the load: hey ${describeDeath({ ...ended, stderr: '' })} without figures`, {
        hint: 'try the engine of wirebench, by leaving out --engine',
      });
    }
    return {
      sides: [figures ?? nothing],
      ...(cpuShare === undefined ? {} : { cpuShare }),
      printed,
    };
  } finally {
    clearInterval(looks);
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

const nothing: EngineFigures['sides'][number] = {
  sent: 0,
  answered: 0,
  failures: [],
  abandoned: 0,
  statuses: {},
  elapsedNs: 0,
  receivedBytes: 0,
  windows: [],
};

function cannotStart({ code, reason }: { code: string | undefined; reason: string }): UserError {
  if (code === 'ENOENT') {
    return new UserError('cannot make the load: there is no program hey', {
      hint: 'get it with `apt-get install hey`, or leave out --engine',
    });
  }
  return new UserError(`cannot make the load: hey did not start: ${reason}`);
}

/** Processor time that it has used; `undefined` where the system does not tell, or it is gone. */
function readCpuMs({ pid }: Pick<Child, 'pid'>): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) / ticksPerSec) * 1000;
  } catch {
    return undefined;
  }
}
