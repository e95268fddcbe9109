/**
 * The process that makes load, so that a client's processor time is never the server's.
 *
 * Takes jobs over its channel, one after the other, and ends when the channel closes: it never outlives who started it.
 * It decides nothing; a job says everything.
 */
import { performance } from 'node:perf_hooks';

import { endWithParent, tellParent } from '../../process/parent.ts';
import type { JsonValue } from '../../model/values.ts';
import { autocannonLoop } from './autocannon-loop.ts';
import { closedLoop } from './closed-loop.ts';
import type { ClosedLoop } from './closed-loop-request.ts';
import { writeAndAwaitEvents } from './events.ts';
import { kindOfError, LoadFailure } from '../failure.ts';
import type { LoadJob, LoadMessage, LoadReport } from './messages.ts';
import { openLoop } from './open-loop.ts';
import { Recorder, type RecordedWindow } from './recorder.ts';
import { syncInTurn } from './sync.ts';

endWithParent();
// Who presses Ctrl-C means the program that started this process, and that one ends it.
process.on('SIGINT', () => {});
process.on('message', (job: LoadJob) => {
  carryOut(job).then(
    (report) => send({ type: 'report', report }),
    (error: unknown) =>
      send({
        type: 'failure',
        reason: error instanceof LoadFailure ? error.message : `could not make load: ${kindOfError(error)}`,
      }),
  );
});
send({ type: 'ready' });

function send(message: LoadMessage): void {
  tellParent(message);
}

async function carryOut(job: LoadJob): Promise<LoadReport> {
  const meter = new CpuMeter();
  const begin = (): void => {
    meter.reset();
    send({ type: 'begin' });
  };
  const ended = job.load.kind === 'open' ? await runOpen(job, job.load, begin) : await runClosed(job, begin, meter);
  const { recording, sample, latenessP99Ns } = ended;
  return {
    ...recording,
    cpuShare: meter.share(),
    ...(latenessP99Ns === undefined ? {} : { latenessP99Ns }),
    ...(sample === undefined ? {} : { sample }),
  };
}

/** Every way of making a closed load, a file each. */
const closedLoops: Readonly<Record<LoadJob['generator'] | Exclude<LoadJob['client'], 'load'>, ClosedLoop>> = {
  autocannon: autocannonLoop,
  own: closedLoop,
  sync: syncInTurn,
  events: writeAndAwaitEvents,
};

interface MadeLoad {
  readonly recording: Omit<RecordedWindow, 'hasSettled'> & Partial<Pick<RecordedWindow, 'hasSettled'>>;
  readonly sample?: JsonValue;
  readonly latenessP99Ns?: number;
}

async function runOpen(job: LoadJob, load: LoadJob['load'] & { kind: 'open' }, onBegin: () => void): Promise<MadeLoad> {
  const { latenessP99Ns, ...recording } = await openLoop({ ...job, load, onBegin });
  send({ type: 'end' });
  return { recording, ...(latenessP99Ns === undefined ? {} : { latenessP99Ns }) };
}

async function runClosed(job: LoadJob, onBegin: () => void, meter: CpuMeter): Promise<MadeLoad> {
  const onEnd = (): void => {
    meter.stop();
    send({ type: 'end' });
  };
  const recorder = new Recorder({
    settings: job.settings,
    isWarm: job.isWarm,
    connections: job.load.connections,
    now: () => performance.now(),
    onBegin,
    onEnd,
  });
  const loop = closedLoops[job.client === 'load' ? job.generator : job.client];
  const sample = await loop({ ...job, recorder });
  return { recording: recorder.recording(), ...(sample === undefined ? {} : { sample }) };
}

/** Processor time of this process between two moments. */
class CpuMeter {
  #before = process.cpuUsage();
  #startMs = performance.now();
  #share: number | undefined;

  reset(): void {
    this.#before = process.cpuUsage();
    this.#startMs = performance.now();
  }

  stop(): void {
    const { user, system } = process.cpuUsage(this.#before);
    this.#share = (user + system) / 1000 / Math.max(1, performance.now() - this.#startMs);
  }

  share(): number {
    if (this.#share === undefined) this.stop();
    return this.#share ?? 0;
  }
}
