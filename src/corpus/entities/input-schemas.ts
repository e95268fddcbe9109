/**
 * JSON Schemas as tools declare their arguments.
 */
import type { JsonObject } from '../../model/values.ts';
import type { Source } from './source.ts';
import { listOf } from './source.ts';

/** What a generated schema looks like; both are probabilities in [0, 1]. */
interface SchemaStyle {
  /** That it has two properties at most, and not up to eight. */
  readonly isSmall: number;
  /** That a property has a description. */
  readonly isDescribed: number;
}

/** As derived from a REST route, or written by hand for an admin page. */
export const TERSE: SchemaStyle = { isSmall: 0.92, isDescribed: 0.05 };
/** As MCP servers declare their tools for a model to read. */
export const RICH: SchemaStyle = { isSmall: 0.4, isDescribed: 0.8 };

/** A JSON Schema as tools declare their arguments: flat mostly, now and then nested or with `$defs`. */
export function buildInputSchema(source: Source, style: SchemaStyle): JsonObject {
  const { integer, chance } = source;
  const hasDefinitions = chance(0.05);
  const count = chance(style.isSmall) ? integer(1, 2) : integer(3, 8);
  const properties = buildProperties(source, { style, count, depth: 0 });
  const required = Object.keys(properties).filter(() => chance(0.4));
  return {
    ...(chance(0.05) ? { $schema: 'http://json-schema.org/draft-07/schema#' } : {}),
    type: 'object',
    properties: hasDefinitions ? { ...properties, range: { $ref: '#/$defs/Range' } } : properties,
    ...(required.length > 0 ? { required } : {}),
    ...(chance(0.15) ? { additionalProperties: false } : {}),
    ...(hasDefinitions ? { $defs: { Range: RANGE } } : {}),
  };
}

/** `depth` is 0 for the arguments themselves; nesting ends at 2, as deep as real tools' schemas usually go. */
interface PropertyContext {
  readonly style: SchemaStyle;
  readonly count: number;
  readonly depth: number;
}

/** Between 1 and `count` properties, since a name that is drawn twice counts once. */
function buildProperties(source: Source, context: PropertyContext): JsonObject {
  const choices = context.depth < 2 ? ARGUMENTS : ARGUMENTS.filter(([, kind]) => kind !== 'object');
  const drawn = new Map(listOf(context.count, () => source.pick(choices)));
  return Object.fromEntries([...drawn].map(([name, kind]) => [name, buildProperty(source, context, kind)]));
}

type ArgumentKind = 'string' | 'integer' | 'number' | 'boolean' | 'enum' | 'strings' | 'nullable' | 'object';

function buildProperty(source: Source, context: PropertyContext, kind: ArgumentKind): JsonObject {
  const { integer, chance, pick } = source;
  const { style, depth } = context;
  const about: JsonObject = chance(style.isDescribed) ? { description: source.prose(integer(30, 110)) } : {};
  switch (kind) {
    case 'string':
      return { type: 'string', ...about, ...(chance(0.15) ? { format: pick(['uri', 'date-time', 'email']) } : {}) };
    case 'integer':
      return {
        type: 'integer',
        ...about,
        ...(chance(0.5) ? { minimum: integer(0, 1), maximum: 100 } : { default: 10 }),
      };
    case 'number':
      return { type: 'number', ...about, exclusiveMinimum: 0 };
    case 'boolean':
      return { type: 'boolean', ...about, default: chance(0.5) };
    case 'enum':
      return { type: 'string', ...about, enum: pick(ENUMS).slice() };
    case 'strings':
      return { type: 'array', ...about, items: { type: 'string' }, ...(chance(0.3) ? { maxItems: 20 } : {}) };
    case 'nullable':
      return { anyOf: [{ type: 'string' }, { type: 'null' }], ...about, default: null };
    case 'object':
    default:
      return {
        type: 'object',
        ...about,
        properties: buildProperties(source, { style, count: integer(1, 3), depth: depth + 1 }),
      };
  }
}

const ARGUMENTS: readonly (readonly [name: string, kind: ArgumentKind])[] = [
  ['query', 'string'],
  ['id', 'string'],
  ['owner', 'string'],
  ['path', 'string'],
  ['region', 'string'],
  ['recipient', 'string'],
  ['subject', 'string'],
  ['body', 'string'],
  ['since', 'nullable'],
  ['cursor', 'nullable'],
  ['limit', 'integer'],
  ['max_results', 'integer'],
  ['threshold', 'number'],
  ['include_archived', 'boolean'],
  ['dry_run', 'boolean'],
  ['status', 'enum'],
  ['format', 'enum'],
  ['sort', 'enum'],
  ['priority', 'enum'],
  ['labels', 'strings'],
  ['fields', 'strings'],
  ['filter', 'object'],
  ['options', 'object'],
];
const ENUMS = [
  ['asc', 'desc'],
  ['open', 'closed', 'all'],
  ['json', 'csv', 'markdown'],
  ['low', 'medium', 'high', 'urgent'],
] as const;
const RANGE: JsonObject = {
  type: 'object',
  properties: { from: { type: 'string', format: 'date-time' }, to: { type: 'string', format: 'date-time' } },
  required: ['from'],
};
