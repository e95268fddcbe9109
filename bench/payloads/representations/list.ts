/**
 * The list in which every representation of a datetime or a UUID is measured: a thousand items with a number and the value.
 */
import type { Generator, Payload } from '../../../src/model/payload.ts';
import type { JsonValue } from '../../../src/model/values.ts';

/**
 * What such a payload has besides its title and its variants.
 * @param field the value's key. @param schema the value's own. @param make the value in text form.
 * @param tier `standard` unless given.
 */
export function listOf(
  field: string,
  {
    schema,
    make,
    tier = 'standard',
  }: { schema: { [key: string]: unknown }; make: (generator: Generator) => JsonValue; tier?: Payload['tier'] },
): Pick<Payload, 'role' | 'tier' | 'schema' | 'sizes' | 'list' | 'generate'> {
  return {
    role: 'representation',
    tier,
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { n: { type: 'integer' }, [field]: schema },
        required: ['n', field],
        additionalProperties: false,
      },
    },
    sizes: [1_000],
    list: '',
    generate: (generator, items) => Array.from({ length: items }, (_, n) => ({ n, [field]: make(generator) })),
  };
}
