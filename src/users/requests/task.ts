/**
 * Carries a task out, step by step: what a user of a load does, and what each task is tried with before it.
 */
import { isObject, keysOf } from '../../json.ts';
import type { Client } from '../../load/client/http-client.ts';
import { kindOfError } from '../../load/failure.ts';
import type { UserStep, UserTask } from '../../model/users.ts';
import type { JsonValue } from '../../model/values.ts';
import { judgeAnswer, type Judgement } from './answers.ts';
import type { Pools } from './pools.ts';
import { fillStep, placeholdersOf, type Lookup } from './templates.ts';

/** What became of one request. Times are those of `performance.now()`. */
export interface StepOutcome {
  /** Position in the task. */
  readonly step: number;
  /** As failures are counted by; absent where the answer is what it should be. */
  readonly failure?: string;
  /** Absent where no answer came. */
  readonly status?: number;
  /** When it was due: for the first request when the task was, for later ones when the answer before had come. */
  readonly dueMs: number;
  readonly sentMs: number;
  readonly endMs: number;
  readonly wireBytes: number;
}

export interface TaskRequest {
  readonly task: UserTask;
  readonly client: Client;
  readonly pools: Pools;
  /** A whole number in [0, below), below at least 1. */
  readonly draw: (below: number) => number;
  /** A name that nobody else uses. */
  readonly makeName: () => string;
  readonly dueMs: number;
  /** Called before a request leaves. */
  readonly onSend?: () => void;
}

/**
 * Sends the requests of a task, one after the other; a failed one is the last.
 * @yields what became of each.
 */
export async function* performTask(request: TaskRequest): AsyncGenerator<StepOutcome, void, undefined> {
  const { task, client, onSend } = request;
  const kept = new Map<string, JsonValue>();
  const lookup = makeLookup(request, kept);
  let { dueMs } = request;
  for (const [index, step] of task.steps.entries()) {
    const { check, keeps, ...sent } = fillStep(step, lookup);
    const sentMs = performance.now();
    onSend?.();
    const judged = await send(client, sent, { check, needsValue: needsBody(keeps) });
    const endMs = performance.now();
    const failure = judged.failure ?? keep(keeps, judged, kept);
    yield {
      step: index,
      ...(failure === undefined ? {} : { failure }),
      ...(judged.status === undefined ? {} : { status: judged.status }),
      dueMs,
      sentMs,
      endMs,
      wireBytes: judged.wireBytes,
    };
    if (failure !== undefined) return;
    dueMs = endMs;
  }
}

type Judged = Judgement & {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly wireBytes: number;
};

async function send(
  client: Client,
  request: Omit<UserStep, 'check' | 'keeps'>,
  wanted: { check: UserStep['check']; needsValue: boolean },
): Promise<Judged> {
  try {
    const { wireBytes, ...answer } = await client.read(request);
    return { ...judgeAnswer(answer, wanted), status: answer.status, headers: answer.headers, wireBytes };
  } catch (error) {
    return { failure: kindOfError(error), wireBytes: 0 };
  }
}

const headerPrefix = 'header:';

function needsBody(keeps: UserStep['keeps']): boolean {
  return Object.values(keeps ?? {}).some((source) => !source.startsWith(headerPrefix));
}

/** @returns what is missing, as failures are counted by. */
function keep(
  keeps: UserStep['keeps'],
  { value, headers = {} }: Judged,
  kept: Map<string, JsonValue>,
): string | undefined {
  for (const [name, source] of Object.entries(keeps ?? {})) {
    const found = source.startsWith(headerPrefix) ? headers[source.slice(headerPrefix.length)] : valueAt(value, source);
    if (found === undefined || found === null) return `no ${source.replace(headerPrefix, '')} in the answer`;
    kept.set(name, found as JsonValue);
  }
  return undefined;
}

function valueAt(value: unknown, pointer: string): unknown {
  return keysOf(pointer).reduce<unknown>(
    (inside, key) => (isObject(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined),
    value,
  );
}

/** One entry of each pool for the whole task, so that its steps speak of the same thing. */
function makeLookup({ pools, draw, makeName, task }: TaskRequest, kept: ReadonlyMap<string, JsonValue>): Lookup {
  const drawn = new Map<string, Readonly<Record<string, JsonValue>>>();
  let ownName: string | undefined;
  return (name) => {
    if (name === 'new') return (ownName ??= makeName());
    const [source = '', field = ''] = name.split('.');
    const value = source === 'kept' ? kept.get(field) : drawOnce(source)?.[field];
    if (value === undefined) throw new Error(`${task.name} uses {${name}}, which stands for nothing`);
    return value;
  };

  function drawOnce(source: string): Readonly<Record<string, JsonValue>> | undefined {
    const pool = pools[source] ?? [];
    if (!drawn.has(source) && pool.length > 0) drawn.set(source, pool[draw(pool.length)] as (typeof pool)[number]);
    return drawn.get(source);
  }
}

/** Whether every name in the steps is one that something can stand for; for tests of classes. */
export function unknownPlaceholders({ steps }: UserTask, pools: readonly string[]): string[] {
  const kept = new Set<string>();
  return steps.flatMap((step) => {
    const unknown = placeholdersOf(step).filter((name) => {
      const [source = '', field = ''] = name.split('.');
      return name !== 'new' && !(source === 'kept' ? kept.has(field) : pools.includes(source) && field !== '');
    });
    for (const name of Object.keys(step.keeps ?? {})) kept.add(name);
    return unknown;
  });
}
