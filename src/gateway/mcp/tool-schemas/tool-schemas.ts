/**
 * What a tool's own schemas are used for in a call: its arguments are checked, and a result is made up.
 *
 * Small schemas are compiled and used where requests are answered; whatever may take longer goes to a thread with a
 * time limit, and what is beyond all limits is not used at all: such a tool gets an error for an answer.
 */
import { isObject } from '../../../json.ts';
import type { Entity } from '../../entities/entity.ts';
import { quote } from '../../quote.ts';
import { RecentMap } from '../../recent-map.ts';
import { type CheckingThread, CheckingEnded } from './checking-thread.ts';
import { type Check, type Misfit, compileForArguments } from './compile-schema.ts';
import { isProblem, measureSchema } from './measure-schema.ts';
import { sampleValue } from './sample-value.ts';

export interface ToolSchemas {
  /** Why the arguments are refused, for the model to read; `undefined` where they fit. */
  readonly findProblem: (given: unknown) => string | undefined | Promise<string | undefined>;
  /** A value that the tool's output schema accepts; `undefined` where it has none, `null` where none was found. */
  readonly sample: object | null | undefined;
}

/** Tools whose schemas stay compiled; arbitrary: more tools in use at once are compiled again, a millisecond each. */
const mostCompiled = 2_000;
/** Schemas in one that are compiled without a thread: some milliseconds. */
export const mostCompiledHere = 100;
/** Steps of checking without a thread, a few nanoseconds each. */
const mostStepsHere = 1_000_000;

/** Compiles at a tool's first call, and again after it has changed. */
export function createToolSchemas(thread: CheckingThread): (tool: Entity) => Promise<ToolSchemas> {
  const compiled = new RecentMap<string, Promise<ToolSchemas>>(mostCompiled);
  return (tool) => {
    const key = `${tool.id.toString()} ${String(tool['version'])} ${Number(tool['updatedAt'])}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compileSchemas(tool, { key, thread });
    compiled.set(key, made);
    return made;
  };
}

interface CheckContext {
  /** Of the tool in its present state. */
  readonly key: string;
  readonly thread: CheckingThread;
}

async function compileSchemas(tool: Entity, context: CheckContext): Promise<ToolSchemas> {
  const { name, inputSchema, outputSchema } = tool;
  const check = prepareCheck(inputSchema, { ...context, key: `${context.key} input` });
  const explain = (found: CheckOutcome): string | undefined => {
    if (found === 'fits') return undefined;
    if (found === 'unusable')
      return `the input schema of tool ${quote(String(name))} cannot be used to check arguments`;
    if ('unchecked' in found)
      return `arguments of tool ${quote(String(name))} cannot be checked by its input schema: ${found.unchecked}`;
    return `arguments of tool ${quote(String(name))} do not fit its input schema: ${describe(found)}`;
  };
  return {
    findProblem(given) {
      const found = check(given);
      return found instanceof Promise ? found.then(explain) : explain(found);
    },
    sample: isObject(outputSchema)
      ? await makeSample(outputSchema, { ...context, key: `${context.key} output` })
      : undefined,
  };
}

async function makeSample(schema: Readonly<Record<string, unknown>>, context: CheckContext): Promise<object | null> {
  if (isProblem(measureSchema(schema))) return null;
  const sample = sampleValue(schema);
  return isObject(sample) && (await prepareCheck(schema, context)(sample)) === 'fits' ? sample : null;
}

/** What a check came to; `unchecked` says why there is no answer. */
type CheckOutcome = 'fits' | 'unusable' | Misfit | { readonly unchecked: string };

function prepareCheck(
  schema: unknown,
  { key, thread }: CheckContext,
): (value: unknown) => CheckOutcome | Promise<CheckOutcome> {
  const size = isObject(schema) ? measureSchema(schema) : undefined;
  if (size === undefined) return () => 'unusable';
  if (isProblem(size))
    return () => ({ unchecked: `${size.pointer === '' ? 'the schema' : quote(size.pointer)} ${size.reason}` });
  const { compiled, steps } = size;
  let here: Check | undefined;
  const inThread = (value: unknown): Promise<CheckOutcome> =>
    thread.run({ task: 'check a value', schema, value, key }).then(
      (outcome) => outcome as CheckOutcome,
      (error: unknown) => {
        if (error instanceof CheckingEnded) return { unchecked: error.message };
        throw error;
      },
    );
  return (value) => {
    if (compiled > mostCompiledHere || !isWithin(value, mostStepsHere / steps)) return inThread(value);
    here ??= compileForArguments(schema);
    return here(value);
  };
}

/** True where a value has at most that many parts and characters; stops looking when it has more. */
function isWithin(value: unknown, most: number): boolean {
  let left = most;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    left -= typeof next === 'string' ? 1 + next.length : 1;
    if (left < 0) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const name in next) {
      left -= Array.isArray(next) ? 0 : name.length;
      pending.push((next as Record<string, unknown>)[name]);
      if (pending.length > most) return false;
    }
  }
  return true;
}

function describe({ instancePath, message = 'do not fit', extra }: Misfit): string {
  return `${instancePath === '' ? 'they' : quote(instancePath)} ${message}${extra === undefined ? '' : ` (${quote(extra)})`}`;
}
