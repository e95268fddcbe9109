/**
 * A made-up load of users, told slice by slice as workers do; nothing in it is a measurement.
 */
import type { PlannedLoad, UsersResults, WorkerEvent, WorkerSlice } from '../../src/model/users.ts';
import { Latencies } from '../../src/users/requests/latencies.ts';
import { LoadAccount } from '../../src/users/results.ts';

const plannedLoad: PlannedLoad = {
  target: 'http://127.0.0.1:4444',
  preset: 'light',
  weights: 'page',
  users: 4,
  spawnRatePerSec: 2,
  runTimeMs: 10_000,
  engine: 'local',
  classes: [
    {
      name: 'Reader',
      title: 'reads',
      weight: 3,
      wait: { kind: 'between', minSeconds: 1, maxSeconds: 2 },
      tasks: [{ name: 'GET /list', weight: 2, steps: [{ method: 'GET', path: '/list', check: 'list' }] }],
    },
    {
      name: 'Writer',
      title: 'writes | and deletes',
      weight: 1,
      wait: { kind: 'constant-throughput', tasksPerSec: 2 },
      tasks: [
        {
          name: 'create and delete',
          weight: 1,
          steps: [
            { method: 'POST', path: '/things', body: {}, check: 'json', keeps: { id: '/id' } },
            { method: 'DELETE', path: '/things/{kept.id}', check: 'any' },
          ],
        },
      ],
    },
  ],
  unavailable: [{ userClass: 'Reader', task: 'GET /none', reason: 'GET /none answered HTTP 404' }],
};

/** Of so many requests, each as long as the others; failed ones have no time. */
export function slice(
  second: number,
  parts: {
    requests: number;
    latencyMs: number;
    failures?: Record<string, number>;
    cpuShare?: number;
    latenessMs?: number;
  },
): WorkerSlice {
  const { requests, latencyMs, failures = {}, cpuShare = 0.2, latenessMs = 0.5 } = parts;
  const answered = requests - Object.values(failures).reduce((sum, count) => sum + count, 0);
  const record = (ms: number, count: number) => {
    const latencies = new Latencies();
    for (let index = 0; index < count; index += 1) latencies.record(ms);
    return latencies.recorded();
  };
  return {
    elapsedMs: second * 1000,
    sliceMs: 1000,
    users: { Reader: 1, Writer: 1 },
    begun: [{ userClass: 'Reader', task: 'GET /list', count: requests }],
    requests: [
      {
        userClass: 'Reader',
        task: 'GET /list',
        step: 0,
        requests,
        failures,
        wireBytes: 100 * requests,
        ...(answered === 0
          ? {}
          : { latency: record(latencyMs, answered), serviceTime: record(latencyMs / 2, answered) }),
      },
    ],
    cpuShare,
    lateness: record(latenessMs, 1),
  };
}

export function resultsOf(events: readonly WorkerEvent[], reasons: readonly string[] = []): UsersResults {
  const account = new LoadAccount();
  for (const event of events) account.note(event);
  return account.results(plannedLoad, reasons);
}

/** Two workers that tell the same in each of some seconds, and end. */
export function eventsOf(seconds: number, parts: Parameters<typeof slice>[1]): WorkerEvent[] {
  const workers = ['worker 1', 'worker 2'];
  return [
    ...Array.from({ length: seconds }, (_, index) =>
      workers.map((worker): WorkerEvent => ({ type: 'slice', worker, slice: slice(index + 1, parts) })),
    ).flat(),
    ...workers.map((worker): WorkerEvent => ({ type: 'finished', worker, unanswered: 0 })),
  ];
}
