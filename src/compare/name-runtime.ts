/**
 * What a run's contenders ran under, in two words.
 */
import type { Environment } from '../model/environment.ts';

/** `node 26.10.0`, `bun 1.3.2`: of the processes that measured, whichever ran wirebench itself. */
export function nameRuntime({ node, runtime }: Pick<Environment, 'node' | 'runtime'>): string {
  return runtime === undefined ? `node ${node}` : `${runtime.name} ${runtime.version}`;
}

/** The version of their V8; `undefined` where the engine is another one. */
export function engineOf({ v8, runtime }: Pick<Environment, 'v8' | 'runtime'>): string | undefined {
  return runtime === undefined ? v8 : runtime.v8;
}
