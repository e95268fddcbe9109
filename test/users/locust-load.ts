/**
 * A master of Locust with our workers, for tests: free ports, processes that can be killed, what Locust's CSV says.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Invocation, invoke } from '../cli/invoke.ts';

/** Why tests with Locust are skipped; `undefined` where they run. */
export const skipReason: string | undefined =
  spawnSync('locust', ['--version']).status === 0
    ? undefined
    : 'no locust on the PATH; "apt-get install python3-locust" brings it';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What the program may see of this process' environment: where programs are. */
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };

export interface LocustLoad {
  readonly out: string;
  readonly page: string;
  readonly master: Promise<Invocation>;
  /** Starts a worker as a process of its own. */
  startWorker(): ChildProcess;
  /** Ctrl-C for the master. */
  end(): void;
  /** Kills our program, where it is a process of its own. */
  killMaster(): void;
  isLocustThere(): boolean;
  /** Kills Locust, and not our program around it. */
  killLocust(): void;
}

/**
 * @param argv of the master, beside its ports and its directory.
 * @param options.isProcess true for a master that is a process of its own, which can be killed.
 */
export async function startLocustLoad(
  argv: readonly string[],
  { isProcess = false }: { isProcess?: boolean } = {},
): Promise<LocustLoad> {
  const out = mkdtempSync(path.join(tmpdir(), 'wirebench-locust-'));
  const [masterPort, reportPort, webPort] = (await freePorts(3)) as [number, number, number];
  const ports = ['--master-port', `${masterPort}`, '--report-port', `${reportPort}`];
  const abort = new AbortController();
  const words = ['users', '--master', ...ports, '--web-port', `${webPort}`, ...argv, '--out', out];
  const ownProcess = isProcess
    ? spawn(process.execPath, ['--no-warnings', program, ...words], { env, stdio: 'ignore' })
    : undefined;
  return {
    out,
    page: `http://127.0.0.1:${webPort}`,
    master: ownProcess === undefined ? invoke(words, { env, signal: abort.signal }) : endOfMaster(ownProcess),
    startWorker: () =>
      spawn(process.execPath, ['--no-warnings', program, 'users', '--worker', ...ports], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    end: () => abort.abort(),
    killMaster: () => ownProcess?.kill('SIGKILL'),
    isLocustThere: () => findLocust(masterPort).length > 0,
    killLocust() {
      for (const pid of findLocust(masterPort)) process.kill(pid, 'SIGKILL');
    },
  };
}

/** Nobody reads what such a master writes. */
async function endOfMaster(master: ChildProcess): Promise<Invocation> {
  await once(master, 'exit');
  return { code: 2, stdout: '', stderr: '' };
}

/** Ends a worker by Ctrl-C, and waits. @returns its exit code. */
export async function endWorker(worker: ChildProcess): Promise<number | null> {
  if (worker.exitCode === null && worker.signalCode === null) {
    const ended = once(worker, 'exit');
    worker.kill('SIGINT');
    await ended;
  }
  return worker.exitCode;
}

/** What a CSV of Locust has in the row of all requests. */
export function readTotals(out: string): { requests: number; failures: number } {
  const [header = '', ...rows] = readFileSync(path.join(out, 'locust_stats.csv'), 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const total = rows.find((row) => row.includes('Aggregated'))?.split(',') ?? [];
  const read = (name: string): number => Number(total[names.indexOf(name)]);
  return { requests: read('Request Count'), failures: read('Failure Count') };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

function findLocust(masterPort: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words[0]?.includes('python') === true && words.includes(`${masterPort}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
