/**
 * How long work tells what it does. Rooms below the command line call it; the command line shows it on stderr.
 */
export interface Progress {
  /** Says one line that stays, e.g. what happens next; without the program's name and without a line break. */
  readonly say: (line: string) => void;
  /**
   * Begins a stage; the one before, if any, has ended.
   * @param stage.title said with the expected time where it is given. @param stage.expectedMs how long all of it takes.
   @param stage.doneMs how much of that was done before.
   * @param stage.spentMs what earlier sessions of the same work took; the rest is foretold from it.
   */
  beginStage(stage: { title?: string; expectedMs: number; doneMs?: number; spentMs?: number }): void;
  /**
   * Begins a task of the stage; the task before is done.
   * @param label what is worked on. @param expectedMs how long it takes; without it, what has passed of the stage's
   *   time is done.
   */
  beginTask(label: string, expectedMs?: number): void;
  /** Ends the stage; called also where the work failed, and twice if it must. */
  end(): void;
}
