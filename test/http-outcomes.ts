/**
 * Outcomes of loads on made-up servers, for tests of what is made of them.
 */
import type { HttpOutcome } from '../src/model/http.ts';

/** A load that went well, without metrics. */
export function httpOutcomeOf(
  id: Pick<HttpOutcome, 'contender' | 'load' | 'round'>,
  changes: Partial<HttpOutcome> = {},
): HttpOutcome {
  return {
    suite: 'suite',
    scenario: 'tools-10',
    ...id,
    status: 'ok',
    requests: 50,
    failures: {},
    absent: {},
    warnings: [],
    ...changes,
  };
}
