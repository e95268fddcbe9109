/**
 * The garbage collector, called between blocks so that no block pays for another one.
 */

export interface Collector {
  /** Collects everything. */
  readonly all: () => void;
  /** Empties the young generation; does nothing in Bun, whose collector has no such command. */
  readonly young: () => void;
}

/** @throws {Error} in a process without `--expose-gc`. */
export function findCollector(): Collector {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('a worker needs --expose-gc');
  return {
    all() {
      gc();
    },
    young() {
      if (process.versions['bun'] === undefined) gc({ type: 'minor' });
    },
  };
}
