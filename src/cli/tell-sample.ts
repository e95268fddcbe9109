/**
 * What a user has to know of the document that is measured for them: what changed when it was read, and what to ask.
 */
import type { Sample } from '../model/sample.ts';
import { tellSuggestedTypes } from '../report/parts/suggested-types.ts';
import type { Io } from './command.ts';
import { tell } from './progress.ts';

export function tellSample({ payload, notes, suggestedTypes }: Sample, io: Io): void {
  const suggestion = tellSuggestedTypes(suggestedTypes);
  const lines = [...notes, ...(suggestion === undefined ? [] : [`${payload.where} ${suggestion}`])];
  for (const line of lines) tell(io, line);
}
