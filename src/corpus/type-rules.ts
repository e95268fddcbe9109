/**
 * Applies the user's rules for types: which strings of a document are Dates or 16-byte UUIDs in the gateway.
 *
 * The document and its schema are walked together, all values of a position at once. Where a rule matches, the strings
 * are rewritten as a Date or a UUID writes them and the schema gets the format by which they are revived; where the
 * schema says nothing that could carry a format, it is inferred from the values there.
 * Source: RFC 3339, RFC 9562; `Date.prototype.toISOString` of ECMA-262 for what is written.
 */
import { isObject, keysOf, pointerTo } from '../json.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../model/values.ts';
import type { NativeType, TypeRule } from '../model/sample.ts';
import { UserError } from '../user-error.ts';
import { inferSchema, isListableKey } from './infer.ts';
import { showPointer } from './json-losses.ts';
import { plain, quoted } from './quoted.ts';
import { isCanonicalUuid } from './uuid.ts';

export interface TypedDocument {
  readonly value: JsonValue;
  readonly schema: JsonSchema;
  /** Sentences without a full stop. */
  readonly notes: readonly string[];
}

/** Levels at which rules are looked for: arbitrary, far beyond any response and far within every stack. */
const maxLevels = 200;

/**
 * With seconds and an offset, or a day alone, which is read as midnight UTC; anything else would depend on the time
 * zone here.
 */
const dateTimePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/;

/** What each type is called in a schema and in a message, and what a driver's value of it would write for a text. */
const types: Record<NativeType, { format: string; noun: string; write: (text: string) => string | undefined }> = {
  date: { format: 'date-time', noun: 'an RFC 3339 datetime', write: writeDate },
  uuid: { format: 'uuid', noun: 'a UUID', write: writeUuid },
};

/**
 * @param request.value changed in place, apart from the root itself.
 * @param request.schema accepts the value, without references; not modified.
 * @returns a schema in which the fields of the rules, and no others, have the formats of datetimes and UUIDs.
 * @throws {UserError} where a rule matches no string, matches a string that is none of its type, or cannot be said by a
 * schema.
 */
export function applyTypeRules(request: {
  value: JsonValue;
  schema: JsonSchema;
  rules: readonly TypeRule[];
}): TypedDocument {
  const tally: Tally = { matched: new Map(), rewritten: 0, replaced: [] };
  const rules = request.rules.map((rule) => ({ rule, steps: stepsOf(rule.field) }));
  // In a list of its own, the document is an element like every other, and so is a string at the top.
  const top = [request.value];
  const start: RuleWalk = {
    tally,
    rules,
    active: rules.filter(isPointer).map((prepared) => ({ prepared, next: 0 })),
    pointer: '',
    levels: 0,
  };
  const base = withoutFormats(request.schema);
  const schema = describeValues(elementsOf([top]), base, start) ?? base;
  const missed = request.rules.find((rule) => !tally.matched.has(rule));
  if (missed !== undefined) throw unmatched(missed);
  return { value: top[0] as JsonValue, schema, notes: notesOf(tally, request.rules) };
}

/** A rule with the steps of its pointer; a bare name has none. */
interface PreparedRule {
  readonly rule: TypeRule;
  readonly steps: readonly string[] | undefined;
}

/** What is counted on the way, for messages. */
interface Tally {
  readonly matched: Map<TypeRule, number>;
  rewritten: number;
  /** Pointers of given alternatives that gave way to an inferred schema. */
  readonly replaced: string[];
}

/** Where the walk stands; `active` are the pointers whose steps so far have led here. */
interface RuleWalk {
  readonly tally: Tally;
  readonly rules: readonly PreparedRule[];
  readonly active: readonly { readonly prepared: PreparedRule; readonly next: number }[];
  /** With `*` for elements and for keys that no schema lists. */
  readonly pointer: string;
  readonly levels: number;
}

/** All values of one field: of one position in the document, where elements of a list share theirs. */
interface FieldValues {
  readonly values: readonly JsonValue[];
  /** Absent for elements, and for members that no schema lists. */
  readonly key?: string;
  /** Puts other texts in the places of its strings. */
  rewrite(write: (text: string) => string): void;
}

/** The schema of a field with the formats of the rules; undefined where no rule matches at it or below. */
function describeValues(field: FieldValues, schema: JsonSchema | undefined, walk: RuleWalk): JsonSchema | undefined {
  const rule = ruleAt(field, walk);
  if (rule !== undefined) return describeStrings(field, { rule, walk });
  const containers = field.values.filter((value) => typeof value === 'object' && value !== null);
  if (containers.length === 0 || walk.levels > maxLevels) return undefined;
  const arrays = containers.filter((value) => Array.isArray(value));
  const objects = containers.filter((value) => !Array.isArray(value)) as JsonObject[];
  const hasText = field.values.some((value) => value !== null && typeof value !== 'object');
  if (hasText || (arrays.length > 0 && objects.length > 0)) return describeMixture({ arrays, objects }, walk);

  const describe = (base: JsonSchema) =>
    arrays.length > 0 ? describeElements(arrays, base, walk) : describeMembers(objects, base, walk);
  if (schema !== undefined && sayType(schema) === (arrays.length > 0 ? 'array' : 'object')) return describe(schema);
  const described = describe(withoutFormats(inferSchema(field.values)));
  if (described !== undefined && schema !== undefined && Object.keys(schema).length > 0)
    walk.tally.replaced.push(walk.pointer);
  return described;
}

