/**
 * Resources that servers behind the gateway do not list, but make for every URI that fits a template.
 *
 * Source: RFC 6570 (URI templates), of which only the place of an expression counts here.
 */
import type { JsonObject } from '../json.ts';
import { type Naming, nameOf, originalOf } from './naming.ts';

/** A server with templates, each with its own `uriTemplate`. */
interface WithTemplates {
  readonly slug: string;
  readonly templates: readonly JsonObject[];
}

/** Templates of all servers, under the gateway's names. */
export function listTemplates(servers: Iterable<WithTemplates>, naming: Naming): JsonObject[] {
  return [...servers].flatMap(({ slug, templates }) =>
    templates.map((template) => ({
      ...template,
      uriTemplate: nameOf('resources', { slug, name: template['uriTemplate'] as string, naming }),
    })),
  );
}

/**
 * The first server one of whose templates a URI fits, or is, with its own name for it.
 * @param request.uri as clients of the gateway have it.
 */
export function findByTemplate<T extends WithTemplates>(
  servers: Iterable<T>,
  { uri, naming }: { uri: string; naming: Naming },
): { readonly server: T; readonly own: string } | undefined {
  for (const server of servers) {
    const own = originalOf('resources', { slug: server.slug, name: uri, naming });
    if (own === undefined) continue;
    const fits = ({ uriTemplate }: JsonObject): boolean =>
      uriTemplate === own || fitsTemplate(uriTemplate as string, own);
    if (server.templates.some(fits)) return { server, own };
  }
  return undefined;
}

/** Characters; arbitrary, far above what templates and addresses have. */
const longestTemplate = 1_000;
const longestUri = 8_000;

/**
 * Whether a URI is one of a template's: `{id}` is part of one segment, `{+path}` and its like may be several.
 *
 * Templates are servers' own, so they become no expressions that could take for ever: one pass over the URI for each part,
 * with all the places at once where the parts before it may end.
 */
function fitsTemplate(uriTemplate: string, uri: string): boolean {
  if (uriTemplate.length > longestTemplate || uri.length > longestUri) return false;
  let ends = new Set([0]);
  for (const part of uriTemplate.split(/(\{[^{}]*\})/)) {
    ends = part.startsWith('{') ? afterExpression(uri, ends, /^\{[+#/.;?&]/.test(part)) : afterText(uri, ends, part);
  }
  return ends.has(uri.length);
}

function afterText(uri: string, ends: ReadonlySet<number>, text: string): Set<number> {
  return new Set([...ends].filter((end) => uri.startsWith(text, end)).map((end) => end + text.length));
}

/** @param isWide whether it may be empty, and hold slashes. */
function afterExpression(uri: string, ends: ReadonlySet<number>, isWide: boolean): Set<number> {
  const after = new Set<number>();
  let isOpen = false;
  for (let position = 0; position <= uri.length; position += 1) {
    if (isOpen && !isWide && uri[position - 1] === '/') isOpen = false;
    if (isOpen) after.add(position);
    if (!ends.has(position)) continue;
    isOpen = true;
    if (isWide) after.add(position);
  }
  return after;
}
