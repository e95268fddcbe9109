/**
 * A process that does a fixed piece of work whenever it is asked to and tells how long it took.
 *
 * Two kinds, since neighbours on the same physical core slow them down differently: arithmetic on what the nearest
 * cache holds, and reads all over what the core's second one holds. Both are brought into the caches first, untimed, so
 * that what the process before has left behind does not count. Processor time, so that waiting for a turn is not taken
 * for a slow core; the system counts it in microseconds, of which there are a hundred or so.
 */
import { endWithParent, tellParent } from '../process/parent.ts';
import type { Probe } from './probe.ts';

/** Bytes of each array. Arbitrary: within the first and the second cache of common processors. */
const smallBytes = 16_384;
const largeBytes = 524_288;
/** Passes and reads that take a fraction of a millisecond on a processor of today. */
const passes = 12;
const reads = 60_000;
/** Calls after which the code of both kinds is optimised. */
const warmUpCalls = 200;

const small = Uint8Array.from({ length: smallBytes }, (_, index) => Math.imul(index, 2_654_435_761) >>> 24);
const large = Int32Array.from({ length: largeBytes / 4 }, (_, index) => Math.imul(index, 2_654_435_761));
let sink = 0;

/** Four chains beside each other, as much as a processor can do at once. */
function calculate(): void {
  let [a, b, c, d] = [1, 2, 3, 5];
  for (let pass = 0; pass < passes; pass += 1) {
    for (let index = 0; index + 3 < smallBytes; index += 4) {
      a = (Math.imul(a, 31) + (small[index] as number)) | 0;
      b = b ^ ((small[index + 1] as number) << (index & 7));
      c = (c + ((small[index + 2] as number) > 100 ? 3 : 7)) | 0;
      d = Math.imul(d, 17) ^ (small[index + 3] as number);
    }
  }
  sink ^= a ^ b ^ c ^ d;
}

/** Places in the order of a linear congruential generator, so that no prefetcher knows the next one. */
function readAround(): void {
  const mask = large.length - 1;
  let place = 12_345;
  let sum = 0;
  for (let read = 0; read < reads; read += 1) {
    place = (Math.imul(place, 1_664_525) + 1_013_904_223) & mask;
    sum = (sum + (large[place] as number)) | 0;
  }
  sink ^= sum;
}

/** All of it, one cache line after the other. */
function bringIn(): void {
  let sum = 0;
  for (let index = 0; index < large.length; index += 16) sum = (sum + (large[index] as number)) | 0;
  sink ^= sum;
}

function clock(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system) * 1000;
}

function probe(): Probe {
  calculate();
  const arithmeticNs = clock(calculate);
  bringIn();
  return { arithmeticNs, memoryNs: clock(readAround) };
}

endWithParent();
for (let call = 0; call < warmUpCalls; call += 1) {
  calculate();
  bringIn();
  readAround();
}
process.on('message', () => {
  tellParent({ type: 'probe', ...probe() });
});
tellParent({ type: 'probe', ...probe() });
