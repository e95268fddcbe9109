/**
 * How long a test waits for what is sure to come: so long that no machine is too busy for it.
 *
 * A time limit under test is the other way round: as short as can be, and set on a process that would never answer.
 */
export const patienceMs = 240_000;
