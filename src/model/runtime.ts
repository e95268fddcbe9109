/**
 * The vocabulary of runtimes: what a user asks for, what was found for it, and why nothing was.
 */

/** A program that runs JavaScript modules and has packages of that name. */
export type RuntimeName = 'node' | 'bun' | 'deno';

/** A runtime by name and range, as in `node@22`. */
export interface RuntimeRequest {
  readonly name: RuntimeName;
  /** One to three numbers of a version, `latest`, or `current` for the running one. */
  readonly range: string;
}

/** A runtime that is on this machine and runs workers. */
export interface Runtime {
  readonly name: RuntimeName;
  /** As the program itself says, e.g. `22.18.0`. */
  readonly version: string;
  /** Version of V8 as the program says; absent where the engine is another one. */
  readonly v8?: string;
  readonly execPath: string;
  /** What comes before the path of a worker's module. */
  readonly arguments: readonly string[];
}

/** A runtime that cannot be had: a row of a report like any other, with its reason. */
export interface UnavailableRuntime extends RuntimeRequest {
  /** One line that completes `node@3 is not available: `. */
  readonly reason: string;
}
