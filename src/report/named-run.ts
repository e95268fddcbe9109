/**
 * A run with the name that tells it from others in the same report.
 */
import type { Run } from '../model/run.ts';

export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}
