/**
 * `simdjson.lazyParse` for Node: the whole text is parsed in C++, and one field of each item becomes JavaScript.
 *
 * This is the case its README is about: a proxy that needs a few fields of a large message. The field is the name of
 * every item, read by key path. The binding cannot tell how long a list is, so the reading goes on until a path leads
 * nowhere. Deliberately absent: everything of the text that was not asked for, hence `partial`.
 */
import type { ParseContender } from '../../src/model/contender.ts';
import type { JsonSchema } from '../../src/model/values.ts';

/** The one field that is read: every entity of the gateway has it. */
const FIELD = 'name';

/** Payloads that hold no list of named items. */
const WITHOUT_LIST: ReadonlySet<string> = new Set(['rpc-tool-result', 'sse-event']);

export default {
  kind: 'parse',
  title: 'simdjson lazy',
  package: 'simdjson',
  tier: 'thorough',
  capabilities: ['needs-schema', 'partial', 'native-code', 'leaves-text'],
  equality: 'json',
  note: 'Reads the name of each item and nothing else.',
  unsupported({ payload }) {
    return WITHOUT_LIST.has(payload) ? 'it has no list of named items to read a field of' : undefined;
  },
  async load() {
    const { default: simdjson } = await import('simdjson');
    return ({ schema }) => {
      const keys = findList(schema);
      if (keys === undefined) throw new Error(`the schema has no list whose items have a ${FIELD}`);
      const prefix = keys.length === 0 ? '' : `${keys.join('.')}.`;
      return {
        parseText(text) {
          const document = simdjson.lazyParse(text);
          const names: unknown[] = [];
          for (;;) {
            try {
              names.push(document.valueForKeyPath(`${prefix}${names.length}.${FIELD}`));
            } catch (error) {
              if (isPastTheEnd(error)) return names;
              throw error;
            }
          }
        },
        expect(value) {
          const list = keys.reduce<unknown>((parent, key) => (parent as JsonSchema)[key], value);
          return (list as JsonSchema[]).map((item) => item[FIELD]);
        },
      };
    };
  },
} satisfies ParseContender;

/** Keys that lead to the first list whose items have the field; empty where the root is that list. */
function findList(schema: unknown): string[] | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { properties, items } = schema as JsonSchema;
  const fields = typeof items === 'object' && items !== null ? (items as JsonSchema)['properties'] : undefined;
  if (typeof fields === 'object' && fields !== null && FIELD in fields) return [];
  for (const [key, property] of Object.entries((properties ?? {}) as JsonSchema)) {
    const below = findList(property);
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}

/** A field that is missing ends the list as well, too early, which the check of the result then shows. */
function isPastTheEnd(error: unknown): boolean {
  // The binding's messages are one off its codes: past the end it says NUMBER_OUT_OF_RANGE.
  return error instanceof Error && /^(?:NUMBER_OUT_OF_RANGE|INDEX_OUT_OF_BOUNDS)/.test(error.message);
}
