/**
 * A line by which a job tells GitHub to show an annotation, escaped as GitHub's documentation of workflow commands has
 * it.
 */
import { showLines, showText } from '../foreign-text.ts';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** @returns one line without its end; the message may have several, which GitHub shows as such. */
export function workflowCommand(
  level: AnnotationLevel,
  { title, message }: { readonly title: string; readonly message: string },
): string {
  return `::${level} title=${escapeProperty(showText(title))}::${escapeData(showLines(message))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property a colon would end the properties and a comma this one. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
