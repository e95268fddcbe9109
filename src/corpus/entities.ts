/**
 * The entities of an MCP gateway in text form: tools, servers, gateways, and their forms in `tools/list` and exports.
 *
 * Field names, their order and which of them may be null follow the open-source gateway ContextForge
 * (IBM/mcp-context-forge); all values are made up here. Nulls are as frequent as in a list that an admin page loads.
 * Deliberately absent: randomness of its own (see generator.ts) and texts (see prose.ts).
 */
import type { Generator } from '../model/payload.ts';
import type { JsonValue } from '../model/values.ts';
import { NOUNS, PEOPLE, SYSTEMS, VERBS } from './prose.ts';

/** What the builders draw from: the generator without the entities, and names that do not repeat. */
export type Source = Pick<Generator, 'integer' | 'chance' | 'pick' | 'prose' | 'datetime' | 'uuid'> & {
  /** The name itself the first time, with a running number after that. */
  unique(name: string): string;
};

type JsonObject = { [key: string]: JsonValue };

/** The kinds of entities in an export. */
export type ExportKind = Parameters<Generator['exportEntity']>[0];

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

/** Lengths in UTF-16 units: most descriptions are one line, few are a paragraph. */
function descriptionLength({ integer, chance }: Source): number {
  return chance(0.06) ? integer(250, 600) : integer(34, 100);
}

function buildTimes(source: Source): { createdAt: string; updatedAt: string } {
  // Text of one format and time zone sorts as its instants do.
  const [createdAt, updatedAt] = [source.datetime(), source.datetime()].toSorted() as [string, string];
  return { createdAt, updatedAt: source.chance(0.4) ? createdAt : updatedAt };
}

function buildAudit(source: Source): JsonObject {
  const { chance, pick, integer } = source;
  const via = pick(['ui', 'ui', 'api', 'import', 'federation', 'federation']);
  const isEdited = chance(0.1);
  return {
    createdBy: orNull(source, 0.8, () => emailOf(source)),
    createdFromIp: orNull(source, 0.2, () => addressOf(source)),
    createdVia: orNull(source, 0.8, () => via),
    createdUserAgent: orNull(source, 0.05, () => `gateway-client/${integer(1, 4)}.${integer(0, 20)}`),
    modifiedBy: isEdited ? emailOf(source) : null,
    modifiedFromIp: isEdited ? addressOf(source) : null,
    modifiedVia: isEdited ? pick(['ui', 'api']) : null,
    modifiedUserAgent: isEdited ? orNull(source, 0.2, () => 'gateway-client/5.0') : null,
    importBatchId: via === 'import' ? source.uuid() : null,
    federationSource: orNull(source, 0.05, () => pick(SYSTEMS)),
    version: orNull(source, 0.95, () => integer(1, isEdited ? 9 : 1)),
  };
}

function buildTeam(source: Source): JsonObject {
  const hasTeam = source.chance(0.4);
  return {
    teamId: hasTeam ? source.uuid() : null,
    team: hasTeam ? source.pick(['platform', 'payments', 'research', 'field operations']) : null,
    ownerEmail: orNull(source, 0.7, () => emailOf(source)),
    visibility: orNull(source, 0.97, () => source.pick(['public', 'public', 'team', 'private'])),
  };
}

function buildMetrics(source: Source): JsonObject {
  const total = source.chance(0.1) ? 0 : source.integer(1, 50_000);
  const failed = source.integer(0, total);
  // Thousandths of a second; a division of integers is exact to the last bit in every engine.
  const [min, average, max] = [1, 2, 3].map(() => source.integer(1, 9_999) / 1_000).toSorted((a, b) => a - b);
  const seconds = (value: number | undefined): number | null => (total === 0 ? null : (value ?? null));
  return {
    totalExecutions: total,
    successfulExecutions: total - failed,
    failedExecutions: failed,
    failureRate: total === 0 ? 0 : failed / total,
    minResponseTime: seconds(min),
    maxResponseTime: seconds(max),
    avgResponseTime: seconds(average),
    lastExecutionTime: total === 0 ? null : source.datetime(),
  };
}

function buildTags(source: Source): JsonObject[] {
  return buildTagNames(source).map((name) => ({ id: name, label: `${name.charAt(0).toUpperCase()}${name.slice(1)}` }));
}

function buildTagNames(source: Source): string[] {
  const count = source.chance(0.6) ? 0 : source.integer(1, 2);
  return [...new Set(listOf(count, () => source.pick(NOUNS) as string))];
}

function buildHeaders(source: Source): JsonObject {
  return { Accept: 'application/json', ...(source.chance(0.3) ? { 'X-Tenant-Id': source.pick(SYSTEMS) } : {}) };
}

function buildOauth(source: Source): JsonObject {
  const host = `https://login.${source.pick(SYSTEMS)}.example.com`;
  return { grant_type: 'client_credentials', token_url: `${host}/token`, client_secret: '*****', scopes: ['read'] };
}

function buildAnnotations(source: Source): JsonObject {
  const isReadOnly = source.chance(0.6);
  return {
    readOnlyHint: isReadOnly,
    ...(isReadOnly ? {} : { destructiveHint: source.chance(0.3), idempotentHint: source.chance(0.5) }),
    ...(source.chance(0.5) ? { openWorldHint: source.chance(0.5) } : {}),
  };
}