/** Values of several types have no schema that could carry a format: fine where no rule looks into them. */
function describeMixture(
  { arrays, objects }: { arrays: readonly JsonValue[][]; objects: readonly JsonObject[] },
  walk: RuleWalk,
): undefined {
  const before = new Map(walk.tally.matched);
  describeElements(arrays, { type: 'array' }, walk);
  describeMembers(objects, { type: 'object' }, walk);
  const found = [...walk.tally.matched].find(([rule, count]) => count !== (before.get(rule) ?? 0));
  if (found === undefined) return undefined;
  throw new UserError(
    `cannot apply ${showRule(found[0])}: ${showPointer(walk.pointer)} holds values of several types, which no schema describes as one`,
    {
      hint: 'name the field by a pointer that does not lead there, as in /items/*/id',
    },
  );
}

function describeElements(arrays: readonly JsonValue[][], schema: JsonSchema, walk: RuleWalk): JsonSchema | undefined {
  const items = isObject(schema['items']) ? schema['items'] : undefined;
  const described = describeValues(elementsOf(arrays), items, step(walk, '*'));
  return described === undefined ? undefined : { ...schema, items: described };
}

function describeMembers(objects: readonly JsonObject[], schema: JsonSchema, walk: RuleWalk): JsonSchema | undefined {
  const declared = isObject(schema['properties']) ? schema['properties'] : {};
  const found: [string, JsonSchema][] = [];
  const others: FieldValues[] = [];
  for (const [key, parents] of parentsByKey(objects)) {
    const field = membersOf(parents, key);
    const own = Object.hasOwn(declared, key) ? (declared[key] as JsonSchema) : undefined;
    if (own === undefined && !isNamed(field, key, walk)) {
      others.push(field);
      continue;
    }
    const described = describeValues(field, own, step(walk, key));
    if (described !== undefined) found.push([key, described]);
  }
  const { additionalProperties } = schema;
  // What the schema does not list shares one schema, so a pointer reaches it by `*` alone.
  const rest = describeValues(
    pool(others),
    isObject(additionalProperties) ? additionalProperties : undefined,
    step(walk, '*'),
  );
  if (rest === undefined && found.length === 0) return undefined;
  return {
    ...schema,
    ...(found.length > 0 && { properties: { ...declared, ...Object.fromEntries(found) } }),
    ...(rest !== undefined && { additionalProperties: rest }),
  };
}

/** True for a key that a rule calls by its name, so that it gets a schema of its own among unlisted ones. */
function isNamed(field: FieldValues, key: string, walk: RuleWalk): boolean {
  if (!isListableKey(key)) return false;
  return (
    ruleOfName(field, walk) !== undefined || walk.active.some(({ prepared, next }) => prepared.steps?.[next] === key)
  );
}

function elementsOf(arrays: readonly JsonValue[][]): FieldValues {
  return {
    values: arrays.flat(),
    rewrite(write) {
      for (const array of arrays) {
        for (const [index, value] of array.entries()) if (typeof value === 'string') array[index] = write(value);
      }
    },
  };
}

function membersOf(parents: readonly JsonObject[], key: string): FieldValues {
  return {
    key,
    values: parents.map((parent) => parent[key] as JsonValue),
    rewrite(write) {
      for (const parent of parents) {
        const value = parent[key];
        if (typeof value === 'string') parent[key] = write(value);
      }
    },
  };
}

function pool(fields: readonly FieldValues[]): FieldValues {
  return {
    values: fields.flatMap(({ values }) => values),
    rewrite(write) {
      for (const field of fields) field.rewrite(write);
    },
  };
}

function describeStrings(field: FieldValues, { rule, walk }: { rule: TypeRule; walk: RuleWalk }): JsonSchema {
  const { format, noun, write } = types[rule.type];
  const present = field.values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => Array.isArray(value))) {
    return { type: typeOrNull('array', field), items: describeStrings(elementsOf(present), { rule, walk }) };
  }
  const { tally } = walk;
  for (const value of present) {
    const written = typeof value === 'string' ? write(value) : undefined;
    if (written === undefined) {
      const shown = typeof value === 'string' ? quoted(value) : plain(JSON.stringify(value));
      throw new UserError(
        `cannot apply ${showRule(rule)}: ${showPointer(walk.pointer)} holds ${shown}, which is not ${noun}`,
        {
          hint: 'name the field by its pointer, as in /items/*/id, where only some fields of that name are meant',
        },
      );
    }
    tally.matched.set(rule, (tally.matched.get(rule) ?? 0) + 1);
    if (written !== value) tally.rewritten += 1;
  }
  field.rewrite((text) => write(text) ?? text);
  return { type: typeOrNull('string', field), format };
}

