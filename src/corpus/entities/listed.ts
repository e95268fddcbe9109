/**
 * The entities as the gateway's lists have them, and tools as `tools/list` gives them.
 *
 * Field names, their order and which of them may be null follow the open-source gateway ContextForge
 * (IBM/mcp-context-forge); all values are made up here. Nulls are as frequent as in a list that an admin page loads.
 */
import { NOUNS, SYSTEMS, VERBS } from '../prose.ts';
import { buildInputSchema, RICH, TERSE } from './input-schemas.ts';
import {
  buildAnnotations,
  buildAudit,
  buildHeaders,
  buildMetrics,
  buildOauth,
  buildTags,
  buildTeam,
  buildTimes,
  descriptionLength,
} from './parts.ts';
import type { JsonObject } from '../../model/values.ts';
import type { Source } from './source.ts';
import { listOf, orNull, titleOf } from './source.ts';

/** GET /tools, one item: 55 fields, most of the optional ones null. */
export function buildTool(source: Source): JsonObject {
  const { integer, chance, pick, uuid } = source;
  const isMcp = chance(0.7);
  const system = pick(SYSTEMS);
  const [verb, noun] = [pick(VERBS), pick(NOUNS)];
  const originalName = source.unique(`${verb}_${noun}`);
  const slug = originalName.replaceAll('_', '-');
  const description = orNull(source, 0.95, () => source.prose(descriptionLength(source)));
  const base = `https://${system}.example.com`;
  return {
    id: uuid(),
    originalName,
    url: orNull(source, 0.9, () => (isMcp ? `${base}/mcp` : `${base}/api/v${integer(1, 3)}/${noun}s`)),
    description,
    // Kept only where somebody rewrote the description after registration.
    originalDescription: orNull(source, 0.08, () => source.prose(integer(34, 120))),
    title: orNull(source, 0.3, () => titleOf(verb, noun)),
    requestType: isMcp ? pick(['SSE', 'STREAMABLEHTTP']) : pick(['GET', 'POST']),
    integrationType: isMcp ? 'MCP' : 'REST',
    headers: orNull(source, 0.15, () => buildHeaders(source)),
    inputSchema: buildInputSchema(source, TERSE),
    outputSchema: orNull(source, 0.05, () => buildInputSchema(source, TERSE)),
    annotations: orNull(source, 0.2, () => buildAnnotations(source)),
    extensionMetadata: orNull(source, 0.02, () => ({ source: 'catalog', revision: integer(1, 40) })),
    jsonpathFilter: orNull(source, 0.1, () => pick(['$.data[*]', '$.items[?(@.active)]', '$.result'])),
    auth: orNull(source, 0.05, () => ({ authType: 'bearer', token: '*****' })),
    ...buildTimes(source),
    enabled: chance(0.92),
    deprecated: chance(0.03),
    reachable: chance(0.95),
    gatewayId: isMcp ? uuid() : null,
    grpcServiceId: orNull(source, 0.01, uuid),
    executionCount: orNull(source, 0.3, () => integer(0, 250_000)),
    metrics: orNull(source, 0.06, () => buildMetrics(source)),
    name: `${system}-${slug}`,
    displayName: orNull(source, 0.3, () => titleOf(verb, noun)),
    gatewaySlug: system,
    customName: originalName,
    customNameSlug: slug,
    tags: buildTags(source),
    ...buildAudit(source),
    ...buildTeam(source),
    baseUrl: isMcp ? null : base,
    pathTemplate: isMcp ? null : `/${noun}s/{id}`,
    queryMapping: isMcp ? null : orNull(source, 0.3, () => ({ limit: 'page_size', cursor: 'page_token' })),
    headerMapping: isMcp ? null : orNull(source, 0.2, () => ({ tenant: 'X-Tenant-Id' })),
    timeoutMs: orNull(source, 0.9, () => pick([20_000, 20_000, 20_000, 5_000, 60_000])),
    exposePassthrough: orNull(source, 0.97, () => true),
    allowlist: orNull(source, 0.04, () => [base]),
    pluginChainPre: orNull(source, 0.05, () => [pick(['rate_limit', 'pii_filter'])]),
    pluginChainPost: orNull(source, 0.05, () => [pick(['mask_output', 'truncate'])]),
    _meta: orNull(source, 0.03, () => ({ 'example.com/category': pick(NOUNS) })),
  };
}

