/**
 * A contender over HTTP as a session sees it: a server that is started for each round of a scenario, or one that the
 * user runs.
 */
import type { ServerAddress } from '../client/http-client.ts';
import type { ServerCommand } from './server.ts';

export interface HttpTarget {
  /** The contender's. */
  readonly id: string;
  /** What is started for a scenario; `undefined` for a server that runs already. */
  readonly command?: (request: CommandRequest) => ServerCommand | Promise<ServerCommand>;
  /** A server that stands behind it; it is started first, beside it, and told to the one in front by `introduce`. */
  readonly behind?: (request: CommandRequest) => ServerCommand;
  /** @throws {LoadFailure} where the server in front does not take it. */
  readonly introduce?: (front: ServerAddress, behindUrl: string) => Promise<void>;
  /** The server that runs already, as openSite gives it. */
  readonly site?: ServerAddress;
  /** Sent with every request, lower-case names, e.g. `accept-encoding`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True where the server closes each connection after its answer. */
  readonly closesConnections?: true;
}

export interface CommandRequest {
  /** Entities of each kind that the server has to hold. */
  readonly items: number;
  /** The session's own, gone when it ends; servers share it. */
  readonly directory: string;
  /** This server's alone, gone when it ends. */
  readonly ownDirectory: string;
  readonly signal: AbortSignal;
}
