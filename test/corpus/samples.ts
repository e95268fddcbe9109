/**
 * Samples made in tests, and what a worker would measure of them.
 */

import { createGenerator } from '../../src/corpus/generator.ts';
import { readCatalog } from '../../src/corpus/read-catalog.ts';
import { createSample, parseTypeRules } from '../../src/corpus/sample.ts';
import { loadSchema } from '../../src/corpus/schemas.ts';
import type { JsonSchema, JsonValue } from '../../src/model/values.ts';
import type { Sample } from '../../src/model/sample.ts';

export const uuid = '0b5c2f1e-4a77-4d2b-9d53-000000000010';
export const datetime = '2024-02-29T10:20:30.000Z';

export function sampleOf(text: string, options: { schema?: JsonSchema; types?: string } = {}): Sample {
  const { schema, types } = options;
  return createSample({
    name: 'mine',
    text,
    described: 'mine.json',
    schema,
    ...(types !== undefined && { types: parseTypeRules(types) }),
  });
}

export function generate({ payload }: Sample): JsonValue {
  return payload.generate(createGenerator(1), payload.sizes[0] as number);
}

/** The values that a worker would measure, and the text that they have to give. */
export function materialize(sample: Sample): { value: unknown; text: string } {
  const text = JSON.stringify(generate(sample));
  const [variant = 'text'] = sample.payload.variants;
  return { text, value: readCatalog({ text, payload: sample.payload, schema: loadSchema(sample.payload), variant }) };
}

export function nested(levels: number): string {
  return `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
}

/** Dates and UUIDs in a value. */
export function formatted(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Date || 'bytes' in value) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + formatted(child), 0);
}
