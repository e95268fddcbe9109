/**
 * What ends a measurement of one server without being a bug: it did not start, died, hung or answered nonsense.
 *
 * Such a failure becomes the reason of an outcome and ends nothing else. What the user did wrong is a UserError.
 */

/** Its message completes `failed: `, one line without a full stop. */
export class LoadFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'LoadFailure';
  }
}

/** The code of a system error, else its message; `unknown` for what is no error. */
export function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message.slice(0, 80);
}

/** Failed requests in words, the most frequent kind first, e.g. `12 x HTTP 500, 3 x ECONNRESET`. */
export function describeFailures(failures: Readonly<Record<string, number>>): string {
  return Object.entries(failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} x ${kind}`)
    .join(', ');
}
