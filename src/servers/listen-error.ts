/**
 * Why a port cannot be listened on, in words, with what to do about it: the same for every server that is started here.
 */
import { UserError } from '../user-error.ts';

/** What a person may try where a port is the trouble, by `code` of the error; imperatives without a full stop. */
export interface PortHints {
  readonly EADDRINUSE: string;
  readonly EACCES: string;
  /** Too many files are open; absent where one server alone is started. */
  readonly EMFILE?: string;
  /** For everything else, e.g. `choose another --host or --port`. */
  readonly otherwise: string;
}

/** @returns an error for people; `cause` itself where it is none of the system's. */
export function explainListenError(
  cause: unknown,
  { host, port, hints }: { host: string; port: number; hints: PortHints },
): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === undefined) return cause;
  const reasons: Readonly<Record<string, readonly [string, string | undefined]>> = {
    EADDRINUSE: ['the port is taken', hints.EADDRINUSE],
    EACCES: ['the port is not for everybody', hints.EACCES],
    EADDRNOTAVAIL: ['this machine has no such address', 'choose another with --host'],
    ENOTFOUND: ['there is no such host', 'choose another with --host'],
    EMFILE: ['too many files are open', hints.EMFILE],
  };
  const [reason, hint = hints.otherwise] = reasons[code] ?? [message];
  return new UserError(`cannot listen on "${host}" port ${port}: ${reason}`, { hint, cause });
}
