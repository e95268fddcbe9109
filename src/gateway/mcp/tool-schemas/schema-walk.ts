/**
 * Looks at somebody's JSON Schema before anything is compiled from it or made by it: how much work it is, where it is
 * too much, and where a compiler may stumble.
 *
 * Sizes are counted and nothing is run, so that looking takes time in proportion to the schema's text. Deliberately
 * absent: what a schema says of values, and its meta-schema.
 * Source: JSON Schema 2020-12 and draft-07; the keywords that ajv gives a meaning.
 */
import type { Schema } from '../../json.ts';
import { isJsonObject } from '../../json.ts';

/** A place in a schema, as a JSON pointer, and what is wrong there. */
export interface SchemaProblem {
  readonly pointer: string;
  readonly reason: string;
}

export interface SchemaSize {
  /** Schemas that a compiler writes code for, those that it copies for a reference included. */
  readonly compiled: number;
  /** Steps that one value can take at each of its parts, all references followed; Infinity where they lead back. */
  readonly steps: number;
  /** Where a compiler may stumble, the first one found: nothing here means that ajv compiles it. */
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

/** @returns the first place where a limit is passed, or the sizes of a schema that keeps them all. */
export function measureSchema(root: Schema): SchemaProblem | SchemaSize {
  const looked = lookAtValues(root);
  return 'reason' in looked ? looked : new Walk(root, looked.identifier).measure();
}

export function isProblem(found: SchemaProblem | SchemaSize): found is SchemaProblem {
  return 'reason' in found;
}

/** A step of a JSON pointer. */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Counts values and levels without recursion, which is safe from then on; and looks for the first identifier. */
function lookAtValues(root: Schema): SchemaProblem | { readonly identifier: string | undefined } {
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
          below.push({ value: part, pointer: () => `${pointer()}/${escapeStep(key)}` });
      }
    }
    layer = below;
  }
  return { identifier };
}

/** Compilers look for them everywhere, in keywords that they do not know as well. */
const identifiers: ReadonlySet<string> = new Set(['$id', '$anchor', '$dynamicAnchor']);

/** What is known of one schema inside of the whole one. */
interface Known {
  readonly pointer: string;
  /** Schemas that apply to the same value, and to its parts. */
  readonly here: Schema[];
  readonly below: Schema[];
  /** Where `$ref` and its like lead; resolved when all schemas are known. */
  readonly references: { readonly keyword: string; readonly to: string }[];
  readonly targets: Schema[];
  /** Steps of its own keywords. */
  readonly own: number;
}

class Walk {
  readonly #root: Schema;
  readonly #known = new Map<Schema, Known>();
  readonly #anchors = new Map<string, Schema>();
  #doubt: SchemaProblem | undefined;
  #isOpaque: boolean;

  /** @param identifier where an `$id` decides what references mean, if anywhere. */
  constructor(root: Schema, identifier: string | undefined) {
    this.#root = root;
    this.#isOpaque = identifier !== undefined;
    if (identifier !== undefined) this.#suspect(identifier, 'is an identifier that does not fit');
  }

  measure(): SchemaProblem | SchemaSize {
    this.#visit(this.#root, '');
    // Targets that stand at no schema's place are visited on the way, and join the Map that is walked.
    for (const known of this.#known.values()) {
      for (const reference of known.references) {
        const target = this.#resolve(reference.to);
        // What is not resolved here may still be by a compiler, and then nobody has counted it.
        this.#isOpaque ||= target === undefined || reference.keyword !== '$ref';
        if (target === undefined)
          this.#suspect(
            `${known.pointer}/${escapeStep(reference.keyword)}`,
            `leads nowhere: ${JSON.stringify(reference.to.slice(0, 80))}`,
          );
        else if (isJsonObject(target.schema)) {
          if (!this.#known.has(target.schema)) this.#visit(target.schema, target.pointer);
          known.targets.push(target.schema);
        }
      }
    }
    const compiled = this.#countCompiled();
    if (typeof compiled !== 'number') return compiled;
    const problem = this.#findTooManyHere();
    if (problem !== undefined) return problem;
    return {
      compiled,
      steps: this.#isOpaque ? Number.POSITIVE_INFINITY : this.#countSteps(this.#root),
      doubt: this.#doubt,
    };
  }

