/**
 * Finds what bench/ contributes by listing its directories: the file's name is the id.
 *
 * A contender, a payload or a suite is added by adding its file and nowhere else. Contenders import their libraries
 * inside `load`, so listing them costs nothing and a library that does not install takes only its own rows with it.
 * A project's own modules are added in catalog.ts.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Registered } from '../model/bench-module.ts';
import type { Contender, PythonContender } from '../model/contender.ts';
import type { Payload } from '../model/payload.ts';
import type { Suite } from '../model/suite.ts';
import type { ClaimSet } from '../model/claims.ts';
import type { HttpScenario, HttpSuite, ScenarioModule } from '../model/http.ts';
import type { KnownMetric, MetricDefinition } from '../model/metric-definition.ts';
import type { UserClass } from '../model/users.ts';
import { importModules, listModules, type ListedModule } from '../own-files.ts';
import { completeContender, completeScenario } from './defaults.ts';

/** Everything that a plan can be made of; each list sorted by id, suites by `order`. */
export interface Registry {
  readonly contenders: readonly Registered<Contender>[];
  readonly payloads: readonly Registered<Payload>[];
  readonly suites: readonly Registered<Suite>[];
  /** What is read from what was measured, by `order`. */
  readonly metrics: readonly KnownMetric[];
  /** What others state about contenders; absent where a bench/ directory has none. */
  readonly claims?: readonly Registered<ClaimSet>[];
  /** What clients ask a gateway for, in the order of reports; absent where a bench/ directory has none. */
  readonly scenarios?: readonly HttpScenario[];
  /** What is measured over HTTP, by `order`; absent where a bench/ directory has none. */
  readonly http?: readonly Registered<HttpSuite>[];
  /** Kinds of users that make a load, by `order`; absent where a bench/ directory has none. */
  readonly users?: readonly Registered<UserClass>[];
}

/** The project's own bench/ directory, as a URL that ends in a slash. */
export const benchRoot: URL = new URL('../../bench/', import.meta.url);

/**
 * Imports every module under `contenders/`, `payloads/` and `suites/`, and under `claims/`, `scenarios/`, `http/` and
 * `users/` where there are such. Metrics are the built-in ones, and those under `metrics/`.
 * @param root directory URL ending in a slash; tests pass one of their own.
 * @throws {Error} where a module has no default export or does not load.
 */
export async function loadRegistry(root: URL = benchRoot): Promise<Registry> {
  const [contenders, payloads, suites, metrics, claims, scenarios, http, users] = await Promise.all([
    loadContenders(root),
    loadModules<Payload>(new URL('payloads/', root)),
    loadModules<Suite>(new URL('suites/', root)),
    loadMetrics(root),
    loadModulesIfAny<ClaimSet>(new URL('claims/', root)),
    loadModulesIfAny<ScenarioModule>(new URL('scenarios/', root)),
    loadModulesIfAny<HttpSuite>(new URL('http/', root)),
    loadModulesIfAny<UserClass>(new URL('users/', root)),
  ]);
  return {
    contenders,
    payloads,
    suites: inOrder(suites),
    metrics,
    ...(claims === undefined ? {} : { claims }),
    ...(scenarios === undefined ? {} : { scenarios: inOrder(scenarios).map(completeScenario) }),
    ...(http === undefined ? {} : { http: inOrder(http) }),
    ...(users === undefined ? {} : { users: inOrder(users) }),
  };
}

/** The built-in metrics, and those of another bench/ directory where it has some. */
export async function loadMetrics(root: URL = benchRoot): Promise<KnownMetric[]> {
  const directories = [...new Set([benchRoot.href, root.href])].map((href) => new URL('metrics/', href));
  const modules = await Promise.all(directories.map((directory) => loadModulesIfAny<MetricDefinition>(directory)));
  return inOrder(
    modules.flatMap((found) => found ?? []).map(({ id: name, url: _url, ...metric }) => ({ name, ...metric })),
  );
}

function inOrder<T extends { readonly order: number }>(modules: readonly T[]): T[] {
  return modules.toSorted((a, b) => a.order - b.order);
}

/** The payloads and suites of another bench/ directory. @throws what a module throws that does not load. */
export async function loadHarness(root: URL): Promise<Pick<Registry, 'payloads' | 'suites'>> {
  const [payloads, suites] = await Promise.all([
    loadModules<Payload>(new URL('payloads/', root)),
    loadModules<Suite>(new URL('suites/', root)),
  ]);
  return { payloads, suites: inOrder(suites) };
}

/** The contenders of another bench/ directory. @throws what a module throws that does not load. */
export async function loadContenders(root: URL): Promise<Registered<Contender>[]> {
  const modules = await loadModules<Contender | PythonContender>(new URL('contenders/', root));
  return modules.map((module) => ({ ...module, ...completeContender(module) }));
}

/** Regressions to test the gate with; listed only, since it is a worker that imports one. */
export function listMutants(): ListedModule[] {
  return listModules(new URL('mutants/', benchRoot));
}

async function loadModulesIfAny<T extends object>(directory: URL): Promise<Registered<T>[] | undefined> {
  return existsSync(fileURLToPath(directory)) ? loadModules<T>(directory) : undefined;
}

async function loadModules<T extends object>(directory: URL): Promise<Registered<T>[]> {
  const modules = await importModules<T>(directory);
  return modules.map(({ id, url, content }) => ({ ...content, id, url }));
}
