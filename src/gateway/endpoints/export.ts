/**
 * GET /export: everything that the gateway keeps in one document, snake_case, as other gateways import it.
 *
 * Its list of roots is always empty: these are the directories that a gateway opens to servers as their client, and
 * this one opens none. Secrets are masked in the entities already.
 */
import { type Entity, type EntityKind, entityKinds } from '../entities/entity.ts';
import { describePayload } from '../entities/schemas.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { mostListBytes } from '../store/list-bytes.ts';
import type { Store } from '../store/store.ts';
import { requireWhole } from './lists.ts';

/** The revision of the MCP specification that exports of this shape are dated by. */
const exportVersion = '2025-03-26';
/** Who made an export where nobody has to say who they are. */
const unnamedCaller = 'anonymous';

export function exportEndpoint(store: Store): Endpoint {
  return {
    method: 'GET',
    url: '/export',
    summary: 'All entities in one document',
    reads: entityKinds,
    isPersonal: true,
    responses: { 200: describePayload('export') },
    async handle(request) {
      return buildExport(store, { exportedBy: request.caller.subject ?? unnamedCaller, exportedAt: new Date() });
    },
  };
}

/** Reads whole kinds, together no more than one list may be. @throws {Problem} 422 in the promise beyond it. */
function createBoundedReader(store: Store): (kind: EntityKind) => Promise<readonly Entity[]> {
  let left = mostListBytes;
  return async (kind) => {
    const page = await store.list(kind, { mostBytes: left });
    left -= page.bytes;
    return requireWhole(page, `read each list in pages, as in GET /${kind}?include_pagination=true`);
  };
}

async function buildExport(
  store: Store,
  { exportedBy, exportedAt }: { exportedBy: string; exportedAt: Date },
): Promise<object> {
  const read = createBoundedReader(store);
  // One after the other, since each kind may use what the ones before have left.
  const [tools, gateways, servers] = [await read('tools'), await read('gateways'), await read('servers')];
  const [prompts, resources] = [await read('prompts'), await read('resources')];
  const entities = {
    tools: tools.map(exportTool),
    gateways: gateways.map(exportGateway),
    servers: servers.map(exportServer),
    prompts: prompts.map(exportPrompt),
    resources: resources.map(exportResource),
    roots: [],
  };
  return {
    version: exportVersion,
    exported_at: exportedAt,
    exported_by: exportedBy,
    source_gateway: 'wirebench gateway',
    encryption_method: 'none',
    entities,
    metadata: {
      entity_counts: Object.fromEntries(Object.entries(entities).map(([kind, list]) => [kind, list.length])),
      dependencies: {
        servers_to_tools: Object.fromEntries(
          entities.servers.map(({ id, tool_ids: toolIds }) => [String(id), toolIds]),
        ),
      },
      export_options: { include_inactive: true, include_dependencies: true, selected_types: Object.keys(entities) },
    },
  };
}

function exportTool(tool: Entity): object {
  const { timeoutMs } = tool;
  return {
    name: tool['originalName'],
    display_name: tool['displayName'],
    url: tool['url'] ?? '',
    integration_type: tool['integrationType'],
    request_type: tool['requestType'],
    description: tool['description'],
    headers: tool['headers'],
    input_schema: tool['inputSchema'],
    output_schema: tool['outputSchema'],
    annotations: tool['annotations'],
    jsonpath_filter: tool['jsonpathFilter'],
    tags: tagNames(tool),
    rate_limit: null,
    // Exports have whole seconds. Rounded up, since a shorter time would end calls that are allowed here.
    timeout: typeof timeoutMs === 'number' ? Math.ceil(timeoutMs / 1000) : null,
    is_active: tool['enabled'],
    created_at: tool['createdAt'],
    updated_at: tool['updatedAt'],
  };
}

function exportGateway(gateway: Entity): object {
  const url = String(gateway['url']);
  return {
    name: gateway['name'],
    url,
    description: gateway['description'],
    transport: gateway['transport'],
    capabilities: gateway['capabilities'],
    health_check: { url: `${url}/health`, interval: gateway['refreshIntervalSeconds'] ?? 60, timeout: 10, retries: 3 },
    is_active: gateway['enabled'],
    federation_enabled: true,
    tags: tagNames(gateway),
    passthrough_headers: gateway['passthroughHeaders'] ?? [],
  };
}

interface ExportedServer {
  readonly id: Entity['id'];
  readonly tool_ids: unknown;
}

function exportServer(server: Entity): ExportedServer {
  const id = server.id.toString();
  const exported = {
    id: server.id,
    name: server['name'],
    description: server['description'],
    tool_ids: server['associatedToolIds'],
    sse_endpoint: `/servers/${id}/sse`,
    jsonrpc_endpoint: `/servers/${id}/jsonrpc`,
    capabilities: { tools: { list_changed: true }, prompts: { list_changed: true } },
    is_active: server['enabled'],
    tags: tagNames(server),
  };
  return exported;
}

function exportPrompt(prompt: Entity): object {
  const parameters = (prompt['arguments'] ?? []) as readonly {
    name: string;
    description: string | null;
    required: boolean;
  }[];
  const properties = parameters.map(({ name, description }) => [
    name,
    { type: 'string', ...(description === null ? {} : { description }) },
  ]);
  return {
    name: prompt['name'],
    template: prompt['template'],
    description: prompt['description'],
    input_schema: {
      type: 'object',
      properties: Object.fromEntries(properties) as object,
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    },
    tags: tagNames(prompt),
    is_active: prompt['enabled'],
  };
}

function exportResource(resource: Entity): object {
  return {
    name: resource['name'],
    uri: resource['uri'],
    description: resource['description'],
    mime_type: resource['mimeType'],
    tags: tagNames(resource),
    is_active: resource['enabled'],
    last_modified: resource['updatedAt'],
  };
}

function tagNames(entity: Entity): string[] {
  return ((entity['tags'] ?? []) as readonly { id: string }[]).map(({ id }) => id);
}
