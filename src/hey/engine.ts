/**
 * What an engine is: a way of sending the requests, one file under engines/, found by listing that directory.
 */
import type { EngineFigures } from './figures.ts';
import type { HeyPlan } from './plan.ts';
import type { HeySettings } from './settings.ts';

/** What an engine is run with. */
export interface EngineRun {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted where the user ends the load; what was measured until then is given. */
  readonly signal: AbortSignal;
  /** Told now and then how many requests are done, answered or not. */
  readonly onProgress: (done: number) => void;
}

export interface Engine {
  /** What it is, for reports. */
  readonly title: string;
  /** What a reader of its figures has to know; sentences without a full stop. */
  readonly limits: readonly string[];
  /** @throws {UserError} for what it cannot do. */
  readonly check: (settings: HeySettings) => void;
  /** What it is told in its arguments, which everybody on this machine can read; empty where nothing is. */
  readonly commandLine: (plan: Omit<HeyPlan, 'sides'>, target: HeySettings['asked'], payload: string) => readonly string[];
  /** @throws {UserError} where it cannot run. */
  readonly run: (plan: HeyPlan, run: EngineRun) => Promise<EngineFigures>;
}
