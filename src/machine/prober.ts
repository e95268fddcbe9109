/**
 * Asks a process of its own for the state of the processor that it runs on.
 */
import { siblingModule } from '../own-files.ts';
import { childEnvironment } from '../process/child-environment.ts';
import { startChild } from '../process/child.ts';
import { createMessageCheck } from '../process/messages.ts';
import { scratchVariable } from '../process/scratch-directory.ts';
import type { Probe } from './probe.ts';

export interface Prober {
  /** Absent where the process did not start; then no probe comes either. */
  readonly pid: number | undefined;
  /** `undefined` where the process is gone. */
  probe(): Promise<Probe | undefined>;
  end(): Promise<void>;
}

const isProbe = createMessageCheck<{ readonly type: 'probe' } & Probe>({
  probe: {
    arithmeticNs: { type: 'number', exclusiveMinimum: 0 },
    memoryNs: { type: 'number', exclusiveMinimum: 0 },
  },
});

/**
 * Starts the process and waits until it is ready.
 * @param request.scratchDirectory the session's, by which a process that outlives it is found.
 */
export async function startProber(request: { signal: AbortSignal; scratchDirectory: string }): Promise<Prober> {
  const { signal, scratchDirectory } = request;
  const child = startChild({
    command: [process.execPath, '--no-warnings', siblingModule('probe-worker', import.meta.url)],
    env: { ...childEnvironment(process.env), [scratchVariable]: scratchDirectory },
    talksOver: 'channel',
    signal,
  });
  const next = async (): Promise<Probe | undefined> => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const stopListening = child.listen(resolve);
    const message = await Promise.race([promise, child.ended.then(() => undefined)]);
    stopListening();
    return isProbe(message) ? { arithmeticNs: message.arithmeticNs, memoryNs: message.memoryNs } : undefined;
  };
  await next();
  return {
    pid: child.pid,
    probe() {
      const probe = next();
      child.send({ type: 'probe' });
      return probe;
    },
    end: () => child.kill(),
  };
}
