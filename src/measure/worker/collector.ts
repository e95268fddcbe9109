/**
 * The garbage collector, called between blocks so that no block pays for another one.
 *
 * @returns a function that collects everything. @throws {Error} in a process without `--expose-gc`.
 */
export function findCollector(): () => void {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('a worker needs --expose-gc');
  return () => {
    gc();
  };
}
