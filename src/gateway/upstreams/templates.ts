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
      uriTemplate === own || patternOf(uriTemplate as string).test(own);
    if (server.templates.some(fits)) return { server, own };
  }
  return undefined;
}

/** What URIs of a template look like: `{id}` is part of one segment, `{+path}` and its like may be several. */
function patternOf(uriTemplate: string): RegExp {
  const parts = uriTemplate.split(/(\{[^{}]*\})/);
  const source = parts.map((part) => {
    if (!part.startsWith('{')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return /^\{[+#/.;?&]/.test(part) ? '.*' : '[^/]+';
  });
  return new RegExp(`^${source.join('')}$`, 's');
}
