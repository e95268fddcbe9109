/**
 * Makes property tests repeatable: the same cases in every run, and more or other ones on demand.
 *
 * `FAST_CHECK_SEED` chooses other cases and `FAST_CHECK_RUNS` more of them where a test does not set its own number.
 */
import { configureGlobal } from 'fast-check';

const { FAST_CHECK_SEED = '1', FAST_CHECK_RUNS } = process.env;

configureGlobal({
  seed: Number(FAST_CHECK_SEED),
  ...(FAST_CHECK_RUNS === undefined ? {} : { numRuns: Number(FAST_CHECK_RUNS) }),
});
