/**
 * How far a share that was counted may lie from the true one.
 */
import jStat from 'jstat';

/** Bounds on a probability, in [0, 1]. */
export interface ProportionInterval {
  readonly lo: number;
  readonly hi: number;
  readonly confidence: number;
}

/**
 * Clopper and Pearson's exact interval: covers at least as often as it says, also for 0 of n and n of n.
 * @param request.count of the event, an integer in [0, trials].
 * @param request.trials independent, an integer >= 1.
 * @param request.confidence in (0, 1); 0.95 unless given.
 * @throws {RangeError} outside these ranges.
 * @see https://doi.org/10.1093/biomet/26.4.404
 */
export function proportionInterval(request: {
  count: number;
  trials: number;
  confidence?: number;
}): ProportionInterval {
  const { count, trials, confidence = 0.95 } = request;
  if (!Number.isInteger(trials) || trials < 1) throw new RangeError(`trials must be an integer from 1, not ${trials}`);
  if (!Number.isInteger(count) || count < 0 || count > trials)
    throw new RangeError(`a count of ${trials} trials must lie within them, not ${count}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must lie between 0 and 1, not ${confidence}`);
  const tail = (1 - confidence) / 2;
  return {
    lo: count === 0 ? 0 : jStat.beta.inv(tail, count, trials - count + 1),
    hi: count === trials ? 1 : jStat.beta.inv(1 - tail, count + 1, trials - count),
    confidence,
  };
}