  #suspect(pointer: string, reason: string): void {
    this.#doubt ??= { pointer, reason };
  }

  #visit(schema: Schema, pointer: string): void {
    if (this.#known.has(schema)) return;
    const known: Known = { pointer, here: [], below: [], references: [], targets: [], own: 1 + countOwn(schema) };
    this.#known.set(schema, known);
    for (const keyword of Object.keys(schema)) this.#visitKeyword(schema, known, keyword);
    if (Object.hasOwn(schema, 'nullable'))
      this.#suspect(`${pointer}/nullable`, 'contradicts "type", or has none beside it');
  }

  #visitKeyword(schema: Schema, known: Known, keyword: string): void {
    const value = schema[keyword];
    const pointer = `${known.pointer}/${escapeStep(keyword)}`;
    const fits = keywords.get(keyword);
    if (fits !== undefined && !fits.accepts(value)) this.#suspect(pointer, fits.reason);
    const applies = applicators.get(keyword);
    if (applies !== undefined) {
      const { to, form } = applies;
      const parts: [string, unknown][] =
        form === 'one' && !Array.isArray(value)
          ? [[pointer, value]]
          : typeof value === 'object' && value !== null
            ? Object.entries(value).map(([key, part]) => [`${pointer}/${escapeStep(key)}`, part])
            : [];
      for (const [place, part] of parts)
        this.#visitPart(known, { place, part, to, mayBeList: keyword === 'dependencies' });
    }
    if (typeof value === 'string' && referring.has(keyword)) known.references.push({ keyword, to: value });
    if (typeof value === 'string' && (keyword === '$anchor' || keyword === '$dynamicAnchor'))
      this.#anchors.set(`#${value}`, schema);
  }

  #visitPart(
    known: Known,
    { place, part, to, mayBeList }: { place: string; part: unknown; to: 'here' | 'below' | 'none'; mayBeList: boolean },
  ): void {
    if (isJsonObject(part)) {
      if (to !== 'none') known[to].push(part);
      this.#visit(part, place);
    } else if (typeof part !== 'boolean' && !(mayBeList && isListOfTexts(part))) this.#suspect(place, 'is no schema');
  }

  /** `undefined` where a reference leads nowhere, or out of the schema. */
  #resolve(reference: string): { readonly schema: unknown; readonly pointer: string } | undefined {
    if (reference === '#' || reference === '') return { schema: this.#root, pointer: '' };
    const anchored = this.#anchors.get(reference);
    if (anchored !== undefined) return { schema: anchored, pointer: this.#known.get(anchored)?.pointer ?? '' };
    if (!reference.startsWith('#/')) return undefined;
    let at: unknown = this.#root;
    for (const step of reference.slice(2).split('/')) {
      const name = decodeStep(step);
      if (name === undefined || typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
      at = (at as Record<string, unknown>)[name];
    }
    return isJsonObject(at) || typeof at === 'boolean' ? { schema: at, pointer: reference.slice(1) } : undefined;
  }

  /** The schemas that apply to one value come as a tree, in which a reference brings its target's whole tree. */
  #findTooManyHere(): SchemaProblem | undefined {
    const counts = new Map<Schema, number>();
    const open = new Set<Schema>();
    let problem: SchemaProblem | undefined;
    const count = (schema: Schema, depth: number): number => {
      const done = counts.get(schema);
      if (done !== undefined || problem !== undefined) return done ?? 0;
      const known = this.#known.get(schema);
      if (known === undefined) return 1;
      if (depth > longestChain)
        problem = {
          pointer: known.pointer,
          reason: `is reached through more than ${longestChain} references and schemas of one value`,
        };
      if (open.has(schema)) {
        problem = {
          pointer: known.pointer,
          reason: 'refers to itself without going into a part of the value, so that checking never ends',
        };
        return 0;
      }
      open.add(schema);
      let sum = 1;
      for (const part of known.here) sum += count(part, depth + 1);
      for (const part of known.targets) sum += count(part, depth + 1);
      open.delete(schema);
      if (sum > schemaLimits.onOneValue)
        problem ??= {
          pointer: known.pointer,
          reason: `applies more than ${schemaLimits.onOneValue} schemas to one value`,
        };
      counts.set(schema, sum);
      return sum;
    };
    for (const schema of this.#known.keys()) count(schema, 0);
    return problem;
  }

  /** A compiler copies what a reference leads to where that has no references itself, and else calls it. */
  #countCompiled(): SchemaProblem | number {
    const sizes = new Map<Schema, { readonly size: number; readonly refers: boolean }>();
    const measure = (schema: Schema): { readonly size: number; readonly refers: boolean } => {
      const done = sizes.get(schema);
      if (done !== undefined) return done;
      const known = this.#known.get(schema);
      let size = 1;
      let refers = (known?.references.length ?? 0) > 0;
      for (const part of [...(known?.here ?? []), ...(known?.below ?? [])]) {
        const below = measure(part);
        size += below.size;
        refers ||= below.refers;
      }
      const made = { size, refers };
      sizes.set(schema, made);
      return made;
    };
    let compiled = 0;
    for (const { pointer, targets } of this.#known.values()) {
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

  #countSteps(root: Schema): number {
    const counts = new Map<Schema, number>();
    const count = (schema: Schema, depth: number): number => {
      const done = counts.get(schema);
      if (done !== undefined) return done;
      const known = this.#known.get(schema);
      if (known === undefined) return 1;
      if (depth > longestChain) return Number.POSITIVE_INFINITY;
      // Whoever meets it again before it is counted has come back to it.
      counts.set(schema, Number.POSITIVE_INFINITY);
      let sum = known.own;
      for (const part of known.here) sum += count(part, depth + 1);
      for (const part of known.below) sum += count(part, depth + 1);
      for (const part of known.targets) sum += count(part, depth + 1);
      counts.set(schema, sum);
      return sum;
    };
    return count(root, 0);
  }
}

/** Schemas that may lead to one another in a chain; arbitrary, and below what the stacks of recursive compilers hold. */
const longestChain = 500;

interface Applicator {
  readonly to: 'here' | 'below' | 'none';
  readonly form: 'one' | 'many';
}

/** Keywords that hold schemas, and whether these apply to the value itself, to its parts, or only where referred to. */
const applicators: ReadonlyMap<string, Applicator> = new Map<string, Applicator>([
  ...['allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'dependencies'].map(
    (name) => [name, { to: 'here', form: 'many' }] as const,
  ),
  ...['not', 'if', 'then', 'else'].map((name) => [name, { to: 'here', form: 'one' }] as const),
  ...['properties', 'patternProperties', 'prefixItems'].map((name) => [name, { to: 'below', form: 'many' }] as const),
  ...[
    'items',
    'additionalItems',
    'contains',
    'additionalProperties',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
  ].map((name) => [name, { to: 'below', form: 'one' }] as const),
  ...['$defs', 'definitions'].map((name) => [name, { to: 'none', form: 'many' }] as const),
]);

const referring: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef']);

interface Form {
  readonly accepts: (value: unknown) => boolean;
  readonly reason: string;
}

const jsonTypes: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);
const isSchema = (value: unknown): boolean => isJsonObject(value) || typeof value === 'boolean';
const aSchema: Form = { accepts: isSchema, reason: 'is no schema: it must be an object, true or false' };
const aList: Form = { accepts: Array.isArray, reason: 'must be a list' };
const anObject: Form = { accepts: isJsonObject, reason: 'must be an object' };
const aNumber: Form = {
  accepts: (value) => typeof value === 'number',
  reason: 'must be a number (draft-04 had true and false here)',
};
const aText: Form = { accepts: (value) => typeof value === 'string', reason: 'must be a string' };
const rarelyRight: Form = { accepts: () => false, reason: 'is not supported here' };

