/**
 * What a reader is shown of an output: the exact text, or the type that a decoder gives back, for the first item.
 */
import type { Serializer } from '../../model/contender.ts';
import type { Payload } from '../../model/payload.ts';
import { describeThrown, displayValue, shorten } from '../display.ts';

/**
 * Serializes the first item of a list payload on its own.
 * @returns nothing where the payload is no bare list; never throws.
 */
export function showExample(request: { serializer: Serializer; list: Payload['list'] | undefined; value: unknown }): {
  example?: string;
} {
  const { serializer, list, value } = request;
  if (list !== '' || !Array.isArray(value) || value.length === 0) return {};
  try {
    return { example: show(serializer, value.slice(0, 1)) };
  } catch (error) {
    return { example: `throws ${describeThrown(error)}` };
  }
}

function show(serializer: Serializer, first: readonly unknown[]): string {
  if (serializer.stringify !== undefined) return shorten(unwrap(serializer.stringify(first)));
  const bytes = serializer.encode?.(first);
  if (bytes === undefined) return 'nothing';
  if (serializer.decode === undefined) return shorten(unwrap(Buffer.from(bytes).toString('utf8')));
  const [item] = serializer.decode(bytes) as unknown[];
  return describeFields(item);
}

/** The item without the brackets of the list that it was put into. */
function unwrap(text: string): string {
  return text.startsWith('[{') && text.endsWith('}]') ? text.slice(1, -1) : text;
}

function describeFields(item: unknown): string {
  if (typeof item !== 'object' || item === null) return displayValue(item);
  const fields = Object.entries(item).map(([key, field]) => `${key}: ${displayValue(field)}`);
  return shorten(`{${fields.join(', ')}}`);
}
