/**
 * Fills a store with a catalog from the corpus: the entities that payloads are made of, as rows.
 *
 * The same seed gives the same catalog on every machine and in every database. Resources and prompts have a form in the
 * corpus for exports only, so what an export leaves out of them is made here.
 */
import { createGenerator } from '../../corpus/generator.ts';
import type { Generator } from '../../model/payload.ts';
import type { JsonValue } from '../../model/values.ts';
import { type EntityInput, type EntityKind, entityKinds } from '../entities/entity.ts';
import type { FillableStore } from './entity-store.ts';

/**
 * Stores the same number of tools, servers, gateways, resources and prompts, one transaction a kind.
 * @param options.items of each kind, 0 or more; @param options.seed an integer.
 * @throws {RangeError} where one of them is not.
 */
export async function seed(
  store: Pick<FillableStore, 'fill'>,
  options: { readonly items: number; readonly seed: number },
): Promise<void> {
  const { items, seed: start } = options;
  if (!Number.isSafeInteger(items) || items < 0) throw new RangeError(`a number of items is 0 or more, not ${items}`);
  if (!Number.isSafeInteger(start)) throw new RangeError(`a seed is an integer, not ${start}`);
  for (const [index, kind] of entityKinds.entries()) {
    // A generator for each kind, or else another number of tools would change all servers. Generators know 32 bits.
    const generator = createGenerator(((start | 0) * entityKinds.length + index) | 0);
    await store.fill(
      kind,
      // Nobody has switched anything of it off, so that lists have as many items as were asked for.
      Array.from({ length: items }, () => ({ ...builders[kind](generator), enabled: true })),
    );
  }
}

const builders: Readonly<Record<EntityKind, (generator: Generator) => EntityInput>> = {
  tools: (generator) => generator.tool(),
  servers: (generator) => generator.server(),
  gateways(generator) {
    const gateway = generator.gateway() as EntityInput;
    // A peer that was never reached has no id in the corpus.
    return gateway['id'] === null ? { ...gateway, id: generator.uuid() } : gateway;
  },
  resources(generator) {
    const {
      name,
      uri,
      description,
      mime_type: mimeType,
      tags,
      last_modified: modifiedAt,
    } = generator.exportEntity('resource') as EntityInput;
    return {
      ...buildShared(generator, { tags, modifiedAt }),
      uri,
      name,
      description,
      mimeType,
      size: generator.chance(0.8) ? generator.integer(20, 400_000) : null,
    };
  },
  prompts(generator) {
    const { name, template, description, input_schema: schema, tags } = generator.exportEntity('prompt') as EntityInput;
    return {
      ...buildShared(generator, { tags, modifiedAt: null }),
      name,
      template,
      description,
      arguments: argumentsOf(schema),
    };
  },
};

/** What resources and prompts have in common; their other audit fields are null, as in most rows of a real gateway. */
function buildShared(
  generator: Generator,
  known: { readonly tags: unknown; readonly modifiedAt: unknown },
): EntityInput {
  const times = [generator.datetime(), typeof known.modifiedAt === 'string' ? known.modifiedAt : generator.datetime()];
  // Text of one format and time zone sorts as its instants do.
  const [createdAt, updatedAt] = times.toSorted();
  return {
    id: generator.uuid(),
    createdAt,
    updatedAt,
    tags: (known.tags as readonly string[]).map((name) => ({
      id: name,
      label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    })),
    createdVia: generator.pick(['ui', 'api', 'import', 'federation']),
    version: 1,
    visibility: generator.pick(['public', 'public', 'team', 'private']),
  };
}

/** Arguments of a prompt as a list, from the schema that an export has for them. */
function argumentsOf(schema: unknown): JsonValue {
  const { properties, required } = schema as { properties: object; required: readonly string[] };
  return Object.keys(properties).map((name) => ({ name, description: null, required: required.includes(name) }));
}
