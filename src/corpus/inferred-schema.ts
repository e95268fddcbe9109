/**
 * An inferred schema that is known to be usable: what a checker cannot take gives way to one that allows anything.
 *
 * Nobody gave this schema, so nobody can correct it; a limit of whoever infers or checks it must not cost more than
 * what depends on a schema. The faults of a schema that somebody did give are told instead (schemas.ts).
 */
import { messageOf } from '../foreign-text.ts';
import type { JsonSchema, JsonValue } from '../model/values.ts';
import { inferSchema } from './infer.ts';
import { compileSchema } from './schemas.ts';

/** A schema for values of which nothing more was said. */
export interface InferredSchema {
  readonly schema: JsonSchema;
  /** Why it allows anything, as a sentence without a full stop; absent where nothing stood in the way. */
  readonly note?: string;
}

/**
 * Never throws for what values hold.
 * @param values as `inferSchema` takes them.
 * @param infer another way to find a schema, for tests.
 */
export function inferUsableSchema(
  values: readonly JsonValue[],
  infer: (values: readonly JsonValue[]) => JsonSchema = inferSchema,
): InferredSchema {
  try {
    const schema = infer(values);
    compileSchema(schema);
    return { schema };
  } catch (error) {
    const why = messageOf(error);
    return {
      schema: {},
      note: `no schema could be inferred from the data (${why}); contenders that are compiled from one get one that allows anything`,
    };
  }
}
