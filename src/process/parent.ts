/**
 * The child's side of a channel: what a process of this program does that another one has started.
 *
 * Runs under other runtimes too, so it uses nothing but what every one of them has.
 */

/** The job that the parent has given as the only argument. What is imported later does not find it there any more. */
export function takeJob(): unknown {
  const job = process.argv[2];
  process.argv.length = 2;
  return job === undefined ? undefined : JSON.parse(job);
}

/** Without its parent a process has nobody to report to, whichever way the parent went. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit());
}

/**
 * Sends a message to the parent.
 * @param whenSent called when it has left this process; it is lost where the parent is gone.
 */
export function tellParent(message: object, whenSent: () => void = () => {}): void {
  process.send?.(message, whenSent);
}
