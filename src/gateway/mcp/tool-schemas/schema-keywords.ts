/**
 * The keywords of JSON Schema that mean something to ajv: which hold schemas, which refer to one, and what each may be.
 *
 * Source: JSON Schema 2020-12 and draft-07; the keywords that ajv gives a meaning.
 */
import { isObject } from '../../../json.ts';

interface Applicator {
  readonly to: 'here' | 'below' | 'none';
  readonly form: 'one' | 'many';
}

/** Keywords that hold schemas, and whether these apply to the value itself, to its parts, or only where referred to. */
export const applicators: ReadonlyMap<string, Applicator> = new Map<string, Applicator>([
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

/** Keywords that name a schema elsewhere. */
export const referring: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef']);

interface Form {
  readonly accepts: (value: unknown) => boolean;
  readonly reason: string;
}

const jsonTypes: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);
const isSchema = (value: unknown): boolean => isObject(value) || typeof value === 'boolean';
const aSchema: Form = { accepts: isSchema, reason: 'is no schema: it must be an object, true or false' };
const aList: Form = { accepts: Array.isArray, reason: 'must be a list' };
const anObject: Form = { accepts: isObject, reason: 'must be an object' };
const aNumber: Form = {
  accepts: (value) => typeof value === 'number',
  reason: 'must be a number (draft-04 had true and false here)',
};
const aText: Form = { accepts: (value) => typeof value === 'string', reason: 'must be a string' };
const rarelyRight: Form = { accepts: () => false, reason: 'is not supported here' };

/** What ajv asks of each keyword when it compiles, and keywords that it may refuse whatever they hold. */
export const keywords: ReadonlyMap<string, Form> = new Map<string, Form>([
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
      accepts: (value) => isObject(value) && Object.keys(value).every(isPattern),
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

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
