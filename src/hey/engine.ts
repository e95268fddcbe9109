/**
 * What an engine is: a way of sending the requests, one file under engines/, found by listing that directory.
 */
import type { EngineFigures } from './figures.ts';
import type { Header, HeyPlan, LoadShape, Method } from './plan.ts';
import type { HeySettings } from './settings.ts';

/** What an engine is run with. */
export interface EngineRun {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted where the user ends the load; what was measured until then is given. */
  readonly signal: AbortSignal;
  /** Told now and then how many requests are done, answered or not. */
  readonly onProgress: (done: number) => void;
}

/** What goes into the command line of a program that makes the load; shown or sent, as the caller has it. */
export interface CommandParts {
  readonly shape: LoadShape;
  readonly url: string;
  readonly method: Method;
  readonly headers: readonly Header[];
  readonly payloadFile: string | undefined;
}

export interface Engine {
  /** What it is, for reports. */
  readonly title: string;
  /** What a reader of its figures has to know; sentences without a full stop. */
  readonly limits: readonly string[];
  /**
   * The command line of a program of others, program first, where the engine is one: everybody on this machine can read
   * it while it runs, headers too.
   */
  readonly commandLine?: (parts: CommandParts) => readonly string[];
  /** @throws {UserError} for what it cannot do. */
  readonly check: (settings: HeySettings) => void;
  /** @throws {UserError} where it cannot run. */
  readonly run: (plan: HeyPlan, run: EngineRun) => Promise<EngineFigures>;
}
