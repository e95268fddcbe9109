/**
 * What a session over HTTP has measured so far, and which loads are therefore left of a step.
 */
import type { HttpCellId, HttpLoad, HttpOutcome, HttpScenario } from '../model/http.ts';
import { loadKey } from './outcome.ts';
import { hasOpenLoop, loadsOf, type PlannedHttpSuite } from './plan.ts';
import type { HttpProfile } from './profiles.ts';
import type { HttpTarget } from './servers/target.ts';

/** A scenario in a suite: its targets are measured beside each other and held against each other. */
export interface SuiteScenario {
  readonly suite: PlannedHttpSuite;
  readonly scenario: HttpScenario;
}

/** A scenario on one server. */
export interface Step extends SuiteScenario {
  readonly target: HttpTarget;
}

export class RemainingLoads {
  readonly #profile: HttpProfile;
  readonly #done = new Set<string>();
  readonly #failed = new Set<string>();
  /** Rates of open loops by suite and scenario; absent where there is none. */
  readonly #rates = new Map<string, number>();

  constructor(profile: HttpProfile, done: readonly HttpOutcome[]) {
    this.#profile = profile;
    for (const outcome of done) {
      if (outcome.isTwin === true) continue;
      this.note(outcome);
      this.#done.add(roundKey(outcome, outcome.round));
      // Another rate would be another cell.
      if (outcome.load.kind === 'open' && outcome.load.isNamed !== true)
        this.#rates.set(scenarioKey(outcome), outcome.load.requestsPerSec);
    }
  }

  /** A load that failed once is not made again: a hang costs its whole time each time. */
  note(outcome: HttpOutcome): void {
    if (outcome.status !== 'ok' && outcome.isTwin !== true) this.#failed.add(keyOf(outcome));
  }

  /** Whether the rate of an open loop is still to be found. */
  wantsRate({ suite, scenario }: SuiteScenario): boolean {
    const key = scenarioKey({ suite: suite.id, scenario: scenario.id });
    return hasOpenLoop({ suite, scenario, profile: this.#profile }) && !this.#rates.has(key);
  }

  noteRate({ suite, scenario }: SuiteScenario, requestsPerSec: number): void {
    this.#rates.set(scenarioKey({ suite: suite.id, scenario: scenario.id }), requestsPerSec);
  }

  /** All loads of a scenario, in the order in which they are made. */
  plannedOf({ suite, scenario }: SuiteScenario): HttpLoad[] {
    const requestsPerSec = this.#rates.get(scenarioKey({ suite: suite.id, scenario: scenario.id }));
    return loadsOf({ suite, scenario, profile: this.#profile, requestsPerSec });
  }

  /** What is left to be measured of a step in a round. */
  of(step: Step, round: number): HttpLoad[] {
    return this.plannedOf(step).filter((load) => {
      const id = idOf(step, load);
      return !this.#failed.has(keyOf(id)) && !this.#done.has(roundKey(id, round));
    });
  }
}

export function idOf({ suite, scenario, target }: Step, load: HttpLoad): HttpCellId {
  return { suite: suite.id, scenario: scenario.id, contender: target.id, load };
}

function keyOf({ suite, scenario, contender, load }: HttpCellId): string {
  return JSON.stringify([suite, scenario, contender, loadKey(load)]);
}

function roundKey(id: HttpCellId, round: number): string {
  return `${keyOf(id)} ${round}`;
}

function scenarioKey({ suite, scenario }: Pick<HttpCellId, 'suite' | 'scenario'>): string {
  return JSON.stringify([suite, scenario]);
}
