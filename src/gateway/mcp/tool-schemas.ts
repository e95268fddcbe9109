/**
 * What a tool's own schemas are used for in a call: its arguments are checked, and a result is made up.
 *
 * The schemas are other people's data. They are compiled by ajv without what one value can keep busy for hours:
 * `pattern` and `uniqueItems` are not checked and formats not looked at; that is for the server that has the tool.
 * Deliberately absent: remote references, and a bound on schemas whose references multiply each other, so that
 * whoever may register tools is trusted that far.
 */
import type { ErrorObject } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { Entity } from '../model.ts';
import { quote } from '../quote.ts';
import { isRecord } from './json-rpc.ts';
import { sampleValue } from './sample-value.ts';

export interface ToolSchemas {
  /** Why the arguments are refused, for the model to read; `undefined` where they fit. */
  readonly findProblem: (given: unknown) => string | undefined;
  /** A value that the tool's output schema accepts; `undefined` where it has none, `null` where none was found. */
  readonly sample: object | null | undefined;
}

/** Tools whose schemas stay compiled; arbitrary: more tools in use at once are compiled again, a millisecond each. */
const mostCompiled = 2_000;

/** Compiles at a tool's first call, and again after it has changed. */
export function createToolSchemas(): (tool: Entity) => ToolSchemas {
  const compiled = new Map<string, ToolSchemas>();
  return (tool) => {
    const key = `${tool.id.toString()} ${String(tool['version'])} ${Number(tool['updatedAt'])}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compileSchemas(tool);
    compiled.set(key, made);
    const [oldest] = compiled.keys();
    if (compiled.size > mostCompiled && oldest !== undefined) compiled.delete(oldest);
    return made;
  };
}

function compileSchemas(tool: Entity): ToolSchemas {
  const { name, inputSchema, outputSchema } = tool;
  const check = compile(inputSchema);
  return {
    findProblem(given) {
      const found = check(given);
      if (found === 'fits') return undefined;
      if (found === 'unusable') return `the input schema of tool ${quote(String(name))} cannot be used to check arguments`;
      return `arguments of tool ${quote(String(name))} do not fit its input schema: ${describe(found)}`;
    },
    sample: isRecord(outputSchema) ? makeSample(outputSchema) : undefined,
  };
}

function makeSample(schema: Readonly<Record<string, unknown>>): object | null {
  const sample = sampleValue(schema);
  return isRecord(sample) && compile(schema)(sample) === 'fits' ? sample : null;
}

/** Stands in for regular expressions, which a stranger could have written to run for hours. */
const unchecked = Object.assign(() => ({ test: () => true }), { code: 'unchecked' });
const leftOut = ['pattern', 'patternProperties', 'uniqueItems'];

/** What a schema says to a value; an error is the first that was found. */
type Check = (value: unknown) => 'fits' | 'unusable' | ErrorObject | undefined;

/** One instance for each schema: two tools may use the same `$id`, and a shared instance would keep every schema. */
function compile(schema: unknown): Check {
  const options = {
    strict: false,
    meta: false,
    validateSchema: false,
    validateFormats: false,
    logger: false,
    inlineRefs: false,
    code: { regExp: unchecked },
  } as const;
  // MCP's default is 2020-12; lists of item schemas mean something else in the drafts before it.
  const isOlder = isRecord(schema) && typeof schema['$schema'] === 'string' && /\/draft-0[4-7]\//.test(schema['$schema']);
  const ajv = isOlder ? new Ajv(options) : new Ajv2020(options);
  for (const keyword of leftOut) ajv.removeKeyword(keyword);
  try {
    const validate = ajv.compile(schema as object);
    return (value) => {
      try {
        return validate(value) ? 'fits' : validate.errors?.[0];
      } catch {
        // A schema that only refers to itself leaves the stack no end.
        return 'unusable';
      }
    };
  } catch {
    // A type that does not exist, a reference that leads nowhere, or levels beyond the stack.
    return () => 'unusable';
  }
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'they are of another type';
  const { additionalProperty } = error.params as { additionalProperty?: unknown };
  const extra = typeof additionalProperty === 'string' ? ` (${quote(additionalProperty)})` : '';
  return `${error.instancePath === '' ? 'they' : quote(error.instancePath)} ${error.message ?? 'do not fit'}${extra}`;
}
