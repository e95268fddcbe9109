/**
 * What is imported from a server is called by the gateway's name in front of its own, so that two servers may have the same.
 *
 * A tool becomes `{gateway-slug}{separator}{tool-slug}`, a prompt `{gateway-slug}{separator}{prompt}`, a resource
 * `{gateway-slug}+{uri}`. Without a prefix everything keeps its name. Names of prompts and resources can be turned back;
 * a tool's own name is a field of its entity.
 */
import type { FederatedKind } from '../store/store.ts';

export interface Naming {
  /** What stands between the gateway's slug and a name; `undefined` for no prefix at all. */
  readonly separator: string | undefined;
}

/** Lower case, with a hyphen for everything but letters and digits. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** @param name a tool's or prompt's own name, or a resource's own URI. */
export function nameOf(
  kind: FederatedKind,
  { slug, name, naming }: { slug: string; name: string; naming: Naming },
): string {
  if (naming.separator === undefined) return name;
  if (kind === 'resources') return `${schemeOf(slug)}+${name}`;
  return `${slug}${naming.separator}${kind === 'tools' ? slugOf(name) : name}`;
}

/** The server's own name for a prompt or resource; `undefined` where it was named under other settings. */
export function originalOf(
  kind: 'resources' | 'prompts',
  { slug, name, naming }: { slug: string; name: string; naming: Naming },
): string | undefined {
  if (naming.separator === undefined) return name;
  const prefix = kind === 'resources' ? `${schemeOf(slug)}+` : `${slug}${naming.separator}`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** A slug as the beginning of a URI's scheme, which begins with a letter and has ASCII alone (RFC 3986, section 3.1). */
function schemeOf(slug: string): string {
  const ascii = slug.replaceAll(/[^a-z0-9-]/g, (character) => `x${(character.codePointAt(0) ?? 0).toString(16)}`);
  return /^[a-z]/.test(ascii) ? ascii : `g${ascii}`;
}
