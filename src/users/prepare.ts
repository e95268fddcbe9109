/**
 * Before a load: what there is to be asked for, and one try of every task, so that a task whose route is missing, or
 * for which there is nothing, is told as unavailable and does not pass for one that nobody does.
 */
import { createClient, type Client, type ServerAddress } from '../load/client/http-client.ts';
import { kindOfError } from '../load/failure.ts';
import type { AnswerCheck, UnavailableTask, UserTask, WeightedUserClass } from '../model/users.ts';
import { loadPools, type Pools } from './requests/pools.ts';
import { performTask, type StepOutcome } from './requests/task.ts';
import { poolsOf } from './requests/templates.ts';

/** What a load is made of. */
export interface Prepared {
  /** Those with at least one task that can be done, each with these tasks alone. */
  readonly classes: readonly WeightedUserClass[];
  readonly pools: Pools;
  readonly unavailable: readonly UnavailableTask[];
  /** Tasks that failed when they were tried and take part nevertheless: `HealthCheckUser, GET /ready: HTTP 503`. */
  readonly doubtful: readonly string[];
  /** Why there is no server to be asked at all. */
  readonly cannotConnect?: string;
}

/** Statuses of a route that is not there, RFC 9110. */
const missingStatuses = new Set([404, 405, 501]);
/** The code of a JSON-RPC method that is not there. */
const missingMethod = 'JSON-RPC error -32601';

/**
 * Tries every task once, in their order.
 * @param request.makeName for entities that tasks make; they delete them again.
 * @throws nothing that a server causes: that is in what is returned.
 */
export async function prepareLoad(request: {
  classes: readonly WeightedUserClass[];
  address: ServerAddress;
  timeoutMs: number;
  makeName: () => string;
  signal: AbortSignal;
}): Promise<Prepared> {
  const { classes, address, timeoutMs, makeName, signal } = request;
  const client = createClient(address, { connections: 1, timeoutMs });
  try {
    const cannotConnect = await findUnreachable(client);
    if (cannotConnect !== undefined) return { classes: [], pools: {}, unavailable: [], doubtful: [], cannotConnect };
    const names = [...new Set(classes.flatMap(({ tasks }) => tasks.flatMap(poolsOf)))];
    const { pools, empty } = await loadPools(names, client);
    const unavailable: UnavailableTask[] = [];
    const doubtful: string[] = [];
    const kept: WeightedUserClass[] = [];
    for (const userClass of classes) {
      const tasks: UserTask[] = [];
      for (const task of userClass.tasks) {
        if (signal.aborted) break;
        const nothing = poolsOf(task).flatMap((pool) => empty[pool] ?? []);
        const tried = nothing.length > 0 ? { reason: nothing[0] } : await tryTask({ task, client, pools, makeName });
        if (tried.reason !== undefined)
          unavailable.push({ userClass: userClass.name, task: task.name, reason: tried.reason });
        else tasks.push(tried.task ?? task);
        if (tried.doubt !== undefined) doubtful.push(`${userClass.name}, ${task.name}: ${tried.doubt}`);
      }
      if (tasks.length > 0) kept.push({ ...userClass, tasks });
    }
    return { classes: kept, pools, unavailable, doubtful };
  } finally {
    client.close();
  }
}

/** @returns why nobody answers there, whatever the answer would be. */
async function findUnreachable(client: Client): Promise<string | undefined> {
  try {
    await client.send({ method: 'GET', path: '/health' });
    return undefined;
  } catch (error) {
    return kindOfError(error);
  }
}

interface Tried {
  /** Why it is unavailable. */
  readonly reason?: string | undefined;
  /** With checks that fit what there is. */
  readonly task?: UserTask;
  readonly doubt?: string;
}

async function tryTask(request: {
  task: UserTask;
  client: Client;
  pools: Pools;
  makeName: () => string;
}): Promise<Tried> {
  const { task } = request;
  const outcomes: StepOutcome[] = [];
  for await (const outcome of performTask({ ...request, draw: () => 0, dueMs: performance.now() }))
    outcomes.push(outcome);
  const failed = outcomes.find(({ failure }) => failure !== undefined);
  const failure = failed?.failure;
  if (failed !== undefined && failure !== undefined) {
    if (failure === 'empty list') return { task: { ...task, steps: withoutLists(task, failed.step) } };
    const step = task.steps[failed.step] as UserTask['steps'][0];
    if (missingStatuses.has(failed.status ?? 0) || failure === missingMethod)
      return { reason: `${step.method} ${step.path} answered ${failure}` };
    return { doubt: failure };
  }
  return { task };
}

/** The steps from one on may be answered with empty lists: there was nothing in the first when the load began. */
function withoutLists({ steps }: UserTask, from: number): UserTask['steps'] {
  const looser: Partial<Record<AnswerCheck, AnswerCheck>> = { list: 'json', 'rpc-list': 'rpc' };
  return steps.map((step, index) => (index < from ? step : { ...step, check: looser[step.check] ?? step.check }));
}

/** Whether every task that could be tried was refused for want of a token. */
export function asksForToken({ doubtful, classes }: Prepared): boolean {
  const tasks = classes.reduce((sum, userClass) => sum + userClass.tasks.length, 0);
  return tasks > 0 && doubtful.length === tasks && doubtful.every((line) => /HTTP 40[13]$/.test(line));
}
