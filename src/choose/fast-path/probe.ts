/**
 * Asks V8 itself whether JSON.stringify takes a value on its fast path, without a clock.
 *
 * The fast path keeps its own list of what is still to be written, while the general serializer calls itself for every
 * level. Behind an array that is nested deeper than the stack allows, a value on the fast path is written, and one that
 * leaves it makes the general serializer start over and overflow in that array: before it reaches the value, so that no
 * toJSON runs and no string is copied together.
 */

/** Answers for one process; valid inside `withProbe`. */
export interface Probe {
  /** False on a runtime whose JSON.stringify has no fast path; `leaves` is then always true. */
  readonly hasFastPath: boolean;
  /** True where JSON.stringify of this value, or of one that holds it, leaves the fast path. */
  leaves(value: unknown): boolean;
}

/**
 * The general serializer looks through all levels at each level, so a probe on a full stack costs a hundred times as
 * much as one that needs so many levels; fewer would leave too little stack for the caller's own work.
 */
const mostLevels = 512;

/** Levels that the first try nests; doubled until the general serializer overflows. */
const firstLevels = 128;

/** Frames from one look at what is left of the stack to the next, at least: a fraction of what so many levels take. */
const fewestFrames = 100;

/** More frames than that are on no stack of a usual size; then the probe is dearer and still right. */
const mostFrames = 20_000;

/** Calls `work` far down on the stack with a probe that is cheap there, and gives its result. */
export function withProbe<T>(work: (probe: Probe) => T): T {
  const descend = (frames: number, look: number): T => {
    if (frames < look) return descend(frames + 1, look);
    const { levels, ...probe } = createProbe();
    if (levels <= mostLevels || frames >= mostFrames) return work(probe);
    // A level of the general serializer takes more of the stack than one of these frames, so this stops in time.
    return descend(frames + 1, frames + Math.max(fewestFrames, levels / 2 - mostLevels));
  };
  return descend(0, 0);
}

function createProbe(): Probe & { readonly levels: number } {
  const refused = new Date(0);
  let nested: unknown[] = [];
  let levels = 0;
  const leaves = (value: unknown): boolean => {
    const { stackTraceLimit } = Error;
    try {
      // A stack trace for every refusal would cost more than the refusal.
      Error.stackTraceLimit = 0;
      JSON.stringify([nested, value]);
      return false;
    } catch {
      return true;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  while (!leaves(refused)) {
    const more = Math.max(firstLevels, levels);
    for (let index = 0; index < more; index += 1) nested = [nested];
    levels += more;
  }
  return { hasFastPath: !leaves({}), leaves, levels };
}
