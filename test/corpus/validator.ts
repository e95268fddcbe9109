/**
 * ajv set up as strictly as it goes for the corpus; shared by the tests that validate generated values.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import type { JsonSchema } from '../../src/model/values.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);

/**
 * A function that lists what is wrong with a value, `/pointer message` each; empty where it is valid.
 * @throws {Error} where ajv refuses the schema itself.
 */
export function compileValidator(schema: JsonSchema): (value: unknown) => string[] {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
  };
}
