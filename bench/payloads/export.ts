/**
 * GET /export: everything that a gateway knows in one document, snake_case; `items` counts the entities of all kinds.
 * Deliberately absent: secrets, which an export holds encrypted.
 */
import type { Generator, Payload } from '../../src/model/payload.ts';
import type { JsonValue } from '../../src/model/values.ts';

type Kind = Parameters<Generator['exportEntity']>[0];

/** Kinds are dealt in this order, so that ten entities hold each kind and tools are half of any number. */
const DEAL: readonly Kind[] = [
  'tool',
  'server',
  'tool',
  'prompt',
  'tool',
  'resource',
  'tool',
  'gateway',
  'tool',
  'root',
];

export default {
  title: 'GET /export',
  where: 'bulk export and backup of all entities',
  role: 'response',
  tier: 'thorough',
  schema: 'export',
  sizes: [10, 100, 1_000, 5_000],
  variants: ['text', 'native'],
  list: '/entities/tools',
  generate(generator, items) {
    const entities = {
      tools: dealt(generator, 'tool', items),
      gateways: dealt(generator, 'gateway', items),
      servers: dealt(generator, 'server', items),
      prompts: dealt(generator, 'prompt', items),
      resources: dealt(generator, 'resource', items),
      roots: dealt(generator, 'root', items),
    };
    const toolsOfServers = entities.servers.map((server): [string, JsonValue] => [
      server['id'] as string,
      server['tool_ids'] ?? [],
    ]);
    return {
      version: '2025-03-26',
      exported_at: generator.datetime(),
      exported_by: generator.pick(['amara@example.com', 'hana@example.com', 'jonas@example.com']),
      source_gateway: 'https://gateway.example.com',
      encryption_method: 'AES-256-GCM',
      entities,
      metadata: {
        entity_counts: Object.fromEntries(Object.entries(entities).map(([kind, list]) => [kind, list.length])),
        dependencies: { servers_to_tools: Object.fromEntries(toolsOfServers) },
        export_options: {
          include_inactive: generator.chance(0.5),
          include_dependencies: true,
          selected_types: Object.keys(entities),
        },
      },
    };
  },
} satisfies Payload;

function dealt(generator: Generator, kind: Kind, items: number): { [key: string]: JsonValue }[] {
  const entities: { [key: string]: JsonValue }[] = [];
  for (let index = 0; index < items; index += 1) {
    if (DEAL[index % DEAL.length] === kind) entities.push(generator.exportEntity(kind));
  }
  return entities;
}
