/**
 * The scenarios: what clients of an MCP gateway ask for, as data.
 *
 * Paths and shapes are those of the gateway that the payloads of bench/ follow. Deliberately absent: how the requests are
 * sent (closed-loop.ts, open-loop.ts, sequences.ts) and for how long (profiles.ts).
 */
import { unknownName } from '../user-error.ts';
import type { HttpRequest, HttpScenario } from '../model/http.ts';
import type { Profile } from '../model/bench-module.ts';

/** Items of the database behind scenarios that do not depend on its size: an ordinary gateway. */
const ordinaryItems = 100;

const listTools: HttpRequest = { method: 'GET', path: '/tools', weight: 1 };
const listPage: HttpRequest = { method: 'GET', path: '/tools?include_pagination=true&limit=50', weight: 1 };
const callTool: HttpRequest = { method: 'POST', path: '/rpc', callsTool: true, weight: 1 };
const listByRpc: HttpRequest = {
  method: 'POST',
  path: '/rpc',
  body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
  weight: 1,
};
const exportAll: HttpRequest = { method: 'GET', path: '/export', weight: 1 };

/** Every scenario in the order of reports. Nothing is read or computed: the list is the same on every machine. */
export const httpScenarios: readonly HttpScenario[] = [
  listOf(10, 'standard'),
  { ...listOf(100, 'quick'), sweep: true },
  listOf(1000, 'quick'),
  listOf(5000, 'standard'),
  scenario({
    id: 'tools-page',
    title: 'a page of 50 tools',
    where: 'paged lists of an admin page',
    items: 1000,
    requests: [listPage],
    tier: 'standard',
  }),
  scenario({
    id: 'rpc-tool-call',
    title: 'one small call of a tool',
    where: 'more than a thousand small responses a second',
    requests: [callTool],
    writes: true,
    sweep: true,
    tier: 'quick',
  }),
  scenario({
    id: 'rpc-tools-list',
    title: 'tools/list over JSON-RPC',
    where: "every MCP client's first call",
    items: 1000,
    requests: [listByRpc],
    tier: 'standard',
  }),
  scenario({
    id: 'export',
    title: 'export of everything',
    where: 'backups and moves',
    items: 1000,
    requests: [exportAll],
    volatile: ['/exported_at'],
    tier: 'standard',
  }),
  scenario({
    id: 'events',
    title: 'from a write to its event',
    where: 'server-sent events on changes',
    requests: [],
    client: 'events',
    writes: true,
    volatile: ['/timestamp'],
    tier: 'standard',
  }),
  scenario({
    id: 'federation-sync',
    title: 'a list taken over by another gateway',
    where: 'federation: one gateway writes the list, another one parses it',
    items: 1000,
    requests: [listTools],
    client: 'sync',
    tier: 'standard',
  }),
  scenario({
    id: 'mix',
    title: 'calls, pages and lists together',
    where: 'a working day: mostly calls, some lists, now and then an export',
    items: 100,
    // Arbitrary weights: another mix is another list here, and nothing else depends on them.
    requests: [
      { ...callTool, weight: 70 },
      { ...listByRpc, weight: 10 },
      { ...listPage, weight: 15 },
      { ...listTools, weight: 4 },
      { ...exportAll, weight: 1 },
    ],
    volatile: ['/exported_at'],
    writes: true,
    tier: 'standard',
  }),
];

/**
 * Scenarios by their ids, in the order of reports.
 * @param ids any order; an empty list gives an empty list.
 * @throws {UserError} for an id that no scenario has.
 */
export function findScenarios(ids: readonly string[]): HttpScenario[] {
  const choices = httpScenarios.map(({ id }) => id);
  for (const name of ids) if (!choices.includes(name)) throw unknownName({ what: 'scenario', name, choices });
  return httpScenarios.filter(({ id }) => ids.includes(id));
}

function listOf(items: number, tier: Profile): HttpScenario {
  return scenario({
    id: `tools-${items}`,
    title: `${items.toLocaleString('en')} tools`,
    where: 'the list of all tools',
    items,
    requests: [listTools],
    tier,
  });
}

type ScenarioParts = Pick<HttpScenario, 'id' | 'title' | 'where' | 'requests' | 'tier'> & Partial<HttpScenario>;

function scenario(parts: ScenarioParts): HttpScenario {
  return { items: ordinaryItems, client: 'load', writes: false, volatile: [], sweep: false, ...parts };
}
