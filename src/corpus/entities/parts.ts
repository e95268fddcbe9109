/**
 * Parts that several kinds of entities have: times, audit, team, metrics, tags, headers.
 */
import { NOUNS, PEOPLE, SYSTEMS } from '../prose.ts';
import type { JsonObject } from '../../model/values.ts';
import type { Source } from './source.ts';
import { listOf, orNull } from './source.ts';

/** Lengths in UTF-16 units: most descriptions are one line, few are a paragraph. */
export function descriptionLength({ integer, chance }: Source): number {
  return chance(0.06) ? integer(250, 600) : integer(34, 100);
}

export function buildTimes(source: Source): { createdAt: string; updatedAt: string } {
  // Text of one format and time zone sorts as its instants do.
  const [createdAt, updatedAt] = [source.datetime(), source.datetime()].toSorted() as [string, string];
  return { createdAt, updatedAt: source.chance(0.4) ? createdAt : updatedAt };
}

export function buildAudit(source: Source): JsonObject {
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

export function buildTeam(source: Source): JsonObject {
  const hasTeam = source.chance(0.4);
  return {
    teamId: hasTeam ? source.uuid() : null,
    team: hasTeam ? source.pick(['platform', 'payments', 'research', 'field operations']) : null,
    ownerEmail: orNull(source, 0.7, () => emailOf(source)),
    visibility: orNull(source, 0.97, () => source.pick(['public', 'public', 'team', 'private'])),
  };
}

export function buildMetrics(source: Source): JsonObject {
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

export function buildTags(source: Source): JsonObject[] {
  return buildTagNames(source).map((name) => ({ id: name, label: `${name.charAt(0).toUpperCase()}${name.slice(1)}` }));
}

export function buildTagNames(source: Source): string[] {
  const count = source.chance(0.6) ? 0 : source.integer(1, 2);
  return [...new Set(listOf(count, () => source.pick(NOUNS) as string))];
}

export function buildHeaders(source: Source): JsonObject {
  return { Accept: 'application/json', ...(source.chance(0.3) ? { 'X-Tenant-Id': source.pick(SYSTEMS) } : {}) };
}

export function buildOauth(source: Source): JsonObject {
  const host = `https://login.${source.pick(SYSTEMS)}.example.com`;
  return { grant_type: 'client_credentials', token_url: `${host}/token`, client_secret: '*****', scopes: ['read'] };
}

export function buildAnnotations(source: Source): JsonObject {
  const isReadOnly = source.chance(0.6);
  return {
    readOnlyHint: isReadOnly,
    ...(isReadOnly ? {} : { destructiveHint: source.chance(0.3), idempotentHint: source.chance(0.5) }),
    ...(source.chance(0.5) ? { openWorldHint: source.chance(0.5) } : {}),
  };
}

function emailOf(source: Source): string {
  return `${source.pick(PEOPLE)}@example.com`;
}

/** From the block that RFC 5737 keeps for documentation. */
function addressOf(source: Source): string {
  return `192.0.2.${source.integer(1, 254)}`;
}
