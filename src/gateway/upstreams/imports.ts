/**
 * From what a server lists to entities of the gateway.
 */
import type { EntityInput } from '../entities/entity.ts';
import { isObject } from '../../json.ts';
import type { JsonObject } from '../json.ts';
import { quote } from '../quote.ts';
import { type FederatedKind, federatedKinds } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { type Naming, nameOf, slugOf } from './naming.ts';
import { UpstreamFailure } from './upstream-session.ts';

interface Source {
  readonly gatewayName: string;
  readonly slug: string;
  readonly url: string;
  readonly naming: Naming;
}

export type Imports = Readonly<Record<FederatedKind, readonly EntityInput[]>>;

/** @throws {UpstreamFailure} where two things would have one name, with both of theirs. */
export function toImports(catalog: Catalog, source: Source): Imports {
  return {
    tools: named('tools', catalog.tools, source).map(([name, tool]) => importTool(name, tool, source)),
    resources: named('resources', catalog.resources, source).map(([uri, resource]) =>
      importResource(uri, resource, source),
    ),
    prompts: named('prompts', catalog.prompts, source).map(([name, prompt]) => importPrompt(name, prompt, source)),
  };
}

export const noImports: Imports = Object.fromEntries(federatedKinds.map((kind) => [kind, []])) as never;

function named(kind: FederatedKind, items: readonly JsonObject[], { slug, naming }: Source): [string, JsonObject][] {
  const key = kind === 'resources' ? 'uri' : 'name';
  const taken = new Map<string, string>();
  return items.map((item) => {
    const own = item[key] as string;
    const name = nameOf(kind, { slug, name: own, naming });
    const other = taken.get(name);
    if (other !== undefined)
      throw new UpstreamFailure(`its ${kind} ${quote(other)} and ${quote(own)} would both be called ${quote(name)}`);
    taken.set(name, own);
    return [name, item];
  });
}

/** Who it comes from, in every kind. */
function sharedOf({ gatewayName }: Source): EntityInput {
  return { enabled: true, tags: [], visibility: 'public', createdVia: 'federation', federationSource: gatewayName };
}

function importTool(name: string, tool: JsonObject, source: Source): EntityInput {
  const own = tool['name'] as string;
  const description = textOf(tool['description']);
  return {
    ...sharedOf(source),
    name,
    originalName: own,
    customName: own,
    customNameSlug: slugOf(own),
    displayName: textOf(tool['title']) ?? own,
    gatewaySlug: source.slug,
    url: source.url,
    title: textOf(tool['title']),
    description,
    originalDescription: description,
    requestType: 'STREAMABLEHTTP',
    integrationType: 'MCP',
    inputSchema: isObject(tool['inputSchema']) ? tool['inputSchema'] : { type: 'object' },
    outputSchema: objectOf(tool['outputSchema']),
    annotations: objectOf(tool['annotations']),
    _meta: objectOf(tool['_meta']),
    deprecated: false,
    reachable: true,
    exposePassthrough: true,
  };
}

function importResource(uri: string, resource: JsonObject, source: Source): EntityInput {
  const { size } = resource;
  return {
    ...sharedOf(source),
    uri,
    name: textOf(resource['name']) ?? resource['uri'],
    title: textOf(resource['title']),
    description: textOf(resource['description']),
    mimeType: textOf(resource['mimeType']),
    size: Number.isSafeInteger(size) ? size : null,
  };
}

function importPrompt(name: string, prompt: JsonObject, source: Source): EntityInput {
  const given = prompt['arguments'];
  return {
    ...sharedOf(source),
    name,
    title: textOf(prompt['title']),
    description: textOf(prompt['description']),
    // What the server makes of it, only the server knows.
    template: '',
    arguments: Array.isArray(given) ? given.filter(isObject).map(importArgument) : [],
  };
}

function importArgument({ name, description, required }: JsonObject): EntityInput {
  return { name: String(name), description: textOf(description), required: required === true };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function objectOf(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}
