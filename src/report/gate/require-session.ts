/**
 * The session behind a document, for formats that are made of its cells.
 */
import type { GateSession } from '../../model/gate.ts';
import { UserError } from '../../user-error.ts';

/**
 * @param format its name, for the message.
 * @throws {UserError} where the document is not about a gate session.
 */
export function requireSession(session: GateSession | undefined, format: string): GateSession {
  if (session !== undefined) return session;
  throw new UserError(
    `cannot write this as ${format}: that format lists the cells of a gate session, and this report is about something else`,
    { hint: 'choose another --format' },
  );
}
