/**
 * How often a watched server's event loop is looked at, which is also the shortest lateness that such looks can
 * measure.
 *
 * Alone in its file, since the watch is loaded into the server's process and should bring nothing else along.
 */

/** Milliseconds between two looks; the `resolution` of Node's `monitorEventLoopDelay`. */
export const loopDelayResolutionMs = 10;
