/**
 * `wirebench users`: a load that users make, each with a mind of its own: on this machine, or on many under a master of
 * Locust.
 *
 * Says what can be asked; ../users carries it out. Locust and its protocol are loaded only where they are asked for.
 */
import path from 'node:path';

import { Argument, Option, type Command } from '@commander-js/extra-typings';

import { openSite } from '../../load/servers/user-site.ts';
import { loadRegistry } from '../../registry/registry.ts';
import { formatFinePercent } from '../../report/quantities.ts';
import { requirePackages } from '../../require-packages.ts';
import { masterPort, reportPort, webPort } from '../../users/locust/ports.ts';
import { presets } from '../../users/presets.ts';
import { shareOut } from '../../users/spawn-order.ts';
import { UserError } from '../../user-error.ts';
import { type CliCommand, defineCommand, type Io, type OptionsOf } from '../command.ts';
import { defaultSeed, parseList, parsePort, parseSeed, parseTime, parseWhole } from '../options.ts';
import { checkFormat } from '../render.ts';
import {
  type AskedLoad,
  parseProcesses,
  parseRunTime,
  parseSpawnRate,
  parseUsers,
  readLoad,
} from '../users/load-options.ts';

/** The variable that other commands' examples put the gateway's token into. */
const usualTokenVariable = 'GATEWAY_TOKEN';

const declare = (users: Command) =>
  users
    .addArgument(new Argument('[preset]', 'how many users for how long; an unknown name gets the list'))
    .option('--class <names>', 'the only classes, comma-separated; an unknown name gets the list', parseList)
    .option('--users <n>', 'users at most at one time (LOADTEST_USERS)', parseUsers)
    .option('--spawn-rate <n>', 'users that come a second (LOADTEST_SPAWN_RATE)', parseSpawnRate)
    .option('--run-time <time>', 'e.g. 90s, 20m, 1h30m; 0 until Ctrl-C (LOADTEST_RUN_TIME)', parseRunTime)
    .option('--processes <n>', 'worker processes on this machine, or auto (LOADTEST_PROCESSES)', parseProcesses)
    .option('--host <url>', 'the server (LOADTEST_HOST; default: http://127.0.0.1:4444)')
    .option(
      '--token-env <variable>',
      `variable with its bearer token (default: ${usualTokenVariable}, where it is set)`,
    )
    .option('--i-own-this-host', 'allow a host other than this machine')
    .addOption(
      new Option('--weights <table>', "the reference page's weights, or those of its project's code")
        .choices(['page', 'contextforge'])
        .default('page' as const),
    )
    .option('--timeout <time>', 'of one request', parseTime, 30_000)
    .option('--seed <n>', 'seed of what users choose', parseSeed, defaultSeed)
    .option('--list', 'print classes, tasks and weights, make no load')
    .option('--strict', 'exit with 1 where a request failed, a task was not available or a worker was lost')
    .option('--format <name>', 'on stdout: terminal, markdown, html, csv, json, ...', 'terminal')
    .option('--out <dir>', 'directory for run.json, report.md and report.html', path.join('results', 'users'))
    .addOption(new Option('--master', 'many machines: start a master of Locust with its page').conflicts('worker'))
    .option('--expect-workers <n>', 'with --master: begin when so many are there', parseWhole({ min: 1, max: 10_000 }))
    .option('--web-port <n>', "with --master: port of Locust's page", parsePort, webPort)
    .option('--web-host <host>', "with --master: where Locust's page listens", '127.0.0.1')
    .option('--bind-host <host>', 'with --master: where workers are listened to', '127.0.0.1')
    .option('--worker', 'many machines: make requests for a master')
    .option('--master-host <host>', 'with --worker: where the master is', '127.0.0.1')
    .option('--master-port <n>', 'with --master and --worker: port of the master', parsePort, masterPort)
    .option('--report-port <n>', 'with --master and --worker: port for whole histograms', parsePort, reportPort)
    .addHelpText('after', () =>
      [
        '',
        'Presets:',
        ...Object.entries(presets).map(([name, { summary, users: count, spawnRatePerSec, runTimeMs }]) => {
          const time = runTimeMs === undefined ? 'until Ctrl-C' : `${runTimeMs / 1000} s`;
          return `  ${name.padEnd(11)}${count} users, ${spawnRatePerSec} a second, ${time}: ${summary}`;
        }),
      ].join('\n'),
    );