/** What ajv asks of each keyword when it compiles, and keywords that it may refuse whatever they hold. */
const keywords: ReadonlyMap<string, Form> = new Map<string, Form>([
  [
    'type',
    {
      accepts: (value) => [value].flat().every((name) => jsonTypes.has(name)),
      reason: 'is no type of JSON, and no list of them',
    },
  ],
  ['pattern', { accepts: isPattern, reason: 'is no regular expression' }],
  [
    'patternProperties',
    {
      accepts: (value) => isJsonObject(value) && Object.keys(value).every(isPattern),
      reason: 'must be an object whose names are regular expressions',
    },
  ],
  [
    'enum',
    { accepts: (value) => Array.isArray(value) && value.length > 0, reason: 'must be a list of at least one value' },
  ],
  ['uniqueItems', { accepts: (value) => typeof value === 'boolean', reason: 'must be true or false' }],
  [
    'format',
    {
      accepts: (value) => typeof value === 'string' && /^[a-z][a-z0-9-]*$/.test(value) && value !== 'constructor',
      reason: 'is no name of a format',
    },
  ],
  [
    'items',
    { accepts: (value) => isSchema(value) || Array.isArray(value), reason: 'must be a schema or a list of them' },
  ],
  ...[
    'maximum',
    'minimum',
    'exclusiveMaximum',
    'exclusiveMinimum',
    'multipleOf',
    'maxLength',
    'minLength',
    'maxItems',
    'minItems',
    'maxProperties',
    'minProperties',
  ].map((name): [string, Form] => [name, aNumber]),
  ...['minContains', 'maxContains'].map((name): [string, Form] => [name, aNumber]),
  ...['required', 'allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name): [string, Form] => [name, aList]),
  ...['properties', 'dependencies', 'dependentSchemas', 'dependentRequired', '$defs', 'definitions'].map(
    (name): [string, Form] => [name, anObject],
  ),
  ...[
    'not',
    'if',
    'then',
    'else',
    'contains',
    'propertyNames',
    'additionalProperties',
    'additionalItems',
    'unevaluatedItems',
    'unevaluatedProperties',
  ].map((name): [string, Form] => [name, aSchema]),
  ...['$ref', '$schema', '$comment'].map((name): [string, Form] => [name, aText]),
  // Identifiers decide what references mean, so that only a compiler can say; the others make a schema another thing.
  ...[
    'id',
    '$id',
    '$anchor',
    '$dynamicAnchor',
    '$dynamicRef',
    '$recursiveAnchor',
    '$recursiveRef',
    '$async',
    '$data',
    'discriminator',
    '__proto__',
  ].map((name): [string, Form] => [name, rarelyRight]),
]);

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What keywords hold that is no schema, by its number of values: lists that a value is compared with. */
function countOwn(schema: Schema): number {
  let sum = 0;
  for (const name of ['enum', 'const', 'required', 'dependentRequired', 'dependencies'] as const)
    if (name in schema) sum += countValues(schema[name]);
  return sum;
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const part of Object.values(value)) sum += countValues(part);
  return sum;
}

/** `undefined` for text that no fragment has. */
function decodeStep(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
