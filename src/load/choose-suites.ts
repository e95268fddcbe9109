/**
 * From options to what is measured over HTTP: which suites, servers and scenarios.
 */
import { findScenarios, scenariosOf } from './scenarios.ts';
import { isWithin } from '../registry/tiers.ts';
import type { Profile, Registered } from '../model/bench-module.ts';
import type { HttpContender, HttpScenario, HttpSuite } from '../model/http.ts';
import type { HttpJournalHeader } from '../store/http-journal.ts';
import { unknownName, UserError } from '../user-error.ts';

/** What the options say about it. */
export interface HttpSelection {
  readonly suite?: readonly string[];
  /** The reference first; only suites that compare nothing but serializers can take them. */
  readonly serializer?: readonly string[];
  readonly scenario?: readonly string[];
  /** A server that runs already, in place of all that would be started. */
  readonly site?: HttpContender;
  /** True where it is the endpoint of an MCP server, which answers JSON-RPC and nothing else. */
  readonly mcp?: boolean;
}

type ChosenSuite = HttpJournalHeader['suites'][number];

/** @throws {UserError} for unknown names, and where nothing is left to be measured. */
export function chooseHttpSuites(request: {
  profile: Profile;
  selection: HttpSelection;
  suites: readonly Registered<HttpSuite>[];
  /** All that there are, in the order of reports. */
  scenarios: readonly HttpScenario[];
}): Pick<HttpJournalHeader, 'suites' | 'scenarios'> {
  const { profile, selection, suites } = request;
  const scenarios =
    selection.mcp === true
      ? scenariosOfMcp(request.scenarios, selection.scenario)
      : selection.scenario === undefined
        ? scenariosOf(request.scenarios, profile)
        : findScenarios(request.scenarios, selection.scenario);
  const chosen = selection.site === undefined ? chooseSuites(request) : [siteSuite(selection.site, suites)];
  const measured = chosen.flatMap((suite): ChosenSuite[] => {
    const own = scenarios
      .filter(({ id, isNamed }) => suite.scenarios?.includes(id) ?? isNamed !== true)
      .map(({ id }) => id);
    return own.length === 0 ? [] : [describe(withSerializers(suite, selection.serializer), own)];
  });
  if (measured.length === 0)
    throw new UserError('there is nothing to measure: the suites have none of these scenarios', {
      hint: 'leave out --suite or --scenario',
    });
  return { suites: measured, scenarios: usedScenarios(scenarios, measured) };
}

/** There are few that an MCP server can answer, so that every profile has them all. */
function scenariosOfMcp(scenarios: readonly HttpScenario[], ids: readonly string[] | undefined): HttpScenario[] {
  const fitting = scenarios.filter(
    ({ client, isNamed, requests }) =>
      client === 'load' && isNamed !== true && requests.every(({ path }) => path === '/rpc'),
  );
  return ids === undefined ? fitting : findScenarios(fitting, ids);
}

function chooseSuites({
  profile,
  selection,
  suites,
}: {
  profile: Profile;
  selection: HttpSelection;
  suites: readonly Registered<HttpSuite>[];
}): Registered<HttpSuite>[] {
  const { suite: names, serializer } = selection;
  const choices = suites.map(({ id }) => id);
  for (const name of names ?? []) if (!choices.includes(name)) throw unknownName({ what: 'suite', name, choices });
  const named = suites.filter(({ id, tier }) => names?.includes(id) ?? isWithin(tier, profile));
  if (serializer === undefined) return named;
  const fitting = named.filter(comparesSerializers);
  if (fitting.length === 0)
    throw new UserError('--serializer goes with a suite that compares serializers', {
      hint: `leave out --suite, or name ${suites
        .filter(comparesSerializers)
        .map(({ id }) => id)
        .join(', ')}`,
    });
  return fitting;
}

/**
 * Whether its servers differ in the serializer and in nothing else, so that other serializers can take their places.
 */
function comparesSerializers({ contenders }: HttpSuite): boolean {
  return contenders.every(({ settings }) => settings !== undefined && Object.keys(settings).join() === 'serializer');
}

function withSerializers(
  suite: Registered<HttpSuite>,
  serializers: readonly string[] | undefined,
): Registered<HttpSuite> {
  const [reference] = serializers ?? [];
  if (serializers === undefined || reference === undefined) return suite;
  return {
    ...suite,
    reference,
    contenders: serializers.map((serializer) => ({ id: serializer, title: serializer, settings: { serializer } })),
  };
}

/** Its position and whether it sweeps are those of the first suite, which asks the same of a server. */
function siteSuite(site: HttpContender, [first]: readonly Registered<HttpSuite>[]): Registered<HttpSuite> {
  return {
    id: 'site',
    url: first?.url ?? '',
    title: 'A gateway that runs already',
    question: 'What does this gateway answer, and how fast?',
    order: 0,
    tier: 'quick',
    reference: site.id,
    contenders: [site],
    sweeps: true,
  };
}

function describe(
  { id, title, question, reference, contenders, sweeps }: Registered<HttpSuite>,
  scenarios: readonly string[],
): ChosenSuite {
  return { id, title, question, reference, contenders, scenarios, ...(sweeps === undefined ? {} : { sweeps }) };
}

function usedScenarios(scenarios: readonly HttpScenario[], suites: readonly ChosenSuite[]): HttpScenario[] {
  const used = new Set(suites.flatMap((suite) => suite.scenarios));
  return scenarios.filter(({ id }) => used.has(id));
}