/** GET /servers, one item. */
export function buildServer(source: Source): JsonObject {
  const { integer, chance, pick, uuid } = source;
  const system = pick(SYSTEMS);
  const tools = integer(0, 8);
  return {
    id: uuid(),
    name: source.unique(`${system}-${pick(NOUNS)}-server`),
    description: orNull(source, 0.85, () => source.prose(descriptionLength(source))),
    icon: orNull(source, 0.3, () => `https://${system}.example.com/icon.png`),
    ...buildTimes(source),
    enabled: chance(0.92),
    associatedTools: listOf(tools, () => `${system}-${pick(VERBS)}-${pick(NOUNS)}`),
    associatedToolIds: listOf(tools, uuid),
    associatedResources: listOf(integer(0, 3), uuid),
    associatedPrompts: listOf(integer(0, 2), uuid),
    associatedA2aAgents: chance(0.1) ? [uuid()] : [],
    metrics: orNull(source, 0.1, () => buildMetrics(source)),
    tags: buildTags(source),
    ...buildAudit(source),
    ...buildTeam(source),
    oauthEnabled: chance(0.1),
    oauthConfig: orNull(source, 0.1, () => buildOauth(source)),
  };
}

/** GET /gateways, one item: a federated peer. */
export function buildGateway(source: Source): JsonObject {
  const { integer, chance, pick, uuid } = source;
  const name = source.unique(`${pick(SYSTEMS)}_${pick(NOUNS)}`);
  const slug = name.replaceAll('_', '-');
  const reachable = chance(0.9);
  const authType = chance(0.6) ? pick(['bearer', 'basic', 'authheaders']) : null;
  return {
    id: orNull(source, 0.99, uuid),
    name,
    url: `https://${slug}.example.com/mcp`,
    description: orNull(source, 0.7, () => source.prose(descriptionLength(source))),
    transport: pick(['SSE', 'STREAMABLEHTTP', 'STREAMABLEHTTP']),
    capabilities: { tools: { listChanged: chance(0.8) }, ...(chance(0.6) ? { prompts: { listChanged: false } } : {}) },
    ...buildTimes(source),
    status: reachable ? 'active' : pick(['pending', 'failed']),
    statusMessage: reachable ? null : 'waiting for the first answer',
    registrationAttempts: reachable ? 1 : integer(1, 12),
    nextRetryAt: reachable ? null : source.datetime(),
    lastError: reachable ? null : pick(['connect ECONNREFUSED', 'HTTP 503 from "initialize"', 'timed out after 30 s']),
    enabled: chance(0.95),
    reachable,
    lastSeen: orNull(source, 0.9, source.datetime),
    passthroughHeaders: orNull(source, 0.2, () => ['X-Request-Id', 'X-Tenant-Id']),
    authType,
    authValue: authType === null ? null : '*****',
    oauthConfig: orNull(source, 0.1, () => buildOauth(source)),
    tags: buildTags(source),
    ...buildTeam(source),
    ...buildAudit(source),
    slug: orNull(source, 0.98, () => slug),
    refreshIntervalSeconds: orNull(source, 0.3, () => pick([60, 300, 3_600])),
    lastRefreshAt: orNull(source, 0.5, source.datetime),
    gatewayMode: chance(0.9) ? 'cache' : 'direct_proxy',
    toolCount: integer(0, 180),
    promptCount: integer(0, 20),
    resourceCount: integer(0, 40),
  };
}

/**
 * A tool as `tools/list` gives it: nulls left out, so shapes differ item by item. Schemas and descriptions are richer
 * than in `buildTool`, since a model reads them and not a person.
 */
export function buildMcpTool(source: Source): JsonObject {
  const [verb, noun] = [source.pick(VERBS), source.pick(NOUNS)];
  return withoutNulls({
    name: source.unique(`${verb}_${noun}`),
    title: orNull(source, 0.4, () => titleOf(verb, noun)),
    description: source.prose(source.chance(0.3) ? source.integer(250, 600) : source.integer(40, 220)),
    inputSchema: buildInputSchema(source, RICH),
    outputSchema: orNull(source, 0.25, () => buildInputSchema(source, RICH)),
    annotations: orNull(source, 0.5, () => buildAnnotations(source)),
    _meta: orNull(source, 0.1, () => ({ 'example.com/category': source.pick(NOUNS) })),
  });
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
