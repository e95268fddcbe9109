/**
 * Whether the official client can read an entity in a list, and how much work its schemas are: asked before one is
 * stored, and of rows that earlier versions stored before they are listed.
 *
 * The client parses a list as a whole and compiles every output schema in it, so that one bad entity would hide all
 * others. The client's own schemas decide, and its compiler wherever a schema is not plainly fine.
 */
import { randomUUID } from 'node:crypto';

import { PromptSchema, ResourceSchema, ToolSchema } from '@modelcontextprotocol/sdk/types.js';

import { isObject, pointerTo } from '../../../json.ts';
import type { EntityInput, EntityKind } from '../../entities/entity.ts';
import { type CheckingThread, CheckingEnded } from '../tool-schemas/checking-thread.ts';
import { compileForArguments, findClientError } from '../tool-schemas/compile-schema.ts';
import type { SchemaProblem } from '../tool-schemas/json-pointers.ts';
import { isProblem, measureSchema } from '../tool-schemas/measure-schema.ts';
import { mostCompiledHere } from '../tool-schemas/tool-schemas.ts';
import { type ListedKind, toListed } from './listed.ts';

const clientSchemas = { tools: ToolSchema, resources: ResourceSchema, prompts: PromptSchema } as const;

/**
 * Why an entity is not to be stored, and where; `undefined` where it is.
 * @param given an entity, or the fields of one that are to be changed: what is left out is not looked at.
 * @throws {CheckingEnded} in the promise, where it is busy.
 */
export async function findUnstorable(
  kind: EntityKind,
  given: EntityInput,
  thread: CheckingThread,
): Promise<SchemaProblem | undefined> {
  if (!isListed(kind)) return undefined;
  if (kind === 'tools') {
    for (const name of ['inputSchema', 'outputSchema'] as const) {
      const problem = findSchemaProblem(name, given[name]);
      if (problem !== undefined) return problem;
    }
    const problem = isObject(given['inputSchema']) ? await findUncheckable(given['inputSchema'], thread) : undefined;
    if (problem !== undefined) return problem;
  }
  return findUnlistable(kind, withNames(kind, given), thread);
}

/**
 * Why an entity cannot be listed, and where; `undefined` where it can. Takes some microseconds for most.
 * @throws {CheckingEnded} in the promise, where it is busy.
 */
export function findUnlistable(
  kind: ListedKind,
  entity: EntityInput,
  thread: CheckingThread,
): SchemaProblem | undefined | Promise<SchemaProblem | undefined> {
  const listed = toListed[kind](entity);
  const parsed = clientSchemas[kind].safeParse(listed);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      pointer: pointerTo(...(issue?.path ?? []).map(String)),
      reason: `is not what MCP clients read: ${issue?.message ?? 'they refuse it'}`,
    };
  }
  const { outputSchema } = listed as { readonly outputSchema?: unknown };
  return isObject(outputSchema) ? findCompileProblem(outputSchema, thread) : undefined;
}

function isListed(kind: EntityKind): kind is ListedKind {
  return Object.hasOwn(clientSchemas, kind);
}

/** What every list needs, for a change that leaves it out. */
function withNames(kind: ListedKind, given: EntityInput): EntityInput {
  return kind === 'resources' ? { name: '', uri: '', ...given } : { name: '', ...given };
}

/** What can be said of a tool's schemas without the client: whether they are of objects, and within the limits. */
function findSchemaProblem(field: 'inputSchema' | 'outputSchema', schema: unknown): SchemaProblem | undefined {
  if (!isObject(schema)) return undefined;
  // In lists the gateway adds "object" to an input schema that leaves the type out, but not to an output schema.
  const isOfObjects = schema['type'] === 'object' || (field === 'inputSchema' && schema['type'] === undefined);
  if (!isOfObjects)
    return { pointer: `/${field}/type`, reason: 'must be "object": MCP has no other arguments and results' };
  const size = measureSchema(schema);
  return isProblem(size) ? { pointer: `/${field}${size.pointer}`, reason: size.reason } : undefined;
}

/** Why no arguments could ever be checked by a schema: every call of its tool would fail. */
async function findUncheckable(
  schema: Readonly<Record<string, unknown>>,
  thread: CheckingThread,
): Promise<SchemaProblem | undefined> {
  const size = measureSchema(schema);
  if (isProblem(size) || size.doubt === undefined) return undefined;
  const { compiled, steps, doubt } = size;
  const isHere = compiled <= mostCompiledHere && steps < Number.POSITIVE_INFINITY;
  try {
    const outcome = isHere
      ? compileForArguments(schema)({})
      : await thread.run({ task: 'check a value', schema, value: {}, key: randomUUID() });
    return outcome === 'unusable'
      ? { pointer: `/inputSchema${doubt.pointer}`, reason: `${doubt.reason}, so that no arguments can be checked` }
      : undefined;
  } catch (error) {
    if (!(error instanceof CheckingEnded) || error.isBusy) throw error;
    return { pointer: '/inputSchema', reason: `cannot be compiled to check arguments: ${error.message}` };
  }
}

function findCompileProblem(
  schema: Readonly<Record<string, unknown>>,
  thread: CheckingThread,
): SchemaProblem | undefined | Promise<SchemaProblem | undefined> {
  const size = measureSchema(schema);
  if (isProblem(size)) return { pointer: `/outputSchema${size.pointer}`, reason: size.reason };
  const { compiled, steps, doubt } = size;
  if (doubt === undefined) return undefined;
  const explain = (clientError: unknown): SchemaProblem | undefined =>
    typeof clientError === 'string'
      ? {
          pointer: `/outputSchema${doubt.pointer}`,
          reason: `${doubt.reason} (MCP clients say: ${clientError.slice(0, 200)})`,
        }
      : undefined;
  // An infinite number of steps may mean references that were not followed, whose work nobody knows.
  if (compiled <= mostCompiledHere && steps < Number.POSITIVE_INFINITY) return explain(findClientError(schema));
  return thread.run({ task: 'compile as clients do', schema }).then(explain, (error: unknown) => {
    if (!(error instanceof CheckingEnded) || error.isBusy) throw error;
    return { pointer: '/outputSchema', reason: `cannot be compiled as MCP clients do: ${error.message}` };
  });
}

/** A problem as one sentence. @param subject what the pointer is into. */
export function describeProblem(subject: string, { pointer, reason }: SchemaProblem): string {
  return `${subject}${pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer} ${reason}`;
}