/** What a generated schema looks like; both are probabilities in [0, 1]. */
interface SchemaStyle {
  /** That it has two properties at most, and not up to eight. */
  readonly isSmall: number;
  /** That a property has a description. */
  readonly isDescribed: number;
}

/** As derived from a REST route, or written by hand for an admin page. */
const TERSE: SchemaStyle = { isSmall: 0.92, isDescribed: 0.05 };
/** As MCP servers declare their tools for a model to read. */
const RICH: SchemaStyle = { isSmall: 0.4, isDescribed: 0.8 };

/** A JSON Schema as tools declare their arguments: flat mostly, now and then nested or with `$defs`. */
function buildInputSchema(source: Source, style: SchemaStyle): JsonObject {
  const { integer, chance } = source;
  const hasDefinitions = chance(0.05);
  const count = chance(style.isSmall) ? integer(1, 2) : integer(3, 8);
  const properties = buildProperties(source, { style, count, depth: 0 });
  const required = Object.keys(properties).filter(() => chance(0.4));
  return {
    ...(chance(0.05) ? { $schema: 'http://json-schema.org/draft-07/schema#' } : {}),
    type: 'object',
    properties: hasDefinitions ? { ...properties, range: { $ref: '#/$defs/Range' } } : properties,
    ...(required.length > 0 ? { required } : {}),
    ...(chance(0.15) ? { additionalProperties: false } : {}),
    ...(hasDefinitions ? { $defs: { Range: RANGE } } : {}),
  };
}

/** `depth` is 0 for the arguments themselves; nesting ends at 2, as deep as real tools' schemas usually go. */
interface PropertyContext {
  readonly style: SchemaStyle;
  readonly count: number;
  readonly depth: number;
}

/** Between 1 and `count` properties, since a name that is drawn twice counts once. */
function buildProperties(source: Source, context: PropertyContext): JsonObject {
  const choices = context.depth < 2 ? ARGUMENTS : ARGUMENTS.filter(([, kind]) => kind !== 'object');
  const drawn = new Map(listOf(context.count, () => source.pick(choices)));
  return Object.fromEntries([...drawn].map(([name, kind]) => [name, buildProperty(source, context, kind)]));
}

type ArgumentKind = 'string' | 'integer' | 'number' | 'boolean' | 'enum' | 'strings' | 'nullable' | 'object';

function buildProperty(source: Source, context: PropertyContext, kind: ArgumentKind): JsonObject {
  const { integer, chance, pick } = source;
  const { style, depth } = context;
  const about: JsonObject = chance(style.isDescribed) ? { description: source.prose(integer(30, 110)) } : {};
  switch (kind) {
    case 'string':
      return { type: 'string', ...about, ...(chance(0.15) ? { format: pick(['uri', 'date-time', 'email']) } : {}) };
    case 'integer':
      return {
        type: 'integer',
        ...about,
        ...(chance(0.5) ? { minimum: integer(0, 1), maximum: 100 } : { default: 10 }),
      };
    case 'number':
      return { type: 'number', ...about, exclusiveMinimum: 0 };
    case 'boolean':
      return { type: 'boolean', ...about, default: chance(0.5) };
    case 'enum':
      return { type: 'string', ...about, enum: pick(ENUMS).slice() };
    case 'strings':
      return { type: 'array', ...about, items: { type: 'string' }, ...(chance(0.3) ? { maxItems: 20 } : {}) };
    case 'nullable':
      return { anyOf: [{ type: 'string' }, { type: 'null' }], ...about, default: null };
    case 'object':
    default:
      return {
        type: 'object',
        ...about,
        properties: buildProperties(source, { style, count: integer(1, 3), depth: depth + 1 }),
      };
  }
}

const ARGUMENTS: readonly (readonly [name: string, kind: ArgumentKind])[] = [
  ['query', 'string'],
  ['id', 'string'],
  ['owner', 'string'],
  ['path', 'string'],
  ['region', 'string'],
  ['recipient', 'string'],
  ['subject', 'string'],
  ['body', 'string'],
  ['since', 'nullable'],
  ['cursor', 'nullable'],
  ['limit', 'integer'],
  ['max_results', 'integer'],
  ['threshold', 'number'],
  ['include_archived', 'boolean'],
  ['dry_run', 'boolean'],
  ['status', 'enum'],
  ['format', 'enum'],
  ['sort', 'enum'],
  ['priority', 'enum'],
  ['labels', 'strings'],
  ['fields', 'strings'],
  ['filter', 'object'],
  ['options', 'object'],
];
const ENUMS = [
  ['asc', 'desc'],
  ['open', 'closed', 'all'],
  ['json', 'csv', 'markdown'],
  ['low', 'medium', 'high', 'urgent'],
] as const;
const RANGE: JsonObject = {
  type: 'object',
  properties: { from: { type: 'string', format: 'date-time' }, to: { type: 'string', format: 'date-time' } },
  required: ['from'],
};

function titleOf(verb: string, noun: string): string {
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${noun}`;
}

function emailOf(source: Source): string {
  return `${source.pick(PEOPLE)}@example.com`;
}

/** From the block that RFC 5737 keeps for documentation. */
function addressOf(source: Source): string {
  return `192.0.2.${source.integer(1, 254)}`;
}

function orNull<T extends JsonValue>(source: Source, probability: number, make: () => T): T | null {
  return source.chance(probability) ? make() : null;
}

function listOf<T>(length: number, make: () => T): T[] {
  return Array.from({ length }, () => make());
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
