/**
 * The first derivatives of ln gamma, which the moments of the logarithm of a sample variance are made of.
 *
 * Each is stepped up to where its asymptotic series is exact to the last digits of a double. `jstat` has none of them.
 */

/** From here on five terms of the series leave an error below 1e-15. */
const seriesStart = 15;

/**
 * The derivative of ln gamma.
 * @param x > 0. @throws {RangeError} for anything else.
 * @see https://dlmf.nist.gov/5.11.E2 (the series), https://dlmf.nist.gov/5.5.E2 (the step)
 */
export function digamma(x: number): number {
  requirePositive(x);
  let sum = 0;
  let at = x;
  for (; at < seriesStart; at++) sum -= 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return sum + Math.log(at) - 1 / (2 * at) - series;
}

/**
 * The second derivative of ln gamma: positive, falling from infinity at 0 to 0 at infinity.
 * @param x > 0. @throws {RangeError} for anything else.
 * @see https://dlmf.nist.gov/5.15.E8 (the series), https://dlmf.nist.gov/5.15.E5 (the step)
 */
export function trigamma(x: number): number {
  requirePositive(x);
  let sum = 0;
  let at = x;
  for (; at < seriesStart; at++) sum += 1 / (at * at);
  const square = 1 / (at * at);
  const series = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (square * 5) / 66))));
  return sum + 1 / at + square / 2 + series / at;
}

/** The third derivative of ln gamma, for the steps of `inverseTrigamma`; negative. */
function tetragamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < seriesStart; at++) sum -= 2 / at ** 3;
  const square = 1 / (at * at);
  const series = square * (1 / 2 - square * (1 / 6 - square * (1 / 6 - square * (3 / 10 - (square * 5) / 6))));
  return sum - square - square / at - square * series;
}

/** Newton's steps from Smyth's start: a handful are needed, and none of them overshoots. */
const mostSteps = 50;

/**
 * The x at which trigamma is `y`, to nearly all digits of a double.
 * @param y > 0, finite. @throws {RangeError} for anything else.
 * @see Smyth (2004), appendix: https://doi.org/10.2202/1544-6115.1027
 */
export function inverseTrigamma(y: number): number {
  requirePositive(y);
  // Beyond these the first term alone is exact, and Newton's steps would only add rounding.
  if (y > 1e7) return 1 / Math.sqrt(y);
  if (y < 1e-6) return 1 / y;
  let x = 0.5 + 1 / y;
  for (let step = 0; step < mostSteps; step++) {
    const value = trigamma(x);
    const change = (value * (1 - value / y)) / tetragamma(x);
    x += change;
    if (Math.abs(change) < 1e-12 * x) break;
  }
  return x;
}

function requirePositive(x: number): void {
  if (!(x > 0 && Number.isFinite(x)))
    throw new RangeError(`derivatives of ln gamma need a positive finite number, not ${x}`);
}
