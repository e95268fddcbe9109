/**
 * What a command is called in. Rooms below the command line get it from there and never ask the process itself.
 */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** Aborted on Ctrl-C and on SIGTERM. */
  readonly signal: AbortSignal;
}
