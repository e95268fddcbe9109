/**
 * How much work somebody's JSON Schema is, asked before anything is compiled from it or made by it: its sizes, the
 * first place where it passes a limit, and where a compiler may fail.
 *
 * Sizes are counted and nothing is run, so that measuring takes time in proportion to the schema's text.
 */
import { pointerTo } from '../../../json.ts';
import type { Schema } from '../../json.ts';
import type { SchemaProblem } from './json-pointers.ts';
import { type SchemaNodes, collectSchemas } from './schema-nodes.ts';

export interface SchemaSize {
  /** Schemas that a compiler writes code for, those that it copies for a reference included. */
  readonly compiled: number;
  /** Steps that one value can take at each of its parts, all references followed; Infinity where they lead back. */
  readonly steps: number;
  /** The first place where a compiler may fail: nothing here means that ajv compiles it. */
  readonly doubt: SchemaProblem | undefined;
}

/** Limits on schemas; far above the schemas of tools that are published, and about a second's work. */
const schemaLimits = {
  /** Objects, lists and single values. */
  values: 50_000,
  /** Levels of objects and lists. */
  levels: 100,
  /** Schemas that are compiled. */
  compiled: 2_000,
  /** Schemas that apply to one and the same value. */
  onOneValue: 5_000,
} as const;

/**
 * Schemas that may lead to one another in a chain; arbitrary, and below what the stacks of recursive compilers hold.
 */
const longestChain = 500;

/** @returns the first place where a limit is passed, or the sizes of a schema that keeps them all. */
export function measureSchema(root: Schema): SchemaProblem | SchemaSize {
  const counted = countAll(root);
  if ('reason' in counted) return counted;
  const { nodes, doubt, isIncomplete } = collectSchemas(root, counted.identifier);
  const compiled = countCompiled(nodes);
  if (typeof compiled !== 'number') return compiled;
  const problem = findTooManyHere(nodes);
  if (problem !== undefined) return problem;
  return { compiled, steps: isIncomplete ? Number.POSITIVE_INFINITY : countSteps(root, nodes), doubt };
}

export function isProblem(found: SchemaProblem | SchemaSize): found is SchemaProblem {
  return 'reason' in found;
}

/** Counts values and levels without recursion, which is safe from then on; and looks for the first identifier. */
function countAll(root: Schema): SchemaProblem | { readonly identifier: string | undefined } {
  let values = 0;
  let identifier: string | undefined;
  let layer: { readonly value: object; readonly pointer: () => string }[] = [{ value: root, pointer: () => '' }];
  for (let level = 1; layer.length > 0; level += 1) {
    const below: typeof layer = [];
    for (const { value, pointer } of layer) {
      if (level > schemaLimits.levels)
        return { pointer: pointer(), reason: `is nested deeper than ${schemaLimits.levels} levels` };
      for (const key in value) {
        values += 1;
        if (values > schemaLimits.values)
          return { pointer: pointer(), reason: `brings the schema to more than ${schemaLimits.values} values` };
        const part = (value as Record<string, unknown>)[key];
        if (typeof part === 'string' && identifiers.has(key)) identifier ??= `${pointer()}/${key}`;
        if (typeof part === 'object' && part !== null)
          below.push({ value: part, pointer: () => `${pointer()}${pointerTo(key)}` });
      }
    }
    layer = below;
  }
  return { identifier };
}

/** Compilers look for them everywhere, in keywords that they do not know as well. */
const identifiers: ReadonlySet<string> = new Set(['$id', '$anchor', '$dynamicAnchor']);

type Nodes = SchemaNodes['nodes'];

/** The schemas that apply to one value come as a tree, in which a reference brings its target's whole tree. */
function findTooManyHere(nodes: Nodes): SchemaProblem | undefined {
  const counts = new Map<Schema, number>();
  const open = new Set<Schema>();
  let problem: SchemaProblem | undefined;
  const count = (schema: Schema, depth: number): number => {
    const done = counts.get(schema);
    if (done !== undefined || problem !== undefined) return done ?? 0;
    const node = nodes.get(schema);
    if (node === undefined) return 1;
    if (depth > longestChain)
      problem = {
        pointer: node.pointer,
        reason: `is reached through more than ${longestChain} references and schemas of one value`,
      };
    if (open.has(schema)) {
      problem = {
        pointer: node.pointer,
        reason: 'refers to itself without going into a part of the value, so that checking never ends',
      };
      return 0;
    }
    open.add(schema);
    let sum = 1;
    for (const part of node.here) sum += count(part, depth + 1);
    for (const part of node.targets) sum += count(part, depth + 1);
    open.delete(schema);
    if (sum > schemaLimits.onOneValue)
      problem ??= {
        pointer: node.pointer,
        reason: `applies more than ${schemaLimits.onOneValue} schemas to one value`,
      };
    counts.set(schema, sum);
    return sum;
  };
  for (const schema of nodes.keys()) count(schema, 0);
  return problem;
}

/** A compiler copies what a reference leads to where that has no references itself, and else calls it. */
function countCompiled(nodes: Nodes): SchemaProblem | number {
  const sizes = new Map<Schema, { readonly size: number; readonly refers: boolean }>();
  const measure = (schema: Schema): { readonly size: number; readonly refers: boolean } => {
    const done = sizes.get(schema);
    if (done !== undefined) return done;
    const node = nodes.get(schema);
    let size = 1;
    let refers = (node?.references.length ?? 0) > 0;
    for (const part of [...(node?.here ?? []), ...(node?.below ?? [])]) {
      const below = measure(part);
      size += below.size;
      refers ||= below.refers;
    }
    const made = { size, refers };
    sizes.set(schema, made);
    return made;
  };
  let compiled = 0;
  for (const { pointer, targets } of nodes.values()) {
    compiled += 1;
    for (const target of targets) {
      const { size, refers } = measure(target);
      if (!refers) compiled += size;
    }
    if (compiled > schemaLimits.compiled)
      return {
        pointer,
        reason: `brings the schema to more than ${schemaLimits.compiled} schemas, with what references repeat`,
      };
  }
  return compiled;
}

/** Infinity where following references has no end, or is not known to have one. */
function countSteps(root: Schema, nodes: Nodes): number {
  const counts = new Map<Schema, number>();
  const count = (schema: Schema, depth: number): number => {
    const done = counts.get(schema);
    if (done !== undefined) return done;
    const node = nodes.get(schema);
    if (node === undefined) return 1;
    if (depth > longestChain) return Number.POSITIVE_INFINITY;
    // Whoever meets it again before it is counted has come back to it.
    counts.set(schema, Number.POSITIVE_INFINITY);
    let sum = node.own;
    for (const part of node.here) sum += count(part, depth + 1);
    for (const part of node.below) sum += count(part, depth + 1);
    for (const part of node.targets) sum += count(part, depth + 1);
    counts.set(schema, sum);
    return sum;
  };
  return count(root, 0);
}
