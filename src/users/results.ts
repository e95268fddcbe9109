/**
 * From what workers told to what a run file holds of a load.
 */
import type {
  LoadedClass,
  PlannedLoad,
  UserRequestResult,
  UsersResults,
  WeightedUserClass,
  WorkerEvent,
} from '../model/users.ts';
import { Latencies } from './requests/latencies.ts';
import { nameRequest } from './requests/request-names.ts';
import { LoadSum, type RequestSum } from './slices.ts';
import { addCounts } from './spawn-order.ts';

/** What is known of a load while it is made, and at its end. */
export class LoadAccount {
  readonly #sum = new LoadSum();
  readonly #lost = new Map<string, string>();
  readonly #finished = new Set<string>();
  #unanswered = 0;

  /** Of what has been told so far. */
  get sum(): LoadSum {
    return this.#sum;
  }

  /** @throws {Error} for a histogram that is none. */
  note(event: WorkerEvent): void {
    const { worker } = event;
    if (event.type === 'slice') this.#sum.add(worker, event.slice);
    else if (event.type === 'lost') {
      this.#lost.set(worker, event.reason);
      this.#sum.forget(worker);
    } else {
      this.#finished.add(worker);
      this.#unanswered += event.unanswered;
      this.#sum.forget(worker);
    }
  }

  /** @param reasons beside lost workers, why it is not the load that was asked for. */
  results(plan: PlannedLoad, reasons: readonly string[]): UsersResults {
    const { classes, ...asked } = plan;
    const told = this.#sum.requests;
    return {
      ...asked,
      elapsedMs: this.#sum.elapsedMs,
      unanswered: this.#unanswered,
      classes: classes.map((userClass) => describeClass(userClass, this.#sum)),
      requests: listRequests(classes, told),
      total: totalOf(told),
      timeline: this.#sum.timeline(),
      workers: this.#sum.workers.map(({ id, users, requests, cpuShare, lateness }) => ({
        id,
        state: this.#finished.has(id) ? 'finished' : 'lost',
        users,
        requests,
        cpuShare,
        latenessP99Ns: lateness.percentileNs(99),
      })),
      incomplete: [...[...this.#lost].map(([worker, reason]) => `${worker} was lost: it ${reason}`), ...reasons],
    };
  }
}

function describeClass({ name, title, weight, wait, tasks }: WeightedUserClass, sum: LoadSum): LoadedClass {
  return {
    name,
    title,
    weight,
    wait,
    users: sum.mostUsers[name] ?? 0,
    tasks: tasks.map((task) => ({
      name: task.name,
      weight: task.weight,
      begun: sum.begun.find((one) => one.userClass === name && one.task === task.name)?.count ?? 0,
    })),
  };
}

/** In the order of classes, tasks and steps; tasks of a class that nobody knows come last. */
function listRequests(classes: readonly WeightedUserClass[], sums: readonly RequestSum[]): UserRequestResult[] {
  const known = classes.flatMap(({ name, tasks }) =>
    tasks.flatMap((task) =>
      task.steps.map((_, step) => ({
        key: keyOf({ userClass: name, task: task.name, step }),
        ...nameRequest(task, step),
      })),
    ),
  );
  const places = new Map(known.map(({ key }, index) => [key, index]));
  return sums
    .toSorted((a, b) => (places.get(keyOf(a)) ?? known.length) - (places.get(keyOf(b)) ?? known.length))
    .map((sum) => {
      const { method = '', request = sum.task } = known[places.get(keyOf(sum)) ?? -1] ?? {};
      return { userClass: sum.userClass, task: sum.task, request, method, ...resultOf(sum) };
    });
}

function keyOf({ userClass, task, step }: { userClass: string; task: string; step: number }): string {
  return `${userClass}\t${task}\t${step}`;
}

type Counted = Pick<RequestSum, 'requests' | 'failures' | 'wireBytes' | 'latency' | 'serviceTime'>;

function resultOf({ requests, failures, wireBytes, latency, serviceTime }: Counted): UsersResults['total'] {
  const [summary, service] = [latency.summary(), serviceTime.summary()];
  return {
    requests,
    failures,
    wireBytes,
    ...(summary === undefined || service === undefined
      ? {}
      : {
          latency: summary,
          serviceTime: service,
          histograms: { latency: latency.recorded().histogram, serviceTime: serviceTime.recorded().histogram },
        }),
  };
}

function totalOf(sums: readonly RequestSum[]): UsersResults['total'] {
  const failures: Record<string, number> = {};
  const [latency, serviceTime] = [new Latencies(), new Latencies()];
  let [requests, wireBytes] = [0, 0];
  for (const sum of sums) {
    requests += sum.requests;
    wireBytes += sum.wireBytes;
    latency.add(sum.latency.decoded());
    serviceTime.add(sum.serviceTime.decoded());
    addCounts(failures, sum.failures);
  }
  return resultOf({ requests, failures, wireBytes, latency, serviceTime });
}