type UsersOptions = OptionsOf<typeof declare>;

const command: CliCommand = defineCommand({
  summary: 'make a load of users with weights, waits and tasks, on this machine or on many',
  declare,

  async run({ options, args: [preset], given }, io) {
    await checkFormat(options.format, 'runs');
    refuseLonelyOptions(options, given);
    const registry = await loadRegistry();
    const asked = readLoad(preset, options, { env: io.env, registry });
    if (options.list === true) {
      io.stdout.write(describeLoad(asked));
      return 0;
    }
    requirePackages(['hdr-histogram-js'], 'make a load of users');
    const { format, out, seed, timeout: timeoutMs, strict } = options;
    const shared = { asked, registry, format, out, seed, timeoutMs, strict: strict === true };
    const openServer = (url: string): ReturnType<typeof openSite> =>
      openSite({ url, ...accessOf(options, io), env: io.env });
    if (options.worker === true) {
      requirePackages(['zeromq'], 'join a master');
      const { runWorker } = await import('../users/run-worker.ts');
      return runWorker({ ...options, ...shared, registry, openServer }, io);
    }
    const address = openServer(asked.host);
    if (options.master === true) {
      requirePackages(['zeromq'], 'start a master');
      const { runMaster } = await import('../users/run-master.ts');
      return runMaster({ ...options, ...shared, expectedWorkers: options.expectWorkers }, io);
    }
    const { runLocally } = await import('../users/run-local.ts');
    return runLocally({ ...shared, address }, io);
  },
});

export default command;

function accessOf({ tokenEnv, iOwnThisHost }: UsersOptions, io: Io): { tokenEnv?: string; ownThisHost?: boolean } {
  const usual = (io.env[usualTokenVariable] ?? '') === '' ? undefined : usualTokenVariable;
  const variable = tokenEnv ?? usual;
  return {
    ...(variable === undefined ? {} : { tokenEnv: variable }),
    ...(iOwnThisHost === true ? { ownThisHost: true } : {}),
  };
}

/** Options of many machines that say nothing on one. */
function refuseLonelyOptions({ master, worker }: UsersOptions, given: ReadonlySet<string>): void {
  const [forMaster, forWorker, forBoth] = ['--master', '--worker', '--master or --worker'] as const;
  const isAsked = { [forMaster]: master === true, [forWorker]: worker === true, [forBoth]: master ?? worker ?? false };
  const needs = {
    expectWorkers: ['--expect-workers', forMaster],
    webPort: ['--web-port', forMaster],
    webHost: ['--web-host', forMaster],
    bindHost: ['--bind-host', forMaster],
    masterHost: ['--master-host', forWorker],
    masterPort: ['--master-port', forBoth],
    reportPort: ['--report-port', forBoth],
  } as const;
  for (const [name, [option, mode]] of Object.entries(needs))
    if (given.has(name) && !isAsked[mode]) throw new UserError(`${option} goes with ${mode}`);
}

function describeLoad({ classes, users, spawnRatePerSec, runTimeMs, host }: AskedLoad): string {
  const counts = shareOut(users, classes);
  const lines = classes.flatMap(({ name, title, weight, wait, tasks }) => {
    const waits =
      wait.kind === 'between'
        ? `waits ${wait.minSeconds} to ${wait.maxSeconds} s`
        : `${wait.tasksPerSec} tasks a second`;
    const sum = tasks.reduce((total, task) => total + task.weight, 0);
    return [
      `${name}: ${title}; weight ${weight}, ${counts[name]} of ${users} users, ${waits}`,
      ...tasks.map((task) => `  ${formatFinePercent(task.weight / sum).padStart(6)}  ${task.name}`),
    ];
  });
  const time = runTimeMs === undefined ? 'until Ctrl-C' : `${runTimeMs / 1000} s`;
  return [...lines, `${users} users on ${host}, ${spawnRatePerSec} a second, ${time}`, ''].join('\n');
}
