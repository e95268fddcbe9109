/**
 * What somebody typed and saw: a step of the tutorial, as it was recorded.
 */

export interface TranscriptStep {
  /** Steps of one chapter share a directory and follow each other. */
  readonly chapter: string;
  /** As it was typed in a shell; several lines make a file. */
  readonly command: string;
  /** stdout and stderr in the order in which they came, without lines that a terminal overwrites. */
  readonly output: string;
  readonly exitCode: number;
  readonly seconds: number;
}