/** The rule that names this field. */
function ruleAt(field: FieldValues, walk: RuleWalk): TypeRule | undefined {
  const pointer = walk.active.find(({ prepared, next }) => prepared.steps?.length === next);
  return pointer?.prepared.rule ?? ruleOfName(field, walk);
}

/** A bare name counts where nothing but strings, or lists of strings, stands. */
function ruleOfName({ key, values }: FieldValues, { rules }: RuleWalk): TypeRule | undefined {
  if (key === undefined) return undefined;
  const named = rules.find(({ rule, steps }) => steps === undefined && rule.field === key)?.rule;
  return named !== undefined && values.some(isText) && values.every(isTextOrNull) ? named : undefined;
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.some((element) => typeof element === 'string'));
}

function isTextOrNull(value: JsonValue): boolean {
  return (
    value === null ||
    typeof value === 'string' ||
    (Array.isArray(value) && value.every((element) => element === null || typeof element === 'string'))
  );
}

function step(walk: RuleWalk, key: string): RuleWalk {
  const active = walk.active.filter(
    ({ prepared, next }) => prepared.steps?.[next] === key || prepared.steps?.[next] === '*',
  );
  return {
    ...walk,
    active: active.map(({ prepared, next }) => ({ prepared, next: next + 1 })),
    pointer: `${walk.pointer}${pointerTo(key)}`,
    levels: walk.levels + 1,
  };
}

function parentsByKey(objects: readonly JsonObject[]): Map<string, JsonObject[]> {
  const parents = new Map<string, JsonObject[]>();
  for (const object of objects) {
    for (const key of Object.keys(object)) {
      const known = parents.get(key);
      if (known === undefined) parents.set(key, [object]);
      else known.push(object);
    }
  }
  return parents;
}

/** The one type besides null that the schema allows; undefined where it allows several or does not say. */
function sayType(schema: JsonSchema): string | undefined {
  if (['anyOf', 'oneOf', 'allOf'].some((keyword) => keyword in schema)) return undefined;
  const named = [schema['type']].flat().filter((name) => name !== 'null') as (string | undefined)[];
  return named.length === 1 ? named[0] : undefined;
}

function typeOrNull(type: string, { values }: FieldValues): string | string[] {
  return values.includes(null) ? [type, 'null'] : type;
}

/**
 * A copy in which no string is revived: formats of the schema say what a text looks like, and rules what is an object.
 */
function withoutFormats(schema: JsonSchema): JsonSchema {
  const { format, ...copy } = schema;
  if (format !== undefined && format !== 'date-time' && format !== 'uuid') copy['format'] = format;
  for (const keyword of ['items', 'additionalProperties']) {
    const child = copy[keyword];
    if (isObject(child)) copy[keyword] = withoutFormats(child);
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = copy[keyword];
    if (Array.isArray(branches))
      copy[keyword] = branches.map((branch) => (isObject(branch) ? withoutFormats(branch) : (branch as unknown)));
  }
  const { properties } = copy;
  if (isObject(properties)) {
    copy['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, child]) => [key, isObject(child) ? withoutFormats(child) : child]),
    );
  }
  return copy;
}

function writeDate(text: string): string | undefined {
  if (!dateTimePattern.test(text)) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return undefined;
  const written = date.toISOString();
  // An offset may lead out of the years that have four digits, and other forms are not read back.
  return dateTimePattern.test(written) ? written : undefined;
}

function writeUuid(text: string): string | undefined {
  const written = text.toLowerCase();
  return isCanonicalUuid(written) ? written : undefined;
}

function stepsOf(field: string): string[] | undefined {
  if (field !== '' && !field.startsWith('/')) return undefined;
  return keysOf(field);
}

function isPointer({ steps }: PreparedRule): boolean {
  return steps !== undefined;
}

function notesOf(tally: Tally, rules: readonly TypeRule[]): string[] {
  const total = [...tally.matched.values()].reduce((sum, count) => sum + count, 0);
  const notes: string[] = [];
  if (tally.rewritten > 0) {
    const kinds = [...new Set(rules.map(({ type }) => (type === 'date' ? 'a Date' : 'a 16-byte UUID')))].join(' or ');
    notes.push(
      `${tally.rewritten} of ${total} typed strings are written differently by ${kinds} than in the document; the rewritten form is measured`,
    );
  }
  for (const pointer of tally.replaced) {
    notes.push(
      `the given schema at ${showPointer(pointer)} gave way to one inferred from the document, so that a type could be said there`,
    );
  }
  return notes;
}

function unmatched(rule: TypeRule): UserError {
  return new UserError(`cannot apply ${showRule(rule)}: no string in the document is matched`, {
    hint: 'name a key, as in createdAt, or a position, as in /items/*/id with * for every element',
  });
}

function showRule({ field, type }: TypeRule): string {
  return `the type rule ${quoted(`${field}=${type}`)}`;
}
