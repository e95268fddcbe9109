/**
 * A worker of this machine under a master somewhere else.
 */
import type { ServerAddress } from '../../load/client/http-client.ts';
import type { WeightedUserClass } from '../../model/users.ts';
import type { Registry } from '../../registry/registry.ts';
import { workForLocust } from '../../users/locust/worker.ts';
import type { ExitCode } from '../../user-error.ts';
import type { Io } from '../command.ts';
import { tell } from '../progress.ts';

export interface WorkerRequest {
  readonly registry: Registry;
  readonly masterHost: string;
  readonly masterPort: number;
  readonly reportPort: number;
  readonly openServer: (url: string) => ServerAddress;
  readonly timeoutMs: number;
  readonly seed: number;
}

/** @throws {UserError} where there is no master, and where it is lost. */
export async function runWorker(request: WorkerRequest, io: Io): Promise<ExitCode> {
  const { registry, ...rest } = request;
  // The master says which of them there are, and how many.
  const classes = (registry.users ?? []).map(({ name, title, wait, tasks }): WeightedUserClass => ({
    name,
    title,
    wait,
    tasks,
    weight: 1,
  }));
  await workForLocust({ ...rest, classes, signal: io.signal, say: (line) => tell(io, line) });
  return io.signal.aborted ? 130 : 0;
}
