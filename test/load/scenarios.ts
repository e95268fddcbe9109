/**
 * The scenarios that bench/ has, for tests that need one by its id.
 */
import { findScenarios } from '../../src/load/scenarios.ts';
import type { HttpScenario } from '../../src/model/http.ts';
import { loadRegistry } from '../../src/registry/registry.ts';

export const allScenarios: readonly HttpScenario[] = (await loadRegistry()).scenarios ?? [];

/** @throws {UserError} for an id that no scenario has. */
export function scenariosById(ids: readonly string[]): HttpScenario[] {
  return findScenarios(allScenarios, ids);
}
