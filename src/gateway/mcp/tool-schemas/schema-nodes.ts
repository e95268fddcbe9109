/**
 * The schemas inside of one: what each applies to, where its references lead, and where a compiler may fail on it.
 *
 * Nothing is compiled or run, so that this takes time in proportion to the schema's text. It goes down by recursion, so
 * the depth of the schema has to be bounded before (measure-schema.ts).
 */
import { isObject, pointerTo } from '../../../json.ts';
import type { Schema } from '../../json.ts';
import { type SchemaProblem, followReference } from './json-pointers.ts';
import { applicators, keywords, referring } from './schema-keywords.ts';

/** What is known of one schema inside of the whole one. */
interface SchemaNode {
  readonly pointer: string;
  /** Schemas that apply to the same value, and to its parts. */
  readonly here: Schema[];
  readonly below: Schema[];
  /** Where `$ref` and its like lead. */
  readonly references: { readonly keyword: string; readonly to: string }[];
  readonly targets: Schema[];
  /** Steps of its own keywords. */
  readonly own: number;
}

export interface SchemaNodes {
  /**
   * In the order in which they stand in the schema; targets of references that stand at no schema's place come last.
   */
  readonly nodes: ReadonlyMap<Schema, SchemaNode>;
  /** The first place where a compiler may fail: nothing here means that ajv compiles it. */
  readonly doubt: SchemaProblem | undefined;
  /** Some reference may lead to what is not among the nodes, so that nobody has counted it. */
  readonly isIncomplete: boolean;
}

/** @param identifier the pointer of an `$id` or the like that decides what references mean, if there is any. */
export function collectSchemas(root: Schema, identifier: string | undefined): SchemaNodes {
  return new Collector(root, identifier).collect();
}

class Collector {
  readonly #root: Schema;
  readonly #nodes = new Map<Schema, SchemaNode>();
  readonly #anchors = new Map<string, Schema>();
  #doubt: SchemaProblem | undefined;
  #isIncomplete: boolean;

  constructor(root: Schema, identifier: string | undefined) {
    this.#root = root;
    this.#isIncomplete = identifier !== undefined;
    if (identifier !== undefined) this.#addDoubt(identifier, 'is an identifier that does not fit');
  }

  collect(): SchemaNodes {
    this.#addSchema(this.#root, '');
    // Targets that stand at no schema's place are added on the way, and join the Map that is walked.
    for (const node of this.#nodes.values()) {
      for (const reference of node.references) {
        const target = this.#resolve(reference.to);
        // What is not resolved here may still be by a compiler, and then nobody has counted it.
        this.#isIncomplete ||= target === undefined || reference.keyword !== '$ref';
        if (target === undefined)
          this.#addDoubt(
            `${node.pointer}${pointerTo(reference.keyword)}`,
            `leads nowhere: ${JSON.stringify(reference.to.slice(0, 80))}`,
          );
        else if (isObject(target.schema)) {
          this.#addSchema(target.schema, target.pointer);
          node.targets.push(target.schema);
        }
      }
    }
    return { nodes: this.#nodes, doubt: this.#doubt, isIncomplete: this.#isIncomplete };
  }

  #addDoubt(pointer: string, reason: string): void {
    this.#doubt ??= { pointer, reason };
  }

  #addSchema(schema: Schema, pointer: string): void {
    if (this.#nodes.has(schema)) return;
    const node: SchemaNode = { pointer, here: [], below: [], references: [], targets: [], own: 1 + countOwn(schema) };
    this.#nodes.set(schema, node);
    for (const keyword of Object.keys(schema)) this.#addKeyword(schema, node, keyword);
    if (Object.hasOwn(schema, 'nullable'))
      this.#addDoubt(`${pointer}/nullable`, 'contradicts "type", or has none beside it');
  }

  #addKeyword(schema: Schema, node: SchemaNode, keyword: string): void {
    const value = schema[keyword];
    const pointer = `${node.pointer}${pointerTo(keyword)}`;
    const fits = keywords.get(keyword);
    if (fits !== undefined && !fits.accepts(value)) this.#addDoubt(pointer, fits.reason);
    const applies = applicators.get(keyword);
    if (applies !== undefined) {
      const { to, form } = applies;
      const parts: [string, unknown][] =
        form === 'one' && !Array.isArray(value)
          ? [[pointer, value]]
          : typeof value === 'object' && value !== null
            ? Object.entries(value).map(([key, part]) => [`${pointer}${pointerTo(key)}`, part])
            : [];
      for (const [at, part] of parts)
        this.#addPart(node, { pointer: at, part, to, mayBeList: keyword === 'dependencies' });
    }
    if (typeof value === 'string' && referring.has(keyword)) node.references.push({ keyword, to: value });
    if (typeof value === 'string' && value !== '' && (keyword === '$anchor' || keyword === '$dynamicAnchor'))
      this.#anchors.set(`#${value}`, schema);
  }

  #addPart(
    node: SchemaNode,
    {
      pointer,
      part,
      to,
      mayBeList,
    }: { pointer: string; part: unknown; to: 'here' | 'below' | 'none'; mayBeList: boolean },
  ): void {
    if (isObject(part)) {
      if (to !== 'none') node[to].push(part);
      this.#addSchema(part, pointer);
    } else if (typeof part !== 'boolean' && !(mayBeList && isListOfTexts(part)))
      this.#addDoubt(pointer, 'is no schema');
  }

  /** `undefined` where a reference leads nowhere, or out of the schema. */
  #resolve(reference: string): { readonly schema: unknown; readonly pointer: string } | undefined {
    const anchored = this.#anchors.get(reference);
    if (anchored !== undefined) return { schema: anchored, pointer: this.#nodes.get(anchored)?.pointer ?? '' };
    const schema = followReference(this.#root, reference);
    return isObject(schema) || typeof schema === 'boolean' ? { schema, pointer: reference.slice(1) } : undefined;
  }
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
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
