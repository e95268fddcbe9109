/**
 * JSON that somebody else sent: what is known of it, and how deep it is, before anything looks inside.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON Schema of which nothing is known but that it is an object. */
export type Schema = JsonObject;

/** True where objects and lists lie inside each other in more levels than these; looks without recursion. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  let layer = [value].filter(isContainer);
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth === levels) return true;
    layer = layer.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
