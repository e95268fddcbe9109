/**
 * What a probe of a processor says.
 */

/** How long fixed pieces of work took, in processor time of whole microseconds. */
export interface Probe {
  readonly arithmeticNs: number;
  readonly memoryNs: number;
}
