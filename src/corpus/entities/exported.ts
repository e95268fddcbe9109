/**
 * The entities as an export has them: snake_case, and without the fields that only the running gateway knows.
 */
import type { Generator } from '../../model/payload.ts';
import { NOUNS, SYSTEMS, VERBS } from '../prose.ts';
import { buildInputSchema, TERSE } from './input-schemas.ts';
import { buildAnnotations, buildHeaders, buildTagNames, buildTimes, descriptionLength } from './parts.ts';
import type { JsonObject } from '../../model/values.ts';
import type { Source } from './source.ts';
import { listOf, orNull, titleOf } from './source.ts';

/** The kinds of entities in an export. */
export type ExportKind = Parameters<Generator['exportEntity']>[0];

/** GET /export, one entity: snake_case, and without the fields that only the running gateway knows. */
export function buildExportEntity(source: Source, kind: ExportKind): JsonObject {
  return EXPORT_BUILDERS[kind](source);
}

const EXPORT_BUILDERS: { readonly [Kind in ExportKind]: (source: Source) => JsonObject } = {
  tool(source) {
    const { pick, chance } = source;
    const [verb, noun] = [pick(VERBS), pick(NOUNS)];
    const times = buildTimes(source);
    return {
      name: source.unique(`${verb}_${noun}`),
      display_name: orNull(source, 0.5, () => titleOf(verb, noun)),
      url: `https://${pick(SYSTEMS)}.example.com/api/${noun}s`,
      integration_type: pick(['REST', 'MCP']),
      request_type: pick(['GET', 'POST', 'SSE', 'STREAMABLEHTTP']),
      description: orNull(source, 0.95, () => source.prose(descriptionLength(source))),
      headers: orNull(source, 0.2, () => buildHeaders(source)),
      input_schema: buildInputSchema(source, TERSE),
      output_schema: orNull(source, 0.1, () => buildInputSchema(source, TERSE)),
      annotations: orNull(source, 0.25, () => buildAnnotations(source)),
      jsonpath_filter: orNull(source, 0.1, () => '$.data[*]'),
      tags: buildTagNames(source),
      rate_limit: orNull(source, 0.1, () => pick([10, 60, 600])),
      timeout: orNull(source, 0.2, () => pick([5, 20, 60])),
      is_active: chance(0.92),
      created_at: times.createdAt,
      updated_at: times.updatedAt,
    };
  },
  gateway(source) {
    const name = source.unique(`${source.pick(SYSTEMS)}_${source.pick(NOUNS)}`);
    const url = `https://${name.replaceAll('_', '-')}.example.com/mcp`;
    return {
      name,
      url,
      description: orNull(source, 0.7, () => source.prose(descriptionLength(source))),
      transport: source.pick(['SSE', 'STREAMABLEHTTP']),
      capabilities: { tools: { listChanged: source.chance(0.8) } },
      health_check: { url: `${url}/health`, interval: 30, timeout: 10, retries: 3 },
      is_active: source.chance(0.95),
      federation_enabled: true,
      tags: buildTagNames(source),
      passthrough_headers: source.chance(0.2) ? ['X-Request-Id'] : [],
    };
  },
  server(source) {
    const id = source.uuid();
    return {
      id,
      name: source.unique(`${source.pick(SYSTEMS)}-${source.pick(NOUNS)}-server`),
      description: orNull(source, 0.85, () => source.prose(descriptionLength(source))),
      tool_ids: listOf(source.integer(0, 8), source.uuid),
      sse_endpoint: `/servers/${id}/sse`,
      jsonrpc_endpoint: `/servers/${id}/jsonrpc`,
      capabilities: { tools: { list_changed: true }, prompts: { list_changed: true } },
      is_active: source.chance(0.92),
      tags: buildTagNames(source),
    };
  },
  prompt(source) {
    const noun = source.pick(NOUNS);
    return {
      name: source.unique(`explain_${noun}`),
      template: `${source.prose(source.integer(40, 200))}\n\n{{ ${noun} }}`,
      description: orNull(source, 0.8, () => source.prose(source.integer(34, 120))),
      input_schema: { type: 'object', properties: { [noun]: { type: 'string' } }, required: [noun] },
      tags: buildTagNames(source),
      is_active: source.chance(0.95),
    };
  },
  resource(source) {
    const name = source.unique(`${source.pick(NOUNS)}_${source.pick(NOUNS)}`);
    return {
      name,
      uri: `resource://${source.pick(SYSTEMS)}/${name}`,
      description: orNull(source, 0.8, () => source.prose(source.integer(34, 120))),
      mime_type: orNull(source, 0.9, () => source.pick(['text/plain', 'application/json', 'text/markdown'])),
      tags: buildTagNames(source),
      is_active: source.chance(0.95),
      last_modified: orNull(source, 0.9, source.datetime),
    };
  },
  root(source) {
    const name = source.unique(source.pick(NOUNS));
    return { uri: `file:///srv/${source.pick(SYSTEMS)}/${name}`, name: orNull(source, 0.8, () => name) };
  },
};
