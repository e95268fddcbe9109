/**
 * What SQLite says went wrong, in words for whoever runs the gateway.
 *
 * Source: sqlite.org/rescode.html.
 */
import { UniqueViolation } from '../database.ts';
import { StoreUnavailableError } from '../store.ts';

/** Primary result codes of SQLite. */
const codes = {
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notDatabase: 26,
} as const;

const explanations: Readonly<Record<number, { readonly why: string; readonly hint: string }>> = {
  [codes.perm]: { why: 'the file may not be used', hint: 'see who may read and write the file' },
  [codes.busy]: { why: 'another process keeps it locked', hint: 'try again, or end the other process' },
  [codes.locked]: { why: 'another process keeps it locked', hint: 'try again, or end the other process' },
  [codes.readOnly]: { why: 'it can only be read', hint: 'see who may write the file and its directory' },
  [codes.ioError]: { why: 'the disk fails', hint: 'see whether the disk is full, over quota or broken' },
  [codes.corrupt]: { why: 'the file is damaged', hint: 'put a copy in its place, or name another file' },
  [codes.full]: { why: 'the disk is full', hint: 'make room on the disk, or name a file on another one' },
  [codes.cannotOpen]: {
    why: 'there is no such file and none can be made there',
    hint: 'see that the directory exists and may be written',
  },
  [codes.protocol]: { why: 'other processes keep it locked', hint: 'try again, or end the other processes' },
  [codes.notDatabase]: { why: 'the file is no SQLite database', hint: 'name another file; this one was left as it is' },
};

/** The extended code of a broken unique index. */
const uniqueViolation = 2_067;

/** What is to be expected of disks and files becomes a StoreUnavailableError, everything else stays what it is. */
export function explainError(error: unknown, path: string): unknown {
  if (error instanceof Error && (error as { errcode?: unknown }).errcode === uniqueViolation)
    return new UniqueViolation(error);
  const code = primaryCodeOf(error);
  const explanation = code === undefined ? undefined : explanations[code];
  if (explanation === undefined) return error;
  const detail = (error as Error).message;
  return new StoreUnavailableError(`cannot use the database ${JSON.stringify(path)}: ${explanation.why} (${detail})`, {
    hint: explanation.hint,
    cause: error,
  });
}

export function isBusy(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === codes.busy || code === codes.locked;
}

function primaryCodeOf(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The other bits tell more than a user can do something about.
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}
