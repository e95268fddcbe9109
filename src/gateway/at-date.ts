/**
 * Does something at a date, however far away it is, and whatever happens to the machine's clock until then.
 */

/** Milliseconds between two looks at the clock: it may be set, and a timer stands still while a machine sleeps. */
const lookEveryMs = 15_000;

/**
 * Calls `act` once: as soon as possible where the date has passed, but never before this function returns.
 * @param date milliseconds since 1970; `undefined` never comes.
 * @returns a function that cancels it.
 */
export function atDate(date: number | undefined, act: () => void): () => void {
  if (date === undefined) return () => {};
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const leftMs = Math.max(0, date - Date.now());
    timer = setTimeout(() => (Date.now() >= date ? act() : wait()), Math.min(leftMs, lookEveryMs)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
