/**
 * The order in which a loop sends the requests of a scenario.
 */
import { createShuffle } from '../../measure/shuffle.ts';
import type { HttpRequest } from '../../model/http.ts';

/**
 * Each request as often as its weight says, in an order that is random and always the same.
 * @returns weights reduced by what they have in common, so one entry for a single request.
 */
export function spreadByWeight(requests: readonly HttpRequest[]): HttpRequest[] {
  const divisor = requests.map(({ weight }) => weight).reduce(greatestCommonDivisor, 0);
  const repeated = requests.flatMap((request) => Array.from({ length: request.weight / divisor }, () => request));
  return createShuffle(1, 0)(repeated);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
