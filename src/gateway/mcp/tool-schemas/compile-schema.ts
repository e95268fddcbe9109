/**
 * Compiles other people's schemas by ajv: as this gateway uses them, and as the official client does when it lists
 * tools.
 *
 * For arguments, what one value can keep busy for hours is left out: `pattern` and `uniqueItems` are not checked and
 * formats not looked at; that is for the server that has the tool. Nothing here is bounded: callers measure a schema
 * first (measure-schema.ts), and leave what may take long to a thread (checking-thread.ts).
 */
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import addFormats from 'ajv-formats';
import { type ErrorObject, Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { messageOf } from '../../../foreign-text.ts';
import { isObject } from '../../../json.ts';

/** What was wrong first, in the part that a message is made of; plain data. */
export type Misfit = Pick<ErrorObject, 'instancePath' | 'message'> & { readonly extra?: string };

/** What a schema says to a value. */
export type Check = (value: unknown) => 'fits' | 'unusable' | Misfit;

/** Stands in for regular expressions, which a stranger could have written to run for hours. */
const unchecked = Object.assign(() => ({ test: () => true }), { code: 'unchecked' });
const leftOut = ['pattern', 'patternProperties', 'uniqueItems'];

/** One instance for each schema: two tools may use the same `$id`, and a shared instance would keep every schema. */
export function compileForArguments(schema: unknown): Check {
  const options = {
    strict: false,
    meta: false,
    validateSchema: false,
    validateFormats: false,
    logger: false,
    inlineRefs: false,
    // A name such as `toString` is no property of a value that only inherits it.
    ownProperties: true,
    code: { regExp: unchecked },
  } as const;
  // MCP's default is 2020-12; lists of item schemas mean something else in the drafts before it.
  const isOlder =
    isObject(schema) && typeof schema['$schema'] === 'string' && /\/draft-0[4-7]\//.test(schema['$schema']);
  const ajv = isOlder ? new Ajv(options) : new Ajv2020(options);
  for (const keyword of leftOut) ajv.removeKeyword(keyword);
  try {
    const validate = ajv.compile(schema as object);
    // Such a schema answers by promises, whose rejections nobody would wait for.
    if ('$async' in validate) return () => 'unusable';
    return (value) => {
      try {
        return validate(value) ? 'fits' : describe(validate.errors?.[0]);
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

function describe(error: ErrorObject | undefined): Misfit {
  if (error === undefined) return { instancePath: '', message: 'do not fit' };
  const { additionalProperty } = error.params as { additionalProperty?: unknown };
  return {
    instancePath: error.instancePath,
    ...(error.message === undefined ? {} : { message: error.message }),
    ...(typeof additionalProperty === 'string' ? { extra: additionalProperty } : {}),
  };
}

/** Why the official client cannot compile a tool's output schema; `undefined` where it can. */
export function findClientError(schema: unknown): string | undefined {
  if (isObject(schema) && schema['$async'] !== undefined) return '$async makes clients fail when they check a result';
  // As the SDK makes its own by default (validation/ajv), but silent; a new one, since it keeps schemas by their $id.
  const ajv = new Ajv({ strict: false, validateFormats: true, validateSchema: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  try {
    new AjvJsonSchemaValidator(ajv as never).getValidator(schema as never);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
