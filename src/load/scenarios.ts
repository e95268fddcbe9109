/**
 * Picks scenarios out of those that bench/scenarios has, in the order of reports.
 */
import type { Profile } from '../model/bench-module.ts';
import type { HttpScenario } from '../model/http.ts';
import { isWithin } from '../registry/tiers.ts';
import { unknownName } from '../user-error.ts';

/**
 * @param ids in any order; an empty list gives an empty list.
 * @throws {UserError} for an id that no scenario has.
 */
export function findScenarios(scenarios: readonly HttpScenario[], ids: readonly string[]): HttpScenario[] {
  const choices = scenarios.map(({ id }) => id);
  for (const name of ids) if (!choices.includes(name)) throw unknownName({ what: 'scenario', name, choices });
  return scenarios.filter(({ id }) => ids.includes(id));
}

/** The scenarios of a profile. */
export function scenariosOf(scenarios: readonly HttpScenario[], profile: Profile): HttpScenario[] {
  return scenarios.filter(({ tier }) => isWithin(tier, profile));
}
